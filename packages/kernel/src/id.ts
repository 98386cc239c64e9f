import type { Instant } from './instant.ts'
import { systemClock } from './instant.ts'

declare const noun: unique symbol

/** A UUIDv7 that remembers what it names: an `Id<'Batch'>` does not fit where an `Id<'Lot'>` is asked for. */
export type Id<Noun extends string> = string & { readonly [noun]: Noun }

/** Random bytes are drawn for many ids at once: each draw is a call into the system. */
const drawn = new Uint8Array(4096)
let used = drawn.length

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Makes a new id; ids made later sort later (millisecond steps), so they double as a page cursor. */
export function newId<Noun extends string>(at: Instant = systemClock.now()): Id<Noun> {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn)
    used = 0
  }
  const ms = Math.floor(at / 1000)
    .toString(16)
    .padStart(12, '0')
  const random = (): number => drawn[used++] ?? 0
  const hex = (byte: number): string => hexOf[byte] ?? ''
  const version = `${hex((random() & 0x0f) | 0x70)}${hex(random())}`
  const variant = `${hex((random() & 0x3f) | 0x80)}${hex(random())}`
  const rest = `${hex(random())}${hex(random())}${hex(random())}${hex(random())}${hex(random())}${hex(random())}`
  used += 6
  return `${ms.slice(0, 8)}-${ms.slice(8)}-${version}-${variant}-${rest}` as Id<Noun>
}
