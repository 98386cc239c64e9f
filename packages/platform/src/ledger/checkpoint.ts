import type { Instant } from '@throughline/kernel'
import type { LedgerKey } from './keys.ts'
import { originOf } from './keys.ts'
import type { ClockStatus } from './leaf.ts'
import { openNote } from './note.ts'

/** What a checkpoint says. */
export interface Checkpoint {
  readonly size: number
  readonly root: Buffer
  readonly at: Instant
  readonly software: string
  readonly clock: ClockStatus
}

export function checkpointText(ledgerId: string, { size, root, at, software, clock }: Checkpoint): string {
  return `${originOf(ledgerId)}\n${size}\n${root.toString('base64')}\nat ${at}\nsoftware ${software}\nclock ${clock}\n`
}

const form =
  /^(\S+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nat (\d{1,16})\nsoftware ([^\n]+)\nclock (synchronised|unsynchronised|unknown)\n$/

/** What the text of a checkpoint of this ledger says; undefined when it is none. */
export function parseCheckpoint(ledgerId: string, text: string): Checkpoint | undefined {
  const [, origin, size, root, at, software, clock] = form.exec(text) ?? []
  if (origin !== originOf(ledgerId) || root === undefined || software === undefined) return undefined
  return {
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    at: Number(at) as Instant,
    software,
    clock: clock as ClockStatus,
  }
}

/** The checkpoint in a note that was signed by the key whose turn it was; undefined when it is none or was not. */
export function openCheckpoint(ledgerId: string, keys: readonly LedgerKey[], note: string): Checkpoint | undefined {
  for (const [i, key] of keys.entries()) {
    const text = openNote(note, [key.verifier])
    const checkpoint = text === undefined ? undefined : parseCheckpoint(ledgerId, text)
    if (checkpoint === undefined) continue
    const isItsTurn = checkpoint.size >= key.from && checkpoint.size <= (keys[i + 1]?.from ?? Number.POSITIVE_INFINITY)
    return isItsTurn ? checkpoint : undefined
  }
  return undefined
}
