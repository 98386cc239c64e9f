import type { Instant } from './instant.ts'
import { systemClock } from './instant.ts'

declare const noun: unique symbol

/** A UUIDv7 that remembers what it names: an `Id<'Batch'>` does not fit where an `Id<'Lot'>` is asked for. */
export type Id<Noun extends string> = string & { readonly [noun]: Noun }

/** Makes a new id; ids made later sort later (millisecond steps), so they double as a page cursor. */
export function newId<Noun extends string>(at: Instant = systemClock.now()): Id<Noun> {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  let ms = Math.floor(at / 1000)
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256
    ms = Math.floor(ms / 256)
  }
  const view = new DataView(bytes.buffer)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Noun>
}
