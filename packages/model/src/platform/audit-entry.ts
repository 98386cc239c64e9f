import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { RecordRef, Sha256 } from './record.ts'

/** Who did what, when, from where, why, with what outcome. Written in the transaction of the change itself. */
export const AuditEntry = z.object({
  id: idOf<'AuditEntry'>(),
  /** Grows from entry to entry: the order of the pages. */
  number: z.int().positive(),
  at: InstantSchema,
  actor: z.string(),
  actorKind: z.enum(['person', 'machine', 'station', 'system', 'nobody']),
  actorName: z.string(),
  actorRoles: z.array(z.string()),
  operation: z.string(),
  /** The input as it was given, secrets replaced by `•••`. */
  input: z.unknown(),
  reason: z.string().nullable(),
  /** `done`, or the code of the error that refused it. */
  outcome: z.string(),
  /** Network address of the caller, when there is one. */
  origin: z.string().nullable(),
  session: z.string().nullable(),
  /** The event that made the product act by itself. */
  cause: z.string().nullable(),
  software: z.string(),
  clock: z.enum(['synchronised', 'unsynchronised', 'unknown']),
  /** How many records it changed. */
  changes: z.int().nonnegative(),
  leafHash: Sha256,
})
export type AuditEntry = z.infer<typeof AuditEntry>

/** One version of one record: what an entry changed in it, row by row. */
export const RecordChange = z.object({
  record: RecordRef,
  version: z.int().positive(),
  hash: Sha256,
  entry: idOf<'AuditEntry'>(),
  at: InstantSchema,
  rows: z.array(
    z.object({
      table: z.string(),
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
})
export type RecordChange = z.infer<typeof RecordChange>

export const listAuditEntries = operation({
  name: 'platform.audit-entry.list',
  summary: 'List audit entries, newest first',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: false,
  input: z.object({
    operation: z.string().max(120).optional(),
    actor: z.string().max(120).optional(),
    actorKind: AuditEntry.shape.actorKind.optional(),
    from: InstantSchema.optional(),
    to: InstantSchema.optional(),
    /** `done` or `refused`. */
    outcome: z.enum(['done', 'refused']).optional(),
    /** Part of the reason, in any case. */
    reason: z.string().max(200).optional(),
    /** Entries that changed this record, or records of this kind. */
    record: RecordRef.partial({ id: true }).optional(),
    /** Only entries before this one: the number of the last entry of the page before. */
    before: z.int().positive().optional(),
    limit: z.int().positive().max(1000).default(100),
  }),
  output: z.array(AuditEntry),
})

export const getAuditEntry = operation({
  name: 'platform.audit-entry.get',
  summary: 'Show one audit entry with everything that it changed, before and after',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: false,
  input: z.object({ entryId: idOf<'AuditEntry'>() }),
  output: z.object({ entry: AuditEntry, changes: z.array(RecordChange) }),
})

export const listRecordChanges = operation({
  name: 'platform.record-change.list',
  summary: 'List the versions of a record, newest first, each with who made it and why',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: false,
  input: z.object({
    record: RecordRef,
    before: z.int().positive().optional(),
    limit: z.int().positive().max(200).default(50),
  }),
  output: z.array(z.object({ change: RecordChange, entry: AuditEntry })),
})
