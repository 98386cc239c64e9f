import { decodeHash } from './bytes.ts'
import { after } from './ledger-key.ts'
import type { Note } from './note.ts'
import { parseCount, parseNote } from './note.ts'

export interface Checkpoint {
  ledger: string
  size: number
  root: Uint8Array
  at: number
  software: string
  clock: string
  note: Note
}

/** The checkpoint that a signed note tells, not yet verified; undefined if it tells none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const note = parseNote(text)
  if (note === undefined) return undefined
  const [origin, size, root, at, software, clock, ...more] = note.lines
  const ledger = after('throughline/', origin)
  const count = parseCount(size)
  const hash = decodeHash(root)
  const instant = parseCount(after('at ', at))
  const version = after('software ', software)
  const state = after('clock ', clock)
  if (ledger === undefined || count === undefined || hash === undefined || instant === undefined) return undefined
  if (version === undefined || state === undefined || more.length > 0) return undefined
  if (!['synchronised', 'unsynchronised', 'unknown'].includes(state)) return undefined
  return { ledger, size: count, root: hash, at: instant, software: version, clock: state, note }
}
