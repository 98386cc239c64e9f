import { z } from 'zod'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, PathName } from '../primitives.ts'

/** 1 critical · 2 high · 3 medium · 4 low or diagnostic. */
export const AlarmPriority = z.int().min(1).max(4)
export type AlarmPriority = z.infer<typeof AlarmPriority>

/** What makes the alarm. Values are in the tag's unit. */
export const AlarmCondition = z.discriminatedUnion('kind', [
  /** Beyond a limit; `deadband` = how far it must come back before the alarm returns. */
  z.object({
    kind: z.literal('limit'),
    side: z.enum(['high-high', 'high', 'low', 'low-low']),
    limit: z.number(),
    deadband: z.number().nonnegative(),
  }),
  /** Further than `limit` from the value of another tag (its set point), or from a fixed one. */
  z.object({
    kind: z.literal('deviation'),
    limit: z.number().positive(),
    deadband: z.number().nonnegative(),
    from: z.union([z.object({ tagId: idOf<'Tag'>() }), z.object({ value: z.number() })]),
  }),
  /** Changes faster than `limit` units a second, over `overSeconds`. */
  z.object({
    kind: z.literal('rate'),
    side: z.enum(['rising', 'falling', 'either']),
    limit: z.number().positive(),
    overSeconds: z.number().positive(),
    deadband: z.number().nonnegative(),
  }),
  /** Has not changed by more than `within` for so long although readings came: a frozen sensor. */
  z.object({ kind: z.literal('stuck'), forSeconds: z.number().positive(), within: z.number().nonnegative() }),
  /** No good reading for so long. */
  z.object({ kind: z.literal('stale'), forSeconds: z.number().positive() }),
  /** A discrete value. */
  z.object({ kind: z.literal('state'), values: z.array(z.string()).min(1).max(50) }),
  /** Raised elsewhere: an alarm of the machine (OPC UA A&C, MTConnect condition), or a rule. `source` names it. */
  z.object({ kind: z.literal('external'), source: z.string().min(1).max(300) }),
  /**
   * Quality found something at or below the alarm's equipment: a deviation that was opened (by no alarm, inspection or
   * calibration), a failed inspection, a gauge found out of tolerance. `severities` = of which deviations; of others none.
   */
  z.object({
    kind: z.literal('event'),
    source: z.enum(['deviation', 'failed-inspection', 'gauge-out-of-tolerance']),
    severities: z.array(z.enum(['minor', 'major', 'critical'])).max(3),
  }),
])
export type AlarmCondition = z.infer<typeof AlarmCondition>

/** How bad it gets and how fast: the matrix of the philosophy turns the two into a priority. */
export const AlarmSeverity = z.enum(['minor', 'moderate', 'major', 'severe'])
export type AlarmSeverity = z.infer<typeof AlarmSeverity>
export const TimeToRespond = z.enum(['under-3-min', '3-to-10-min', '10-to-30-min', 'over-30-min'])
export type TimeToRespond = z.infer<typeof TimeToRespond>

const content = {
  /** Short and unique: `WFI-01.Conductivity.high`. */
  name: PathName,
  nodeId: idOf<'EquipmentNode'>(),
  /** Null for an external one without a tag. */
  tagId: idOf<'Tag'>().nullable(),
  /** What the operator reads: `Conductivity of the water loop is high`. */
  message: z.string().min(3).max(200),
  condition: AlarmCondition,
  onDelaySeconds: z.number().nonnegative().max(86_400),
  offDelaySeconds: z.number().nonnegative().max(86_400),
  /** A latched alarm stays after the process is normal again, until it is reset. */
  latched: z.boolean(),
  /** Rationalisation (ISA-18.2 clause 9). */
  cause: z.string().max(1000),
  consequence: z.string().max(1000),
  response: z.string().max(1000),
  severity: AlarmSeverity,
  timeToRespond: TimeToRespond,
  /** Classified quality-critical: each one is told to quality, which opens or joins a deviation. */
  qualityCritical: z.boolean(),
  /** While this tag has one of these values the alarm is suppressed by design; null = never. */
  suppressWhile: z.object({ tagId: idOf<'Tag'>(), values: z.array(z.string()).min(1).max(50) }).nullable(),
}

/**
 * One version of an entry of the master alarm database. A draft is released by the last signature that its policy asks for
 * (`identity.signature.sign`), and replaces the version before; only a released one makes alarms.
 */
export const AlarmDefinition = z.object({
  id: idOf<'AlarmDefinition'>(),
  ...content,
  version: z.int().positive(),
  state: z.enum(['draft', 'released', 'superseded', 'retired']),
  /** From the matrix of the philosophy. */
  priority: AlarmPriority,
  /** Why this version differs from the last. */
  changeReason: z.string(),
  draftedBy: z.string(),
  draftedAt: InstantSchema,
  releasedAt: InstantSchema.nullable(),
})
export type AlarmDefinition = z.infer<typeof AlarmDefinition>

/** A change of alarms is a change of the process' protection: who drafts it does not release it. */
export const alarmDefinitionSignatures = signaturePolicy({
  record: 'alarm.definition',
  title: 'Alarm {name}, version {version}',
  read: 'alarm.read',
  steps: [
    { meaning: 'reviewed', permission: 'alarm.definition.review' },
    { meaning: 'released', permission: 'alarm.definition.release' },
  ],
  authorMaySign: false,
})

export const listAlarmDefinitions = operation({
  name: 'alarm.definition.list',
  summary: 'List the master alarm database: the newest version of each alarm, or all versions of one',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>().optional(),
    name: PathName.optional(),
    state: AlarmDefinition.shape.state.optional(),
  }),
  output: z.array(AlarmDefinition),
})

