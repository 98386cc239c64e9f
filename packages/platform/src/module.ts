import type { Migration } from './database/migrations.ts'
import type { Platform } from './platform.ts'

/** One domain of the product: its tables, its operations and what it listens to. */
export interface Module {
  /** Also the name of its PostgreSQL schema, which the migrations runner creates. */
  readonly name: string
  /** Applied in order, once each; never edited after a release. */
  readonly migrations: readonly Migration[]
  /** How its rows are told in the ledger; tables that it does not mention hold one record a row, by its `id`. */
  readonly records?: RecordTables
  /** Mounts the module's operations, subscriptions and ports. */
  register(platform: Platform): void
}

/** Tables by their name without the schema. */
export interface RecordTables {
  /** Tables that hold no records (the last use of a session), each with the reason why the trail needs nothing of them. */
  readonly except?: Readonly<Record<string, string>>
  /** The column that tells one record from another, where it is not `id`. */
  readonly key?: Readonly<Record<string, string>>
  /** Rows that are part of another table's record, and the column that holds that record's id. */
  readonly partOf?: Readonly<Record<string, { readonly table: string; readonly by: string }>>
  /** Tables of records from which rows are taken away again: from all the others of them the application cannot delete. */
  readonly deletable?: readonly string[]
  /** Columns that the trail must not show: it holds their hash. */
  readonly secrets?: Readonly<Record<string, readonly string[]>>
}
