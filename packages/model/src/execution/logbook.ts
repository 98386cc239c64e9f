import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, PathName, Texts, Window } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

export const LogbookKind = z.enum(['equipment', 'cleaning', 'area', 'shift'])
export type LogbookKind = z.infer<typeof LogbookKind>

export const LogbookField = z.object({
  key: PathName,
  label: Texts,
  type: z.enum(['text', 'number', 'check', 'choice']),
  unit: UcumUnit.nullable().default(null),
  options: z.array(z.string().max(100)).max(50).default([]),
  required: z.boolean().default(true),
})
export type LogbookField = z.infer<typeof LogbookField>

const LogbookForm = z.object({ key: PathName, title: Texts, fields: z.array(LogbookField).max(50) })

/** A book of what was done at a place, in its order, with the forms that entries are made by. */
export const Logbook = z.object({
  id: idOf<'Logbook'>(),
  nodeId: idOf<'EquipmentNode'>(),
  kind: LogbookKind,
  name: z.string().min(1).max(120),
  /** Kinds of entries with their fields: `cleaning`, `use`, `fault`, `hand-over`. */
  templates: z.array(LogbookForm).min(1).max(30),
  version: z.int().positive(),
  state: z.enum(['open', 'closed']),
})
export type Logbook = z.infer<typeof Logbook>

export const LogbookEntry = z.object({
  id: idOf<'LogbookEntry'>(),
  logbookId: idOf<'Logbook'>(),
  /** 1, 2, 3 in the book, without a gap. */
  number: z.int().positive(),
  template: PathName,
  /** As it was when the entry was made. */
  form: LogbookForm,
  values: z.record(PathName, z.union([z.string(), z.number(), z.boolean(), z.null()])),
  text: z.string().max(4000),
  /** Order or batch, if it was about one. */
  order: z.string().max(100).nullable(),
  at: InstantSchema,
  recordedAt: InstantSchema,
  by: z.object({ id: z.string(), name: z.string() }),
  corrects: idOf<'LogbookEntry'>().nullable(),
  /** Why it corrects another one, or was written late. */
  reason: z.string(),
  replacedAt: InstantSchema.nullable(),
})
export type LogbookEntry = z.infer<typeof LogbookEntry>

/** Whether something was entered later than a quarter of an hour after it happened. */
export const isEnteredLate = ({ at, recordedAt }: Pick<LogbookEntry, 'at' | 'recordedAt'>): boolean =>
  recordedAt - at > 900_000_000

/** A stretch of a book that somebody read and signed. */
export const LogbookReview = z.object({
  id: idOf<'LogbookReview'>(),
  logbookId: idOf<'Logbook'>(),
  window: Window,
  entries: z.int(),
  comment: z.string(),
  reviewedBy: z.string(),
  reviewedAt: InstantSchema,
})
export type LogbookReview = z.infer<typeof LogbookReview>

const logbookId = idOf<'Logbook'>()

export const listLogbooks = operation({
  name: 'execution.logbook.list',
  summary: 'List logbooks at or below a node',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional(), kind: LogbookKind.optional() }),
  output: z.array(Logbook),
})

export const setLogbook = operation({
  name: 'execution.logbook.set',
  summary: 'Open a logbook at a node, or change its forms, with a reason; entries keep the form that they were made by',
  permission: 'execution.definition.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: Logbook.pick({ nodeId: true, kind: true, name: true, templates: true }).extend({
    reason: z.string().min(3).max(500),
  }),
  output: Logbook,
})

/** For good: nothing is written or corrected in it any more, and it stays readable and can be reviewed. */
export const closeLogbook = operation({
  name: 'execution.logbook.close',
  summary: 'Close a logbook for good by signature, with the reason; what stands in it stays readable',
  permission: 'execution.logbook.review',
  scope: 'any',
  signature: ['approved'],
  mutates: true,
  input: z.object({
    logbookId,
    version: z.int().positive(),
    reason: z.string().min(3).max(500),
    signature: SignatureInput,
  }),
  output: Logbook,
})

/** An entry of a cleaning book by the template `clean` makes the equipment clean from `at` on. */
export const writeLogbook = operation({
  name: 'execution.logbook.write',
  summary: 'Write an entry into a logbook',
  permission: 'execution.logbook.write',
  scope: 'any',
  mutates: true,
  input: LogbookEntry.pick({ template: true, values: true, text: true, order: true }).extend({
    logbookId,
    at: InstantSchema.nullable().default(null),
    /** Asked for when it is written late. */
    reason: z.string().max(500).default(''),
  }),
  output: LogbookEntry,
})

export const correctLogbook = operation({
  name: 'execution.logbook.correct',
  summary: 'Correct an entry with a reason; the old one stays readable',
  permission: 'execution.logbook.write',
  scope: 'any',
  mutates: true,
  input: LogbookEntry.pick({ values: true, text: true }).extend({
    entryId: idOf<'LogbookEntry'>(),
    reason: z.string().min(3).max(500),
  }),
  output: LogbookEntry,
})

export const listLogbookEntries = operation({
  name: 'execution.logbook.list-entries',
  summary: 'List the entries of a logbook, newest first, with who reviewed them',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    logbookId,
    window: Window.optional(),
    includeReplaced: z.boolean().default(false),
    limit: z.int().positive().max(5000).default(200),
  }),
  output: z.object({ entries: z.array(LogbookEntry), total: z.int(), reviews: z.array(LogbookReview) }),
})

export const reviewLogbook = operation({
  name: 'execution.logbook.review',
  summary: 'Sign that a stretch of a logbook was reviewed; nobody reviews only their own entries',
  permission: 'execution.logbook.review',
  scope: 'any',
  signature: ['reviewed'],
  mutates: true,
  input: z.object({ logbookId, window: Window, comment: z.string().max(1000).default(''), signature: SignatureInput }),
  output: LogbookReview,
})
