import type { BundleDocument, LeafLine, RecordLine, RecordName, Subject } from './bundle-line.ts'
import { sameBytes, toHex } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import type { Finding } from './finding.ts'
import { findingOf, Stop, unreadable } from './finding.ts'
import type { Findings } from './findings.ts'
import { formatInstant } from './instant.ts'
import type { Leaf } from './leaf.ts'
import { parseLeaf } from './leaf.ts'
import { actorOf, OpenEntries } from './open-entries.ts'
import { Replay } from './replay.ts'
import type { SealedTree } from './sealed-tree.ts'
import { VersionChains } from './version-chains.ts'

/** A leaf as it was read, for whoever shows it. */
export interface SeenLeaf {
  place: number
  text: string
  /** Undefined where an altered text is no leaf any more. */
  leaf: Leaf | undefined
  /** Whether the text has the hash that was sealed at this place. */
  fits: boolean
}

/** What the bundle says of the records that it is about. */
export interface Told {
  /** By kind and id. */
  states: ReadonlyMap<string, RecordLine['state']>
  document: BundleDocument | null
}

/** So many misplaced leaves are remembered while their own place is looked for. */
const mostStrays = 1000

/** Judges the leaves as they come, by growing place. */
export class Leaves {
  readonly counts = { leaves: 0, entries: 0, changes: 0, outside: 0 }
  readonly times: { first: number | null; last: number | null } = { first: null, last: null }
  readonly #crypto: Crypto
  readonly #subject: Subject
  readonly #findings: Findings
  readonly #tree: SealedTree
  readonly #chains: VersionChains
  readonly #entries: OpenEntries
  /** By kind and id of the records that the bundle is about. */
  readonly #replays: ReadonlyMap<string, Replay>
  readonly #strays = new Map<string, Finding>()
  readonly #encoder = new TextEncoder()
  #buffer = new Uint8Array(4096)
  #next: number
  #lastAt: number | null = null

  constructor(crypto: Crypto, subject: Subject, tree: SealedTree, findings: Findings) {
    this.#crypto = crypto
    this.#subject = subject
    this.#tree = tree
    this.#findings = findings
    this.#chains = new VersionChains(subject, findings)
    this.#entries = new OpenEntries(crypto, subject, findings)
    this.#replays = new Map(recordsOf(subject).map((record) => [nameOf(record), new Replay(record, findings)]))
    this.#next = subject.kind === 'window' ? subject.from : 0
  }

  take({ index: place, text, sealed }: LeafLine): SeenLeaf {
    const subject = this.#subject
    if (subject.kind === 'window' && (place < subject.from || place >= subject.to))
      throw unreadable(`a leaf of place ${place} does not belong to the window from ${subject.from} to ${subject.to}`)
    this.counts.leaves++
    const inOrder = place >= this.#next
    const hash = this.#hash(text)
    const fits = sameBytes(hash, sealed)
    const leaf = fits ? parseLeaf(text) : parseAltered(text)
    const about = aboutOf(place, leaf)
    if (!inOrder) {
      const what = `The leaf of place ${place} stands behind that of place ${this.#next - 1}.`
      this.#findings.add(0, findingOf('reordered', what, about), entryOf(leaf))
    } else if (subject.kind === 'window' && place > this.#next) {
      this.#reportMissing(this.#next, place, leaf?.at ?? null)
    }
    if (fits) this.#findStray(place, sealed)
    else this.#reportAltered(place, hash, about, entryOf(leaf), sealed)
    if (!this.#tree.append(place, sealed) && inOrder) {
      const what = `The leaf of place ${place} lies beyond the last checkpoint, so nothing vouches for it.`
      this.#findings.add(2, findingOf('unproven', what, about), entryOf(leaf))
    }
    if (leaf !== undefined) this.#judge(leaf, place, sealed)
    if (inOrder) this.#next = place + 1
    return { place, text, leaf, fits }
  }

