import { z } from 'zod'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import {
  BlobHash,
  Code,
  DrawnFrom,
  InstantSchema,
  idOf,
  OvertakenBy,
  PathName,
  Texts,
  VersionState,
} from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

/** What is shown with a step. */
const InstructionMedia = z.object({
  kind: z.enum(['picture', 'video', 'pdf-page', 'model']),
  blob: BlobHash,
  /** What it shows, for who cannot see it. */
  alt: Texts,
  /** Of a PDF, from 1. */
  page: z.int().positive().nullable().default(null),
})

/** What a step asks for. */
export const StepType = z.discriminatedUnion('type', [
  /** Read it, and go on. */
  z.object({ type: z.literal('read') }),
  z.object({ type: z.literal('check') }),
  z.object({
    type: z.literal('number'),
    unit: UcumUnit,
    low: z.number().nullable(),
    high: z.number().nullable(),
    decimals: z.int().min(0).max(9).default(2),
    /** Type of the gauge that must be scanned and in calibration; null = none. */
    gauge: Code.nullable().default(null),
  }),
  z.object({ type: z.literal('text'), maxLength: z.int().positive().max(4000).default(500) }),
  z.object({
    type: z.literal('choice'),
    options: z
      .array(z.object({ value: PathName, label: Texts, accepted: z.boolean().default(true) }))
      .min(2)
      .max(30),
  }),
  z.object({ type: z.literal('photo') }),
  z.object({
    type: z.literal('scan'),
    /** `material`: a lot of the bill-of-material position, which is consumed; `subject`: the piece itself. */
    expects: z.enum(['material', 'subject', 'tool', 'equipment']),
    bomPosition: z.int().positive().nullable().default(null),
    /** How many percent the lots of a material may differ together from what is asked; null = at least that much, and more as it is said. */
    tolerancePercent: z.number().min(0).max(100).nullable().optional(),
    /** Type of the tool or gauge. */
    assetType: Code.nullable().default(null),
  }),
  z.object({
    type: z.literal('table'),
    columns: z
      .array(
        z.object({
          key: PathName,
          label: Texts,
          unit: UcumUnit.nullable().default(null),
          low: z.number().nullable().default(null),
          high: z.number().nullable().default(null),
        }),
      )
      .min(1)
      .max(20),
    rows: z.int().positive().max(200),
  }),
  /** Waits at least so long, and at most so long if `atMostSeconds` says so. */
  z.object({
    type: z.literal('timer'),
    seconds: z.int().positive(),
    atMostSeconds: z.int().positive().nullable().default(null),
  }),
  /** Read from the equipment at the moment of the step, by the name of the tag there. */
  z.object({ type: z.literal('tag'), tag: PathName, low: z.number().nullable(), high: z.number().nullable() }),
  /** Signed with both components; never possible without the server. */
  z.object({ type: z.literal('signature'), meaning: z.enum(['performed', 'verified', 'reviewed', 'approved']) }),
])
export type StepType = z.infer<typeof StepType>

export const InstructionStep = z.object({
  /** Unique in the instruction; conditions and entries name it. */
  key: PathName,
  title: Texts,
  body: Texts.nullable().default(null),
  media: z.array(InstructionMedia).max(10).default([]),
  ask: StepType,
  /** Once for the operation, or for each piece of it. */
  per: z.enum(['operation', 'piece']).default('operation'),
  optional: z.boolean().default(false),
  /** Done only when that step was answered so; null = always. */
  when: z
    .object({
      step: PathName,
      is: z.enum(['equal', 'not-equal', 'below', 'above', 'outside-limits']),
      value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
    })
    .nullable()
    .default(null),
  /** A qualification beyond those of the operation. */
  skill: Code.nullable().default(null),
  /** Another person confirms the entry before the next step. */
  secondPerson: z.boolean().default(false),
  /** Skill that the second person must have. */
  verifierSkill: Code.nullable().default(null),
  /** Outside the limits: `reason` = go on with a reason, `deviation` = a deviation is opened as well, `refuse` = it is not taken. */
  onBreach: z.enum(['reason', 'deviation', 'refuse']).default('reason'),
})
export type InstructionStep = z.infer<typeof InstructionStep>

const content = {
  code: Code,
  title: Texts,
  steps: z.array(InstructionStep).min(1).max(300),
}

/** One version of a work instruction. An effective one never changes, and running work keeps the one that it began with. */
export const WorkInstruction = z.object({
  id: idOf<'WorkInstruction'>(),
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
export type WorkInstruction = z.infer<typeof WorkInstruction>

export const instructionSignatures = signaturePolicy({
  record: 'execution.instruction',
  title: 'Work instruction {code}, version {version}',
  read: 'execution.read',
  steps: [
    { meaning: 'reviewed', permission: 'execution.definition.review' },
    { meaning: 'released', permission: 'execution.definition.release' },
  ],
  authorMaySign: false,
})

const changeReason = z.string().min(3).max(500)

export const listInstructions = operation({
  name: 'execution.instruction.list',
  summary: 'List the newest version of each work instruction, or all versions of one',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ code: Code.optional(), state: VersionState.optional() }),
  output: z.array(WorkInstruction),
})

export const getInstruction = operation({
  name: 'execution.instruction.get',
  summary: 'Get one version of a work instruction',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ instructionId: idOf<'WorkInstruction'>() }),
  output: WorkInstruction,
})

/** A draft may be written again until somebody has signed it; after that it takes a new version. */
export const draftInstruction = operation({
  name: 'execution.instruction.draft',
  summary: 'Write the draft of a work instruction, or of the next version of one',
  permission: 'execution.definition.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ ...content, changeReason, drawnFrom: DrawnFrom }),
  output: WorkInstruction,
})

export const retireInstruction = operation({
  name: 'execution.instruction.retire',
  summary: 'Take a work instruction out of use for new work, with a reason',
  permission: 'execution.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({ instructionId: idOf<'WorkInstruction'>(), reason: changeReason }),
  output: WorkInstruction,
})

export const adoptDefinitions = operation({
  name: 'execution.definition.adopt',
  summary:
    'Take over work definitions and instructions released elsewhere, at commissioning: what exists stays as it is',
  permission: 'execution.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({
    /** As `execution.work-definition.draft` and `execution.instruction.draft` take them, without the reason. */
    workDefinitions: z.array(z.unknown()).max(500).default([]),
    instructions: z.array(z.unknown()).max(500).default([]),
    document: z.string().min(3).max(200),
    reason: changeReason,
  }),
  output: z.object({ adopted: z.array(z.string()), known: z.array(z.string()) }),
})

/** Media go into the blob store first; the answer's hash goes into the draft. */
export const storeMedia = operation({
  name: 'execution.media.store',
  summary: 'Store a picture, video, PDF or glTF model for work instructions and records',
  permission: 'execution.media.write',
  scope: 'any',
  mutates: true,
  secrets: ['content'],
  input: z.object({
    contentType: z.enum([
      'image/jpeg',
      'image/png',
      'image/webp',
      'video/mp4',
      'video/webm',
      'application/pdf',
      'model/gltf-binary',
    ]),
    /** Base64, at most 16 MB. */
    content: z.base64().max(22_400_000),
  }),
  output: z.object({ blob: BlobHash, bytes: z.int() }),
})

/** What `GET /api/execution/media/<hash>` asks before it sends the file. */
export const findMedia = operation({
  name: 'execution.media.find',
  summary: 'Tell what kind of picture, video, PDF or model has this SHA-256',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ hash: BlobHash }),
  output: z.object({ type: storeMedia.input.shape.contentType, size: z.int().positive() }),
})