export const draftAlarmDefinition = operation({
  name: 'alarm.definition.draft',
  summary: 'Draft an alarm, or the next version of one, with the reason of the change',
  permission: 'alarm.definition.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({ ...content, changeReason: z.string().min(3).max(500) }),
  output: AlarmDefinition,
})

export const adoptAlarmDefinitions = operation({
  name: 'alarm.definition.adopt',
  summary:
    'Take over alarms that were rationalised and released elsewhere, at commissioning: names that exist stay as they are',
  permission: 'alarm.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({
    definitions: z.array(z.object(content)).min(1).max(2000),
    /** By which they were released: its number and version. */
    document: z.string().min(3).max(200),
    reason: z.string().min(3).max(500),
  }),
  output: z.object({
    adopted: z.array(AlarmDefinition),
    /** Names that there are already, in whatever version. */
    known: z.array(z.string()),
  }),
})

export const exportAlarmDefinitions = operation({
  name: 'alarm.definition.export',
  summary:
    'Export the master alarm database as CSV: the newest version of each alarm, one row each, with all its columns',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional() }),
  output: z.object({ text: z.string(), count: z.int() }),
})

/** What a row of a file makes of an alarm: its first version, its next one, or its draft anew. */
export const AlarmImportChange = z.object({
  /** Where the row begins in the file, from 1. */
  line: z.int(),
  name: PathName,
  action: z.enum(['new-alarm', 'next-version', 'change-draft']),
  /** The version that the draft has. */
  version: z.int(),
  /** By the matrix of the philosophy. */
  priority: AlarmPriority,
  /** The columns that differ from the newest version, as the file writes them; of a new alarm, all that are filled. */
  differences: z.array(z.object({ column: z.string(), before: z.string(), after: z.string() })),
})
export type AlarmImportChange = z.infer<typeof AlarmImportChange>

export const importAlarmDefinitions = operation({
  name: 'alarm.definition.import',
  summary:
    'Draft what differs in a CSV file of the master alarm database, all of it or nothing; with dryRun only tell what it would draft',
  permission: 'alarm.definition.write',
  scope: 'any',
  mutates: true,
  input: z.object({
    text: z.string().max(5_000_000),
    changeReason: z.string().min(3).max(500),
    /** True = nothing is drafted. */
    dryRun: z.boolean(),
  }),
  output: z.object({ changes: z.array(AlarmImportChange), unchanged: z.int() }),
})

export const retireAlarmDefinition = operation({
  name: 'alarm.definition.retire',
  summary: 'Take an alarm out of use for good, with a reason; its history stays',
  permission: 'alarm.definition.release',
  scope: 'any',
  stepUp: true,
  mutates: true,
  input: z.object({ definitionId: idOf<'AlarmDefinition'>(), reason: z.string().min(3).max(500) }),
  output: AlarmDefinition,
})

export const listUnmappedAlarmSources = operation({
  name: 'alarm.unmapped-source.list',
  summary: 'List what raised alarms elsewhere since the start and has no definition here, the most frequent first',
  permission: 'alarm.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.object({
    sources: z.array(z.object({ source: z.string(), count: z.int(), lastAt: InstantSchema })),
    /** Alarms of sources beyond the thousandth, which are not named. */
    beyond: z.int(),
  }),
})

/** The rules by which alarms are made and judged; the philosophy document is written from it. */
export const AlarmPhilosophy = z.object({
  version: z.int().nonnegative(),
  purpose: z.string().max(4000),
  /** `priority[severity][timeToRespond]`. */
  matrix: z.record(AlarmSeverity, z.record(TimeToRespond, AlarmPriority)),
  /** The longest time that an alarm may be shelved, by priority. */
  maxShelfSeconds: z.object({ 1: z.int(), 2: z.int(), 3: z.int(), 4: z.int() }),
  /** Targets of ISA-18.2, Table 6 and neighbours. */
  targets: z.object({
    perOperatorPer10Min: z.number(),
    floodPer10Min: z.int(),
    floodShare: z.number(),
    staleAfterHours: z.number(),
    chatteringPerMinute: z.int(),
    topTenShare: z.number(),
    distribution: z.object({ 1: z.number(), 2: z.number(), 3: z.number(), 4: z.number() }),
  }),
  reason: z.string(),
  recordedBy: z.string(),
  recordedAt: InstantSchema.nullable(),
})
export type AlarmPhilosophy = z.infer<typeof AlarmPhilosophy>

export const getPhilosophy = operation({
  name: 'alarm.philosophy.get',
  summary: 'Get the alarm philosophy in force; version 0 = as delivered',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: AlarmPhilosophy,
})

export const setPhilosophy = operation({
  name: 'alarm.philosophy.set',
  summary: 'Set the next version of the alarm philosophy: matrix, targets, longest shelving',
  permission: 'alarm.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: AlarmPhilosophy.omit({ version: true, recordedBy: true, recordedAt: true }).extend({
    /** The version that was changed; refused when another one is in force meanwhile. Absent = whichever is in force. */
    basedOn: z.int().nonnegative().optional(),
    reason: z.string().min(3).max(500),
  }),
  output: AlarmPhilosophy,
})

export const getPhilosophyDocument = operation({
  name: 'alarm.philosophy.get-document',
  summary: 'Get the alarm philosophy with the master alarm database as a PDF document',
  permission: 'alarm.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.object({ fileName: z.string(), content: z.string() }),
})