  /** After the last leaf. `told` is what the bundle says of its records, `size` that of the last checkpoint. */
  finish({ states, document }: Told, size: number): void {
    const subject = this.#subject
    if (subject.kind === 'window' && this.#next < subject.to) this.#reportMissing(this.#next, subject.to, null)
    this.counts.outside = this.#entries.finish(size)
    this.#tree.finish()
    const records = recordsOf(subject)
    for (const record of records) this.#finishRecord(record, states.get(nameOf(record)) ?? {})
    if (document === null || toHex(this.#crypto.sha256(document.bytes)) === document.sha256) return
    const [only, ...others] = records
    const name = only === undefined || others.length > 0 ? null : nameOf(only)
    const of = name === null ? '' : ` of ${name}`
    const place = only === undefined || name === null ? null : (this.#chains.lastOf(only)?.place ?? null)
    const what = `The document "${document.name}"${of} is not the one that was exported: its hash does not fit.`
    this.#findings.add(1, findingOf('altered', what, { place, record: name }))
  }

  #finishRecord(record: RecordName, state: RecordLine['state']): void {
    const name = nameOf(record)
    const last = this.#chains.lastOf(record)
    if (last !== undefined) this.#replays.get(name)?.finish(state, last)
    else this.#findings.add(1, findingOf('missing', `No version of ${name} is here.`, { record: name }))
  }

  #judge(leaf: Leaf, place: number, sealed: Uint8Array): void {
    this.#lastAt = leaf.at
    if (this.times.first === null || leaf.at < this.times.first) this.times.first = leaf.at
    if (this.times.last === null || leaf.at > this.times.last) this.times.last = leaf.at
    if (leaf.type === 'change') {
      this.counts.changes++
      const follows = this.#chains.take(leaf, place, sealed)
      this.#entries.takeChange(leaf, place, sealed)
      this.#replays.get(nameOf(leaf.record))?.take(leaf, place, follows)
    } else {
      this.counts.entries++
      this.#entries.takeEntry(leaf, place)
      this.#findings.tell({ id: leaf.id, actor: actorOf(leaf), operation: leaf.operation })
    }
  }

  #hash(text: string): Uint8Array {
    const most = text.length * 3 + 1
    if (this.#buffer.length < most) this.#buffer = new Uint8Array(most * 2)
    const { written } = this.#encoder.encodeInto(text, this.#buffer.subarray(1))
    return this.#crypto.sha256(this.#buffer.subarray(0, written + 1))
  }

  #reportAltered(
    place: number,
    hash: Uint8Array,
    about: Partial<Finding>,
    entry: string | undefined,
    sealed: Uint8Array,
  ) {
    const what = `The leaf at place ${place} is not what was sealed there.`
    const finding = findingOf('altered', what, about)
    if (this.#strays.size < mostStrays) this.#strays.set(toHex(hash), finding)
    this.#findings.add(0, finding, entry)
    this.#findStray(place, sealed)
  }

  /** Whether what was sealed here has been seen at another place. */
  #findStray(place: number, sealed: Uint8Array): void {
    if (this.#strays.size === 0) return
    const stray = this.#strays.get(toHex(sealed))
    if (stray === undefined) return
    const { what, means, ask } = findingOf(
      'reordered',
      `At place ${stray.place} stands the leaf that was sealed at place ${place}.`,
    )
    Object.assign(stray, { kind: 'reordered', what, means, ask })
  }

  #reportMissing(from: number, to: number, nextAt: number | null): void {
    const places = to - from === 1 ? `Place ${from} is` : `Places ${from} to ${to - 1} are`
    const before = this.#lastAt === null ? '' : `, after ${formatInstant(this.#lastAt)}`
    const behind = nextAt === null ? '' : `${before === '' ? ',' : ' and'} before ${formatInstant(nextAt)}`
    this.#findings.add(0, findingOf('missing', `${places} not here${before}${behind}.`, { place: from }))
  }
}

/** The records that a bundle is about; none for a window. */
export function recordsOf(subject: Subject): readonly RecordName[] {
  if (subject.kind === 'window') return []
  return subject.kind === 'record' ? [subject.record] : subject.records
}

export const nameOf = ({ kind, id }: RecordName): string => `${kind} ${id}`

/** An altered text is shown as it reads now, if it still reads. */
function parseAltered(text: string): Leaf | undefined {
  try {
    return parseLeaf(text)
  } catch (error) {
    if (error instanceof Stop) return undefined
    throw error
  }
}

function aboutOf(place: number, leaf: Leaf | undefined): Partial<Finding> {
  if (leaf === undefined) return { place }
  if (leaf.type === 'change') return { place, at: leaf.at, record: `${leaf.record.kind} ${leaf.record.id}` }
  return { place, at: leaf.at, actor: actorOf(leaf), operation: leaf.operation }
}

function entryOf(leaf: Leaf | undefined): string | undefined {
  return leaf?.type === 'change' ? leaf.entry : undefined
}
