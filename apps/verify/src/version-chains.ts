import type { Subject } from './bundle-line.ts'
import { toHex } from './bytes.ts'
import { findingOf } from './finding.ts'
import type { Findings } from './findings.ts'
import type { ChangeLeaf } from './leaf.ts'

/** The versions of each record: one after the other, each naming the hash of the one before. */
export class VersionChains {
  readonly #last = new Map<string, { version: number; hash: string; place: number }>()
  readonly #findings: Findings
  readonly #subject: Subject
  /** Of a subject of several records. */
  readonly #named: ReadonlySet<string>

  constructor(subject: Subject, findings: Findings) {
    this.#subject = subject
    this.#named = new Set(subject.kind === 'records' ? subject.records.map(({ kind, id }) => `${kind} ${id}`) : [])
    this.#findings = findings
  }

  /** Whether this version follows from the one before it as far as that is here. */
  take(change: ChangeLeaf, place: number, sealed: Uint8Array): boolean {
    const name = `${change.record.kind} ${change.record.id}`
    const last = this.#last.get(name)
    const about = { place, at: change.at, record: name }
    const { version, previous } = change
    let follows = true
    const report = (kind: 'altered' | 'missing', what: string): void => {
      follows = false
      this.#findings.add(1, findingOf(kind, what, about), change.entry)
    }
    if ((version === 1) !== (previous === null))
      report(
        'altered',
        `Version ${version} of ${name} ${previous === null ? 'names no' : 'names a'} version before it.`,
      )
    if (last === undefined) {
      if (version > 1 && this.#holdsFirstOf(change))
        report('missing', `Version ${version} of ${name} is the first one here; ${versions(1, version - 1)} not here.`)
    } else if (version > last.version + 1) {
      report(
        'missing',
        `Between version ${last.version} and version ${version} of ${name}, ${versions(last.version + 1, version - 1)} not here.`,
      )
    } else if (version <= last.version) {
      report(
        'altered',
        `Version ${version} of ${name} stands behind its version ${last.version} (place ${last.place}).`,
      )
    } else if (previous !== last.hash) {
      report(
        'altered',
        `Version ${version} of ${name} was built on another version ${last.version} than the one at place ${last.place}.`,
      )
    }
    this.#last.set(name, { version, hash: toHex(sealed), place })
    return follows
  }

  /** The highest version of a record that was seen. */
  lastOf(record: { kind: string; id: string }): { version: number; place: number } | undefined {
    return this.#last.get(`${record.kind} ${record.id}`)
  }

  #holdsFirstOf({ record }: ChangeLeaf): boolean {
    const subject = this.#subject
    if (subject.kind === 'window') return subject.from === 0
    if (subject.kind === 'record') return subject.record.kind === record.kind && subject.record.id === record.id
    return this.#named.has(`${record.kind} ${record.id}`)
  }
}

function versions(from: number, to: number): string {
  return from === to ? `version ${from} is` : `versions ${from} to ${to} are`
}
