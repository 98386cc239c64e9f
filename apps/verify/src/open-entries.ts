import type { Subject } from './bundle-line.ts'
import { joinBytes, toHex } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import { findingOf } from './finding.ts'
import type { Findings } from './findings.ts'
import type { ChangeLeaf, EntryLeaf } from './leaf.ts'

/** Changes that wait for their entry, and whether the entry then counts and covers just these. */
export class OpenEntries {
  readonly #open = new Map<string, { first: ChangeLeaf; place: number; hashes: Uint8Array[] }>()
  readonly #crypto: Crypto
  readonly #subject: Subject
  readonly #findings: Findings

  constructor(crypto: Crypto, subject: Subject, findings: Findings) {
    this.#crypto = crypto
    this.#subject = subject
    this.#findings = findings
  }

  takeChange(change: ChangeLeaf, place: number, sealed: Uint8Array): void {
    const open = this.#open.get(change.entry)
    if (open === undefined) this.#open.set(change.entry, { first: change, place, hashes: [sealed] })
    else open.hashes.push(sealed)
  }

  takeEntry(entry: EntryLeaf, place: number): void {
    const hashes = this.#open.get(entry.id)?.hashes ?? []
    this.#open.delete(entry.id)
    const { count, digest } = entry.changes
    const about = { place, at: entry.at, actor: actorOf(entry), operation: entry.operation }
    if (hashes.length < count) {
      // Before the window, or of another record than the subject: not to be shown here.
      if (this.#subject.kind !== 'window' || this.#subject.from > 0) return
      const what = `The entry ${entry.id} says that it made ${changes(count)}; ${hashes.length} stand before it.`
      this.#findings.add(1, findingOf('missing', what, about))
    } else if (hashes.length > count) {
      const what = `The entry ${entry.id} says that it made ${changes(count)}; ${hashes.length} stand before it.`
      this.#findings.add(1, findingOf('altered', what, about))
    } else if (toHex(this.#crypto.sha256(joinBytes(hashes))) !== digest) {
      const what = `The digest of the entry ${entry.id} does not fit ${count === 0 ? 'an entry without changes' : `the ${changes(count)} before it`}.`
      this.#findings.add(1, findingOf('altered', what, about))
    }
  }

  /** How many changes have their entry behind the end of the window, where that can be. */
  finish(treeSize: number): number {
    if (this.#subject.kind === 'window' && this.#subject.to < treeSize) return this.#open.size
    for (const [id, { first, place }] of this.#open) {
      const record = `${first.record.kind} ${first.record.id}`
      const what = `The entry ${id} is not here, which says who made version ${first.version} of ${record} and why.`
      this.#findings.add(1, findingOf('missing', what, { place, at: first.at, record }))
    }
    return 0
  }
}

/** Who, as an inspector reads it. */
export function actorOf(entry: EntryLeaf): string {
  const { name, id, kind } = entry.actor
  return `${name === '' ? id || 'nobody' : name} (${kind})`
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`
}
