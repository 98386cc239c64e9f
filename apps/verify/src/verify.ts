import type { BundleDocument, BundleLine, Header, LeafLine, RecordLine, StateLine } from './bundle-line.ts'
import { parseLine } from './bundle-line.ts'
import type { Checkpoint } from './checkpoint.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { Crypto } from './crypto.ts'
import type { Finding } from './finding.ts'
import { findingOf, forged, Stop, unreadable } from './finding.ts'
import { Findings } from './findings.ts'
import type { SeenLeaf } from './leaves.ts'
import { Leaves, nameOf, recordsOf } from './leaves.ts'
import type { LedgerKey } from './ledger-key.ts'
import { findSigner, readKey } from './ledger-key.ts'
import { SealedTree } from './sealed-tree.ts'
import type { JsonObject } from './strict-json.ts'
import { readLines } from './text-lines.ts'
import { isConsistent } from './tree.ts'
import type { Verdict } from './verdict.ts'
import type { Witness } from './witness.ts'
import { compareWitnesses, findWitnessSigner, readWitness } from './witness.ts'

export interface Question {
  crypto: Crypto
  /** The verifier key that the asker has from elsewhere. */
  trustedKey?: string | undefined
  /** Checkpoints that were kept outside the plant. */
  witnesses?: readonly { name: string; text: string }[] | undefined
  /** Hears each leaf, in the order of the file. */
  onLeaf?: ((leaf: SeenLeaf) => void) | undefined
  /** Hears what the bundle says of its record; of several, the rows of all by table. */
  onRecord?: ((record: RecordLine) => void) | undefined
}

/**
 * What is to be said about a bundle. It is read once, from the first to the last byte or to the first thing that cannot
 * be judged; kept are only the last version of each record and the changes whose entry has not come yet.
 */
export async function verifyBundle(bundle: AsyncIterable<Uint8Array | string>, question: Question): Promise<Verdict> {
  const check = new BundleCheck(question)
  let number = 0
  // The line that is being judged; none while the next ones arrive.
  let current: number | null = null
  try {
    check.begin()
    for await (const { texts, ended } of readLines(bundle)) {
      for (const text of texts) {
        current = ++number
        const line = ended ? parseLine(text) : parseLast(text)
        // A million leaves are not worth a million turns of the event loop.
        if (line.line === 'leaf') check.takeLeaf(line)
        else await check.take(line)
      }
      current = null
    }
    check.finish()
    return check.verdict()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return check.verdict({ ...error.finding, line: current })
  }
}

/** A last line without its line end is as good as any, if it is whole. */
function parseLast(text: string): BundleLine {
  try {
    return parseLine(text)
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    throw unreadable('the file breaks off within this line')
  }
}

const order: readonly BundleLine['line'][] = [
  'header',
  'key',
  'checkpoint',
  'consistency',
  'record',
  'state',
  'document',
  'proof',
  'leaf',
  'end',
]
const repeated: readonly BundleLine['line'][] = ['key', 'checkpoint', 'consistency', 'state', 'leaf']

class BundleCheck {
  readonly #question: Question
  readonly #findings = new Findings()
  readonly #witnesses: Witness[] = []
  readonly #keys: LedgerKey[] = []
  readonly #checkpoints: Checkpoint[] = []
  #stage: BundleLine['line'] | undefined
  #header: Header | undefined
  #consistencies = 0
  readonly #states = new Map<string, RecordLine['state']>()
  /** Undefined = the bundle has not told of one, nor that there is none. */
  #document: BundleDocument | null | undefined
  #leaves: Leaves | undefined
  #tree: SealedTree | undefined
  #signer: LedgerKey | undefined
  #trust: Verdict['trust'] = { by: 'nobody', key: null }
  #answers: Verdict['witnesses'] = []

  constructor(question: Question) {
    this.#question = question
  }

