import type { Generated, Kysely } from 'kysely'

/** The platform's own tables, in the PostgreSQL schema `platform`. A module types its own, in its own schema.
 * Columns of type bigint come back as numbers: instants and sequences stay far below 2^53. Columns of type json come
 * back parsed, and are written as JSON text (the driver would make a PostgreSQL array of a bare array). */
export interface Tables {
  'platform.outbox': OutboxRow
  'platform.audit_entry': AuditEntryRow
  'platform.record_change': RecordChangeRow
  'platform.idempotency': IdempotencyRow
}

export interface OutboxRow {
  /** Given by the database: ids of one millisecond do not tell which came first. */
  seq: Generated<number>
  /**
   * The transaction that wrote it, given by the database (xid8, as decimal text). Numbers are not committed in order: a
   * reader that keeps a cursor must stop below `pg_snapshot_xmin(pg_current_snapshot())`.
   */
  xid: Generated<string>
  id: string
  name: string
  at: number
  body: unknown
  delivered: boolean
}

export interface AuditEntryRow {
  seq: Generated<number>
  era: Generated<number>
  xid: Generated<string>
  id: string
  at: number
  actor: string
  actor_kind: 'person' | 'machine' | 'station' | 'system' | 'nobody'
  operation: string
  outcome: string
  reason: string | null
  text: string
  leaf_hash: Buffer
}

export interface RecordChangeRow {
  seq: Generated<number>
  era: Generated<number>
  xid: Generated<string>
  entry_id: string
  at: number
  record_kind: string
  record_id: string
  version: number
  text: string
  leaf_hash: Buffer
}

export interface IdempotencyRow {
  actor: string
  key: string
  operation: string
  input_hash: string
  output: unknown
  at: number
}

export type Database = Kysely<Tables>
