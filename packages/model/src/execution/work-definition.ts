import { z } from 'zod'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { Code, DrawnFrom, InstantSchema, idOf, OvertakenBy, PathName, VersionState } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

/** A process parameter of an operation, with what it must stay within. */
const ParameterSpecification = z
  .object({
    name: PathName,
    /** The tag of the equipment that tells it, by its name there; null = a person records it in a step. */
    tag: PathName.nullable().default(null),
    unit: UcumUnit,
    low: z.number().nullable(),
    target: z.number().nullable(),
    high: z.number().nullable(),
    critical: z.boolean().default(false),
  })
  .refine((each) => each.low === null || each.high === null || each.low <= each.high, {
    error: 'low must not be above high',
    path: ['low'],
  })

/** One operation of a routing (ISA-95 Part 4: operations segment). */
export const RoutingOperation = z.object({
  /** `10`, `20`: the order in which they are done. */
  sequence: z.int().positive(),
  name: z.string().min(1).max(120),
  /** Where: a work center or unit by its path, or any instance of a class at or below the order's site. */
  at: z.union([z.object({ path: z.string() }), z.object({ equipmentClass: PathName })]),
  setupSeconds: z.number().nonnegative().default(0),
  /** Per unit of the product. */
  runSeconds: z.number().nonnegative().default(0),
  /** How many pieces are worked on together: 1 = each by itself, 6 = an autoclave load. */
  batchSize: z.int().positive().default(1),
  /** All of these (`Qualification.skill`) by whoever starts it. */
  skills: z.array(Code).max(20).default([]),
  /** Types of gauges and tools that must be scanned: `torque-wrench-10-50Nm`. */
  tools: z.array(Code).max(20).default([]),
  /** Bill-of-material positions that are built in here. */
  bomPositions: z.array(z.int().positive()).max(200).default([]),
  /** Code of the work instruction; the version effective at release is kept by the order. */
  instruction: Code.nullable().default(null),
  parameters: z.array(ParameterSpecification).max(200).default([]),
  /** Equipment must be clean at the start, and is dirty after it. */
  needsCleaning: z.boolean().default(false),
  /** A special process (AS9100 8.5.1.2): person and equipment are qualified for it. */
  specialProcess: z.boolean().default(false),
  /** The program that the machine must have loaded, by the hash of its text. */
  program: z
    .object({ name: z.string().max(100), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
    .nullable()
    .default(null),
  /** Where work goes that has to be done again: a sequence at or before this one. */
  reworkTo: z.int().positive().nullable().default(null),
})
export type RoutingOperation = z.infer<typeof RoutingOperation>

const content = {
  code: Code,
  /** Material code of what is made. */
  product: Code,
  operations: z.array(RoutingOperation).min(1).max(200),
  /** Of the product, as on the drawing. */
  drawing: z
    .object({ number: z.string().max(100), revision: z.string().max(20) })
    .nullable()
    .default(null),
  /** How many percent of the ordered quantity may be made less or more. */
  underPercent: z.number().min(0).max(100).default(0),
  overPercent: z.number().min(0).max(100).default(0),
}

/** One version of how a product is made: routing of operations (ISA-95 Part 4, work definition). An effective one never changes. */
export const WorkDefinition = z.object({
  id: idOf<'WorkDefinition'>(),
  ...content,
  version: z.int().positive(),
  state: VersionState,
  changeReason: z.string(),
  draftedBy: z.string(),
  draftedAt: InstantSchema,
  effectiveAt: InstantSchema.nullable(),
  drawnFrom: DrawnFrom,
  overtakenBy: OvertakenBy,
})
export type WorkDefinition = z.infer<typeof WorkDefinition>

export const workDefinitionSignatures = signaturePolicy({
  record: 'execution.work_definition',
  title: 'Work definition {code}, version {version}',
  read: 'execution.read',
  steps: [
    { meaning: 'reviewed', permission: 'execution.definition.review' },
    { meaning: 'released', permission: 'execution.definition.release' },
  ],
  authorMaySign: false,
})

const changeReason = z.string().min(3).max(500)

export const listWorkDefinitions = operation({
  name: 'execution.work-definition.list',
  summary: 'List the newest version of each work definition, or all versions of one',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ code: Code.optional(), product: Code.optional(), state: VersionState.optional() }),
  output: z.array(WorkDefinition),
})

export const draftWorkDefinition = operation({
  name: 'execution.work-definition.draft',
  summary: 'Draft how a product is made, or the next version of it',
  permission: 'execution.definition.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ ...content, changeReason, drawnFrom: DrawnFrom }),
  output: WorkDefinition,
})

export const retireWorkDefinition = operation({
  name: 'execution.work-definition.retire',
  summary: 'Take a work definition out of use for new orders, with a reason; running ones keep it',
  permission: 'execution.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({ definitionId: idOf<'WorkDefinition'>(), reason: changeReason }),
  output: WorkDefinition,
})
