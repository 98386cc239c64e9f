import type { KeyObject } from 'node:crypto'
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { batchKind, leafHash, makeLeaves } from './make-leaves.ts'
import { consistencyProof, gapProof, merkleRoot } from './reference-tree.ts'

type Subject =
  | { kind: 'record'; record: { kind: string; id: string } }
  | { kind: 'records'; records: readonly { kind: string; id: string }[] }
  | { kind: 'window'; from: number; to: number }

export interface BundlePlan {
  /** How many leaves the ledger has, or their texts. */
  leaves: number | readonly string[]
  /** What was sealed at each place, if not the hashes of the texts: for ledgers that were tampered with. */
  sealed?: readonly Buffer[]
  /** Default: the window of all leaves. */
  subject?: Subject
  /** Sizes of the checkpoints; the last one is the size of the tree. Default: one of all leaves. */
  checkpoints?: readonly number[]
  /** From which size each key signs. Default: one key from 0. */
  keys?: readonly number[]
  ledger?: string
  /** Another secret makes other keys. */
  secret?: string
  /** Places that a dishonest exporter leaves out, with a proof that fits. */
  hidden?: readonly number[]
  document?: { name: string; bytes: Buffer } | null
  batches?: number
}

/** The lines of a good bundle, in pieces of many lines each: of any size, always the same for the same plan. */
export async function* makeBundle(plan: BundlePlan): AsyncGenerator<string> {
  yield* makeLedger(plan).pieces()
}

/** A ledger whose bundles, checkpoints and keys can be had one by one. Keeps the hashes, not the texts. */
export function makeLedger(plan: BundlePlan) {
  const ledger = plan.ledger ?? '0190c0de-0000-7000-8000-000000000001'
  const texts = (): Iterable<string> =>
    typeof plan.leaves === 'number' ? makeLeaves(plan.leaves, plan.batches) : plan.leaves
  const hashes = plan.sealed ?? Array.from(texts(), leafHash)
  const keys = (plan.keys ?? [0]).map((from, index) =>
    makeKey(`${plan.secret ?? ''}${index + 1}`, ledger, index + 1, from),
  )
  const sizes = plan.checkpoints ?? [hashes.length]
  const size = sizes.at(-1) as number
  const subject = plan.subject ?? { kind: 'window', from: 0, to: size }
  const at = 1_795_000_000_000_000

  const keyNote = (number: number): string => {
    const key = keys[number - 1] as MadeKey
    const text = `throughline/${ledger}/keys\n${number}\n${key.verifierKey}\nfrom ${key.from}\nat ${at}\n`
    return signNote(text, number === 1 ? [key] : [key, keys[number - 2] as MadeKey])
  }
  const checkpoint = (of: number, by = keys.findLast((key) => key.from <= of) as MadeKey): string => {
    const root = merkleRoot(hashes, 0, of).toString('base64')
    const text = `throughline/${ledger}\n${of}\n${root}\nat ${at + of}\nsoftware 0.1.0\nclock synchronised\n`
    return signNote(text, [by])
  }

  function* lines(): Generator<object> {
    const records = subject.kind === 'window' ? [] : subject.kind === 'record' ? [subject.record] : subject.records
    const shown = records.map((each) => ({ record: each, ...placesOf(texts(), each) }))
    yield {
      line: 'header',
      format: 'throughline-bundle/1',
      ledger,
      plant: 'Demo plant',
      exportedAt: at + 86_400_000_000,
      software: '0.1.0',
      subject,
    }
    for (const key of keys) yield { line: 'key', note: keyNote(key.number) }
    for (const of of sizes) yield { line: 'checkpoint', note: checkpoint(of) }
    for (const [index, to] of sizes.entries()) {
      const from = sizes[index - 1]
      if (from !== undefined)
        yield { line: 'consistency', from, to, hashes: toBase64(consistencyProof(hashes, from, to)) }
    }
    const document = documentOf(plan.document)
    if (subject.kind === 'record') yield { line: 'record', state: shown[0]?.state, document }
    if (subject.kind === 'records') {
      for (const { record, state } of shown) yield { line: 'state', record, state }
      yield { line: 'document', document }
    }
    const isShown = (place: number): boolean =>
      plan.hidden?.includes(place) !== true &&
      (subject.kind === 'window'
        ? place >= subject.from && place < subject.to
        : shown.some(({ places }) => places.has(place)))
    const places = [...hashes.keys()].filter((place) => place < size && isShown(place))
    yield { line: 'proof', hashes: toBase64(gapProof(hashes, places, size)) }
    let index = 0
    let leaves = 0
    for (const text of texts()) {
      if (index < size && isShown(index)) {
        leaves++
        yield { line: 'leaf', index, text, sealed: (hashes[index] as Buffer).toString('base64') }
      }
      index++
    }
    yield { line: 'end', leaves }
  }

  return {
    id: ledger,
    hashes,
    keyNote,
    checkpoint,
    verifierKeys: keys.map((key) => key.verifierKey),
    lines: (): string[] => Array.from(lines(), (line) => JSON.stringify(line)),
    *pieces(): Generator<string> {
      let piece: string[] = []
      for (const line of lines()) {
        piece.push(`${JSON.stringify(line)}\n`)
        if (piece.length < 1000) continue
        yield piece.join('')
        piece = []
      }
      yield piece.join('')
    },
    /** A note about another tree than this one, by key `number`. */
    sign: (text: string, number = 1): string => signNote(text, [keys[number - 1] as MadeKey]),
  }
}

interface MadeKey {
  number: number
  from: number
  name: string
  id: Buffer
  verifierKey: string
  secret: KeyObject
}

function makeKey(secret: string, ledger: string, number: number, from: number): MadeKey {
  const seed = createHash('sha256').update(`made key ${secret}`).digest()
  // The fixed beginning of a PKCS #8 Ed25519 key.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const x = createPublicKey(key).export({ format: 'jwk' }).x as string
  const name = `throughline/${ledger}/key-${number}`
  const bytes = Buffer.concat([Buffer.of(1), Buffer.from(x, 'base64url')])
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4)
  const verifierKey = `${name}+${id.toString('hex')}+${bytes.toString('base64')}`
  return { number, from, name, id, verifierKey, secret: key }
}

function signNote(text: string, keys: readonly MadeKey[]): string {
  const lines = keys.map(({ name, id, secret }) => {
    const signature = sign(null, Buffer.from(text), secret)
    return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Places of a record's changes, of the signatures on it and of their entries; and its rows after the last of them. */
function placesOf(texts: Iterable<string>, record: { kind: string; id: string }) {
  const places = new Set<number>()
  const entries = new Set<string>()
  const state: Record<string, unknown[]> = {}
  let place = 0
  for (const text of texts) {
    const leaf = JSON.parse(text)
    const row = leaf.rows?.[0]
    const isOwn = leaf.record?.kind === record.kind && leaf.record.id === record.id
    if (isOwn && row !== undefined) state[row.table] = row.after === null ? [] : [row.after]
    if (isOwn || (record.kind === batchKind && row?.after?.signs === record.id)) {
      places.add(place)
      entries.add(leaf.entry)
    } else if (leaf.type === 'entry' && entries.has(leaf.id)) places.add(place)
    place++
  }
  return { places, state }
}

function documentOf(document: { name: string; bytes: Buffer } | null | undefined) {
  if (document === null) return null
  const { name, bytes } = document ?? { name: 'B-1001.pdf', bytes: Buffer.from('%PDF-1.7 made for a test') }
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), base64: bytes.toString('base64') }
}

function toBase64(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('base64'))
}
