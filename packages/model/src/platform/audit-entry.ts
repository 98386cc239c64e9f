import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'

/** Who did what, when, from where, with what outcome. Written in the transaction of the change itself. */
export const AuditEntry = z.object({
  id: idOf<'AuditEntry'>(),
  at: InstantSchema,
  actor: z.string(),
  actorKind: z.enum(['person', 'machine', 'system', 'nobody']),
  operation: z.string(),
  /** The input as it was given, secrets replaced by `•••`. */
  input: z.unknown(),
  /** `done`, or the code of the error that refused it. */
  outcome: z.string(),
  /** Network address of the caller, when there is one. */
  origin: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const listAuditEntries = operation({
  name: 'platform.audit-entry.list',
  summary: 'List audit entries, newest first',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: false,
  input: z.object({
    operation: z.string().max(120).optional(),
    actor: z.string().max(120).optional(),
    /** Only entries before this one: the id of the last entry of the page before. */
    before: idOf<'AuditEntry'>().optional(),
    limit: z.int().positive().max(1000).default(100),
  }),
  output: z.array(AuditEntry),
})
