import type { Generated, Kysely } from 'kysely'

/** The platform's own tables, in the PostgreSQL schema `platform`. A module types its own, in its own schema.
 * Columns of type bigint come back as numbers: instants and sequences stay far below 2^53. */
export interface Tables {
  'platform.outbox': OutboxRow
  'platform.audit_entry': AuditEntryRow
  'platform.idempotency': IdempotencyRow
}

export interface OutboxRow {
  /** Given by the database: ids of one millisecond do not tell which came first. */
  seq: Generated<number>
  id: string
  name: string
  at: number
  body: unknown
  delivered: boolean
}

export interface AuditEntryRow {
  id: string
  at: number
  actor: string
  actor_kind: 'person' | 'machine' | 'system' | 'nobody'
  operation: string
  input: unknown
  outcome: string
  origin: string | null
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
