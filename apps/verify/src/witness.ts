import { sameBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { Crypto } from './crypto.ts'
import { findingOf, forged, Stop, unreadable } from './finding.ts'
import type { Findings } from './findings.ts'
import { formatInstant } from './instant.ts'
import type { LedgerKey } from './ledger-key.ts'
import { findSigner } from './ledger-key.ts'
import { parseCount } from './note.ts'

/** A checkpoint that was kept outside the plant. */
export interface Witness {
  name: string
  checkpoint: Checkpoint
}
export interface WitnessAnswer {
  name: string
  size: number
  at: number
  result: 'agrees' | 'contradicts' | 'larger' | 'not-reached'
  what: string
}

/** Stops with `unreadable` if the text is no checkpoint. */
export function readWitness(name: string, text: string): Witness {
  // Copied by hand or by mail, a note may have lost its last line end or have got others.
  const checkpoint = parseCheckpoint(`${text.replaceAll('\r\n', '\n').trimEnd()}\n`)
  if (checkpoint === undefined) {
    const means = 'It cannot be compared with anything; it says nothing about the bundle.'
    const ask = 'Take the checkpoint once more from where it is kept, as it was handed out.'
    throw new Stop(findingOf('unreadable', `"${name}" is not a checkpoint.`, { means, ask }))
  }
  return { name, checkpoint }
}

/** That the witness comes from this ledger; answers which of its keys signed it, if this bundle knows that key. */
export async function findWitnessSigner(
  crypto: Crypto,
  { name, checkpoint }: Witness,
  ledger: string,
  keys: readonly LedgerKey[],
): Promise<LedgerKey | undefined> {
  if (checkpoint.ledger !== ledger)
    throw forged(`The checkpoint "${name}" is of the ledger ${checkpoint.ledger}, the bundle of the ledger ${ledger}.`)
  const prefix = `throughline/${ledger}/key-`
  const isLater = checkpoint.note.signatures.some(
    (signature) =>
      signature.name.startsWith(prefix) && (parseCount(signature.name.slice(prefix.length)) ?? 0) > keys.length,
  )
  // A key that came after this bundle: nothing to check it by, but its size can still be compared.
  if (isLater) return undefined
  try {
    return await findSigner(crypto, keys, checkpoint.note, checkpoint.size, `the checkpoint "${name}"`)
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const means =
      'Either that file was damaged or is not genuine, or the bundle comes from another ledger than it says.'
    const ask =
      'Take the checkpoint once more from where it is kept; if it stays so, ask for the verifier key of key 1.'
    throw new Stop({ ...error.finding, means, ask })
  }
}

/** Compares the tree of the bundle with each witness. `roots` are those that the leaves and the proof give by size. */
export function compareWitnesses(
  witnesses: readonly Witness[],
  checkpoints: readonly Checkpoint[],
  roots: ReadonlyMap<number, Uint8Array>,
  findings: Findings,
): WitnessAnswer[] {
  const last = checkpoints.at(-1)
  if (last === undefined) throw unreadable('the bundle has no checkpoint')
  const answers = witnesses.map<WitnessAnswer>(({ name, checkpoint: { size, root, at } }) => {
    const answer = { name, size, at }
    const here = checkpoints.find((checkpoint) => checkpoint.size === size)?.root ?? roots.get(size)
    const told = `"${name}" of ${formatInstant(at)} tells of a tree of ${size} leaves`
    if (size > last.size) {
      const what = `The checkpoint ${told}; the one of this bundle ends at ${last.size}.`
      return { ...answer, result: 'larger', what }
    }
    if (here === undefined) {
      const what = `${told}; this bundle has no tree of that size, so they were not compared. Ask for a bundle with the checkpoint of size ${size}, or for a window from place 0.`
      return { ...answer, result: 'not-reached', what }
    }
    if (sameBytes(here, root)) return { ...answer, result: 'agrees', what: `${told}; so does this bundle.` }
    const what = `The checkpoint ${told} with another root than this bundle has for them.`
    findings.add(2, findingOf('rolled-back', what, { at }))
    return { ...answer, result: 'contradicts', what }
  })
  // Cut off is only what agrees as far as it goes.
  if (findings.kinds.has('rolled-back')) return answers
  for (const { result, what, at } of answers)
    if (result === 'larger') findings.add(2, findingOf('truncated', what, { at }))
  return answers
}
