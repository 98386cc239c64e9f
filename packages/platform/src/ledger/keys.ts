import type { KeyObject } from 'node:crypto'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { NoteSigner, NoteVerifier } from './note.ts'
import { openNote, parseVerifierKey, signNote, verifierKey } from './note.ts'

/** A key of the ledger, as its note introduces it. */
export interface LedgerKey {
  readonly number: number
  readonly verifier: NoteVerifier
  /** As others are given it. */
  readonly text: string
  /** Tree size from which it signs. */
  readonly from: number
  readonly at: Instant
  readonly note: string
}

/** The name of a ledger in all that it signs. */
export const originOf = (ledgerId: string): string => `throughline/${ledgerId}`

/** The note that introduces a key, signed by itself and, when there is one, by the key before it. */
export function introduce(ledgerId: string, next: NoteSigner, of: Introduction, earlier?: NoteSigner): string {
  const key = verifierKey(next.name, createPublicKey(next.privateKey))
  const text = `${originOf(ledgerId)}/keys\n${of.number}\n${key}\nfrom ${of.from}\nat ${of.at}\n`
  return signNote(text, earlier === undefined ? [next] : [next, earlier])
}

type Introduction = Pick<LedgerKey, 'number' | 'from' | 'at'>

/**
 * Reads a key's note and makes sure that it introduces key `number` of this ledger, signed by itself. Whether the key
 * before it signed too is told apart by `isSignedBy`: a ledger whose key was lost goes on with a key that it did not sign.
 *
 * @throws DomainError `conflict` when it does not
 */
export function readKey(ledgerId: string, number: number, note: string): LedgerKey {
  const [origin, n, text, from, at] = note.split('\n')
  const tells = /^from (\d+)$/.exec(from ?? '')?.[1]
  const when = /^at (\d+)$/.exec(at ?? '')?.[1]
  const key = parseKey(text ?? '')
  if (
    origin !== `${originOf(ledgerId)}/keys` ||
    n !== String(number) ||
    key?.name !== keyName(ledgerId, number) ||
    tells === undefined ||
    when === undefined ||
    openNote(note, [key]) === undefined
  ) {
    throw new DomainError(
      'conflict',
      'platform.ledger-key-forged',
      `The note that introduces key ${number} of the ledger was changed or made by somebody else`,
      { key: number },
    )
  }
  return { number, verifier: key, text: text ?? '', from: Number(tells), at: Number(when) as Instant, note }
}

/** The keys of a ledger whose notes are in order; what is wrong with the others is told by the check. */
export function readKeys(
  ledgerId: string,
  notes: readonly { readonly number: number; readonly note: string }[],
): LedgerKey[] {
  return notes.flatMap(({ number, note }) => {
    try {
      return readKey(ledgerId, number, note)
    } catch (error) {
      if (error instanceof DomainError) return []
      throw error
    }
  })
}

export const isSignedBy = (note: string, key: LedgerKey): boolean => openNote(note, [key.verifier]) !== undefined

function parseKey(text: string): NoteVerifier | undefined {
  try {
    return parseVerifierKey(text)
  } catch {
    return undefined
  }
}

export const keyName = (ledgerId: string, number: number): string => `${originOf(ledgerId)}/key-${number}`

/** The private keys of one ledger: files that only their owner may read, in a folder that belongs into every backup. */
export class KeyFolder {
  readonly #folder: string
  readonly #ledgerId: string

  constructor(folder: string, ledgerId: string) {
    this.#folder = folder
    this.#ledgerId = ledgerId
  }

  /** A new private key, kept before anything is signed with it; one that an interrupted start left behind is taken up. */
  async make(number: number): Promise<NoteSigner> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
    const file = this.#file(number)
    await writeFile(file, pem, { flag: 'wx', mode: 0o600, flush: true }).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error
    })
    return { name: keyName(this.#ledgerId, number), privateKey: createPrivateKey(await readFile(file)) }
  }

  /** @throws DomainError `unavailable` when the file is not there, cannot be read, or holds another key */
  async load(key: LedgerKey): Promise<NoteSigner> {
    const file = this.#file(key.number)
    const privateKey = await readPrivateKey(file).catch((error: unknown) => {
      throw keyMissing(file, messageOf(error), error)
    })
    if (!createPublicKey(privateKey).equals(key.verifier.publicKey)) throw keyMissing(file, 'it holds another key')
    // A restored file may have come back readable for everybody.
    await chmod(file, 0o600)
    return { name: key.verifier.name, privateKey }
  }

  /** A key that has been replaced shall sign nothing more, whoever finds it. */
  async forget(number: number): Promise<void> {
    await rm(this.#file(number), { force: true })
  }

  #file(number: number): string {
    return join(this.#folder, `ledger-${this.#ledgerId}-key-${number}.pem`)
  }
}

async function readPrivateKey(file: string): Promise<KeyObject> {
  return createPrivateKey(await readFile(file))
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const keyMissing = (file: string, why: string, cause?: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'platform.ledger-key-missing',
    `The ledger cannot be signed: ${file} is missing or not its key (${why}). Restore the file from the backup; if it is lost for good, start once with THROUGHLINE_NEW_LEDGER_KEY=1, and tell everybody who checks the ledger to trust the new key`,
    { file },
    cause,
  )
