import type { Migration } from './database/migrations.ts'
import type { Platform } from './platform.ts'

/** One domain of the product: its tables, its operations and what it listens to. */
export interface Module {
  /** Also the name of its PostgreSQL schema, which the migrations runner creates. */
  readonly name: string
  /** Applied in order, once each; never edited after a release. */
  readonly migrations: readonly Migration[]
  /** Mounts the module's operations, subscriptions and ports. */
  register(platform: Platform): void
}
