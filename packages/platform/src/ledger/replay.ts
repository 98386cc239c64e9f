import { DomainError } from '@throughline/kernel'
import { canonicalJson } from './canonical-json.ts'
import type { RowChange } from './leaf.ts'

/** A row of a record, as the ledger holds it. */
export interface ReplayedRow {
  readonly table: string
  readonly row: unknown
}

/**
 * The rows of one record, made again from its changes alone. Rows are told apart by their whole content, so that tables
 * without a key serve as well.
 */
export class RecordReplay {
  readonly #rows: { table: string; row: unknown; image: string }[] = []

  /**
   * Applies the changes of the next version.
   * @throws DomainError `conflict` when a row was changed that the record does not have: something is missing before it
   */
  apply(changes: readonly RowChange[]): void {
    for (const { table, before, after } of changes) {
      if (before !== null) this.#take(table, canonicalJson(before))
      if (after !== null) this.#rows.push({ table, row: after, image: canonicalJson(after) })
    }
  }

  /** In the order in which they came to be. */
  get rows(): readonly ReplayedRow[] {
    return this.#rows.map(({ table, row }) => ({ table, row }))
  }

  /** Canonical text of each row, with its table. */
  get images(): readonly string[] {
    return this.#rows.map(({ table, image }) => `${table} ${image}`)
  }

  #take(table: string, image: string): void {
    const index = this.#rows.findIndex((each) => each.table === table && each.image === image)
    if (index < 0) {
      throw new DomainError(
        'conflict',
        'platform.replay-broken',
        `A row of ${table} was changed that was not there before`,
      )
    }
    this.#rows.splice(index, 1)
  }
}
