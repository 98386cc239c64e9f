import type { RecordLine, RecordName } from './bundle-line.ts'
import { findingOf } from './finding.ts'
import type { Findings } from './findings.ts'
import type { ChangeLeaf } from './leaf.ts'
import type { Json } from './strict-json.ts'
import { canonical } from './strict-json.ts'

/** The rows of one record, made again from its changes. */
export class Replay {
  readonly #tables = new Map<string, string[]>()
  readonly #record: RecordName
  readonly #findings: Findings

  #whole = true

  constructor(record: RecordName, findings: Findings) {
    this.#record = record
    this.#findings = findings
  }

  take(change: ChangeLeaf, place: number, follows: boolean): void {
    // After a gap nothing can be made again, and the gap has been reported.
    this.#whole &&= follows
    if (!this.#whole) return
    for (const { table, before, after } of change.rows) {
      const rows = this.#tables.get(table) ?? []
      this.#tables.set(table, rows)
      if (before !== null) {
        const at = rows.indexOf(canonical(before))
        if (at >= 0) rows.splice(at, 1)
        else this.#report(change, place, table)
      }
      if (after !== null) rows.push(canonical(after))
    }
  }

  /** Compares with what the bundle says that the record is. */
  finish(state: RecordLine['state'], last: { place: number; version: number }): void {
    if (!this.#whole) return
    for (const table of new Set([...this.#tables.keys(), ...Object.keys(state)])) {
      const made = [...(this.#tables.get(table) ?? [])].sort()
      const stated = (Object.hasOwn(state, table) ? (state[table] as Json[]) : []).map(canonical).sort()
      if (made.length === stated.length && made.every((row, index) => row === stated[index])) continue
      const record = `${this.#record.kind} ${this.#record.id}`
      const what = `The rows of ${table} in the state of ${record} are not what its ${last.version} versions make.`
      this.#findings.add(1, findingOf('altered', what, { place: last.place, record }))
      return
    }
  }

  #report(change: ChangeLeaf, place: number, table: string): void {
    const record = `${change.record.kind} ${change.record.id}`
    const what = `Version ${change.version} of ${record} replaces a row of ${table} that the versions before it did not leave.`
    this.#findings.add(1, findingOf('altered', what, { place, at: change.at, record }), change.entry)
  }
}