  begin(): void {
    for (const { name, text } of this.#question.witnesses ?? []) this.#witnesses.push(readWitness(name, text))
  }

  takeLeaf(line: LeafLine): void {
    if (this.#stage !== 'leaf') this.#enter('leaf')
    const leaf = (this.#leaves as Leaves).take(line)
    this.#question.onLeaf?.(leaf)
  }

  async take(line: BundleLine): Promise<void> {
    this.#enter(line.line)
    switch (line.line) {
      case 'header':
        this.#header = line
        return
      case 'key':
        this.#keys.push(await readKey(this.#question.crypto, this.#ledger(), this.#keys, line.note))
        return
      case 'checkpoint':
        await this.#takeCheckpoint(line.note)
        return
      case 'consistency':
        this.#takeConsistency(line)
        return
      case 'record':
        this.#takeRecord(line)
        return
      case 'state':
        this.#takeState(line)
        return
      case 'document':
        this.#takeDocument(line.document)
        return
      case 'proof':
        await this.#takeProof(line.hashes)
        return
      case 'leaf':
        this.takeLeaf(line)
        return
      case 'end':
        this.#takeEnd(line.leaves)
    }
  }

  finish(): void {
    if (this.#stage === undefined) throw unreadable('the file is empty')
    if (this.#stage !== 'end') throw unreadable('the file ends before its "end" line: it was cut off')
  }

  verdict(stopped?: Finding): Verdict {
    // What was seen on a leaf before the reading stopped is known for certain; what would follow from it is not.
    const finding = stopped === undefined ? this.#findings.first() : (this.#findings.firstSeen() ?? stopped)
    const last = this.#checkpoints.at(-1)
    const { leaves, entries, changes, outside } = this.#leaves?.counts ?? {
      leaves: 0,
      entries: 0,
      changes: 0,
      outside: 0,
    }
    return {
      verdict: finding?.kind ?? 'valid',
      finding: finding ?? null,
      further: Math.max(0, this.#findings.count + (stopped === undefined ? 0 : 1) - 1),
      bundle: this.#header === undefined ? null : withoutLine(this.#header),
      leaves,
      entries,
      changes,
      changesWithoutEntry: outside,
      firstAt: this.#leaves?.times.first ?? null,
      lastAt: this.#leaves?.times.last ?? null,
      checkpoint:
        last === undefined
          ? null
          : { size: last.size, at: last.at, clock: last.clock, signedBy: this.#signer?.number ?? null },
      checkpoints: this.#checkpoints.length,
      keys: this.#keys.map(({ number, key, from, at }) => ({
        number,
        verifierKey: key.text,
        fingerprint: key.fingerprint,
        from,
        at,
      })),
      trust: this.#trust,
      witnesses: this.#answers,
    }
  }

  #ledger(): string {
    return this.#header?.ledger ?? ''
  }

  #enter(next: BundleLine['line']): void {
    const stage = this.#stage
    if (stage === undefined && next !== 'header') throw unreadable('it does not begin with the header of a bundle')
    if (stage === 'end') throw unreadable('something stands behind the "end" line')
    const before = stage === undefined ? -1 : order.indexOf(stage)
    if (order.indexOf(next) < before || (next === stage && !repeated.includes(next)))
      throw unreadable(`a "${next}" line stands behind a "${stage}" line`)
    if (next === 'leaf' || next === 'end') {
      if (this.#leaves === undefined) throw unreadable('the "proof" line is missing')
    }
    this.#stage = next
  }

  #takeRecord(line: RecordLine): void {
    const subject = this.#header?.subject
    if (subject?.kind !== 'record') throw unreadable('a bundle that is not of one record has no "record" line')
    this.#states.set(nameOf(subject.record), line.state)
    this.#document = line.document
    this.#question.onRecord?.(line)
  }

  #takeState({ record, state }: StateLine): void {
    const subject = this.#header?.subject
    if (subject?.kind !== 'records') throw unreadable('a bundle that is not of several records has no "state" line')
    const next = subject.records[this.#states.size]
    if (next === undefined || nameOf(next) !== nameOf(record))
      throw unreadable(`the state of ${nameOf(record)} is not the next one of those that the header names`)
    this.#states.set(nameOf(record), state)
  }

  #takeDocument(document: BundleDocument | null): void {
    if (this.#header?.subject.kind !== 'records')
      throw unreadable('a bundle that is not of several records has no "document" line')
    this.#document = document
    // A table may be called like something that every object has.
    const tables = new Map<string, JsonObject[]>()
    for (const state of this.#states.values())
      for (const [table, rows] of Object.entries(state)) {
        const all = tables.get(table) ?? []
        all.push(...rows)
        tables.set(table, all)
      }
    this.#question.onRecord?.({ line: 'record', state: Object.fromEntries(tables), document })
  }

  async #takeCheckpoint(note: string): Promise<void> {
    const checkpoint = parseCheckpoint(note)
    const last = this.#checkpoints.at(-1)
    if (checkpoint === undefined) throw unreadable('a checkpoint is not as the format has it')
    const what = `the checkpoint of size ${checkpoint.size}`
    if (checkpoint.ledger !== this.#ledger()) throw forged(`${what} is of another ledger than the header names`)
    if (last !== undefined && checkpoint.size <= last.size)
      throw unreadable(`${what} stands behind that of size ${last.size}`)
    this.#signer = await findSigner(this.#question.crypto, this.#keys, checkpoint.note, checkpoint.size, what)
    this.#checkpoints.push(checkpoint)
  }

  #takeConsistency({ from, to, hashes }: { from: number; to: number; hashes: readonly Uint8Array[] }): void {
    const first = this.#checkpoints[this.#consistencies]
    const second = this.#checkpoints[++this.#consistencies]
    if (first === undefined || second === undefined || first.size !== from || second.size !== to)
      throw unreadable(`the consistency proof from ${from} to ${to} does not belong to two neighbouring checkpoints`)
    if (isConsistent(this.#question.crypto, first, second, hashes)) return
    const what = `The checkpoint of size ${to} does not go on from that of size ${from}.`
    this.#findings.add(2, findingOf('rolled-back', what, { at: second.at }))
  }

  async #takeProof(proof: readonly Uint8Array[]): Promise<void> {
    const { crypto } = this.#question
    const header = this.#header as Header
    const checkpoint = this.#checkpoints.at(-1)
    if (checkpoint === undefined) throw unreadable('the bundle has no checkpoint')
    const missing = this.#checkpoints[this.#consistencies + 1]
    if (missing !== undefined)
      throw unreadable(`the consistency proof to the checkpoint of size ${missing.size} is missing`)
    this.#assertTold(header)
    await this.#assertTrust()
    const sizes = this.#witnesses.map((witness) => witness.checkpoint.size)
    this.#tree = new SealedTree(crypto, { checkpoint, proof, sizes }, this.#findings)
    this.#leaves = new Leaves(crypto, header.subject, this.#tree, this.#findings)
  }

  #assertTold({ subject }: Header): void {
    if (subject.kind === 'window') return
    const untold = recordsOf(subject).find((record) => !this.#states.has(nameOf(record)))
    if (subject.kind === 'record' && untold !== undefined) throw unreadable('the "record" line is missing')
    if (untold !== undefined) throw unreadable(`the "state" line of ${nameOf(untold)} is missing`)
    if (this.#document === undefined) throw unreadable('the "document" line is missing')
  }

  async #assertTrust(): Promise<void> {
    const { crypto, trustedKey } = this.#question
    for (const witness of this.#witnesses) {
      const signer = await findWitnessSigner(crypto, witness, this.#ledger(), this.#keys)
      if (signer !== undefined) this.#trust = { by: 'witness', key: signer.number }
    }
    if (trustedKey === undefined) return
    const trusted = this.#keys.find(({ key }) => key.text === trustedKey)
    if (trusted === undefined)
      throw forged('It is not signed with the key that you trust: none of its keys is that one')
    if ((this.#signer?.number ?? 0) < trusted.number)
      throw forged(
        `its last checkpoint is signed by key ${this.#signer?.number}, older than key ${trusted.number} which you trust`,
        {
          means: 'The newer key says nothing about what an older one signed.',
          ask: 'Ask for the verifier key of key 1, or for a bundle with a newer checkpoint.',
        },
      )
    this.#trust = { by: 'key', key: trusted.number }
  }

  #takeEnd(leaves: number): void {
    const check = this.#leaves as Leaves
    const seen = check.counts.leaves
    if (seen > leaves) throw unreadable(`it holds ${seen} leaves, more than the ${leaves} that its last line tells`)
    if (seen < leaves)
      this.#findings.add(1, findingOf('missing', `Of ${leaves} leaves that its last line tells, ${seen} are here.`))
    const last = this.#checkpoints.at(-1) as Checkpoint
    check.finish({ states: this.#states, document: this.#document ?? null }, last.size)
    this.#answers = compareWitnesses(
      this.#witnesses,
      this.#checkpoints,
      (this.#tree as SealedTree).roots,
      this.#findings,
    )
  }
}

function withoutLine({ line: _, ...header }: Header): Omit<Header, 'line'> {
  return header
}
