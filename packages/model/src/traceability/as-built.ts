import { z } from 'zod'
import { Asset, Calibration } from '../equipment/asset.ts'
import { GateOverride, ProgramCheck } from '../execution/gate.ts'
import { StepType } from '../execution/instruction.ts'
import { Order, OrderHold } from '../execution/order.ts'
import { OperationRun } from '../execution/run.ts'
import { StepEntry } from '../execution/step-entry.ts'
import { Qualification } from '../identity/qualification.ts'
import { Signature } from '../identity/signature.ts'
import { Container } from '../material/container.ts'
import { BillOfMaterial, MaterialDefinition } from '../material/definition.ts'
import { Lot, MaterialMovement } from '../material/lot.ts'
import { Weighing } from '../material/weighing.ts'
import { operation } from '../operation.ts'
import { RecordRef, RecordVersion } from '../platform/record.ts'
import { Code, DecimalSchema, InstantSchema, idOf, Window } from '../primitives.ts'
import { Deviation } from '../quality/deviation.ts'
import { Inspection } from '../quality/inspection.ts'
import { ThreadEdge } from './genealogy.ts'

const lotId = idOf<'Lot'>()
const signatures = z.array(Signature)

/** One version of something that was worked by, with the signatures that released it. */
const VersionUsed = z.object({
  kind: z.enum(['material', 'bill-of-material', 'work-definition', 'instruction']),
  id: z.string(),
  code: Code,
  title: z.string(),
  version: z.int().positive(),
  state: MaterialDefinition.shape.state,
  effectiveAt: InstantSchema.nullable(),
  changeReason: z.string(),
  signatures,
})

/** A lot that went into the piece, itself or through others; `depth` 0 = the piece. */
const LotUsed = Lot.pick({
  id: true,
  code: true,
  material: true,
  control: true,
  unit: true,
  status: true,
  supplier: true,
  supplierLot: true,
  certificate: true,
  certificateNeeded: true,
  expiresAt: true,
  madeAt: true,
  openDeviations: true,
}).extend({
  depth: z.int().nonnegative(),
  orderCode: Code.nullable(),
  /** Nothing went into it that is known here: it was received, or counted in. */
  isRaw: z.boolean(),
})

/** A gauge, tool, fixture or scale as it stood when it was used. */
const ToolUsed = z.object({
  code: z.string(),
  at: InstantSchema,
  /** Null = nobody registered a thing with this code. */
  asset: Asset.pick({ id: true, kind: true, type: true, description: true, needsCalibration: true }).nullable(),
  /** The last calibration before its use; null = none is known. */
  calibration: Calibration.nullable(),
  /** In calibration then; null = it needs none, or nobody knows. */
  inCalibration: z.boolean().nullable(),
  /** Found out of tolerance by the next calibration: what it measured is in doubt. */
  doubtedBy: Calibration.nullable(),
})

/** What the plant sealed of the readings of one tag while an operation lasted; what came later made another one. */
const ReadingSeal = z.object({
  id: z.string(),
  version: z.int().positive(),
  /** `completed`, the end of the operation · `asked`, it was done before, and a proof was wanted · `late`, readings came after · `corrected`. */
  cause: z.enum(['completed', 'asked', 'late', 'corrected']),
  sealedAt: InstantSchema,
  /** Raw readings, the one that held when it began included. */
  samples: z.int().nonnegative(),
  firstAt: InstantSchema.nullable(),
  lastAt: InstantSchema.nullable(),
  /** Of the raw readings as text, a line each. */
  sha256: z.string(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  coverage: z.number(),
})

/** What a process parameter was, from the readings of the equipment while the operation lasted. */
const ParameterUsed = z.object({
  name: z.string(),
  /** The operation asks for a `parameter`; the `environment` is what the places above its equipment tell. */
  about: z.enum(['parameter', 'environment']),
  unit: z.string(),
  low: z.number().nullable(),
  target: z.number().nullable(),
  high: z.number().nullable(),
  critical: z.boolean(),
  /** Name of the tag that tells it; null = a person records it in a step. */
  tag: z.string().nullable(),
  /** Null = there is no such tag at the equipment. */
  tagId: idOf<'Tag'>().nullable(),
  /** Null = it was not begun, or lasted no time. */
  window: Window.nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Time-weighted. */
  mean: z.number().nullable(),
  samples: z.int(),
  /** Where nothing usable was read: half-open, oldest first; at most a hundred are listed. */
  gaps: z.array(z.object({ from: InstantSchema, to: InstantSchema })),
  /** Share of the window with usable readings, 0 to 1; null = there is no window. */
  coverage: z.number().nullable(),
  /** Every usable reading lay within the limits; null = it has none, or nobody knows. */
  within: z.boolean().nullable(),
  /** Oldest first; none = not completed, no tag tells it, or nobody has asked for a proof since. */
  seals: z.array(ReadingSeal),
})

/** Which program a machine was to run, and which one it told that it had loaded when the operation began. */
const ProgramUsed = z.object({
  /** As the work definition released it; null = it names none. */
  released: z.object({ name: z.string(), sha256: z.string() }).nullable(),
  /** Null = the machine did not tell, or was not begun with. */
  loaded: z.object({ name: z.string(), sha256: z.string().nullable(), at: InstantSchema }).nullable(),
  /** `same` = to the byte, `same-name` = it told no hash, `other`; null = none is released, or nobody knows. */
  verdict: z.enum(['same', 'same-name', 'other']).nullable(),
  /** What the gate found each time work began or went on, oldest first; none = nothing to hold it against, or begun before this was kept. */
  checks: z.array(ProgramCheck),
})

/** A file that the record names by the hash of its content: whoever has the file holds it against the bundle. */
const FileNamed = z.object({
  sha256: z.string(),
  kind: z.enum(['photo', 'program', 'original', 'certificate', 'calibration']),
  /** What it is of: `Photo of "Look at it", 10 Cure`. */
  of: z.string(),
  /** The record that names it. */
  record: RecordRef,
})

/** An amount that was weighed out and went in, with its scale as it stood then. */
const WeighingUsed = Weighing.extend({
  /** Codes of the lot that it was taken out of and of what it became. */
  lotCode: Code,
  dispensedCode: Code,
  material: Code,
  /** The operation that it went into; null = it has not been used, or nobody knows where. */
  runId: idOf<'OperationRun'>().nullable(),
  tool: ToolUsed,
})

/** A person who worked on an operation or confirmed an entry, and what they were qualified for then. */
const PersonUsed = z.object({
  id: z.string(),
  name: z.string(),
  did: z.enum(['performed', 'verified']),
  from: InstantSchema,
  /** Null = still at it. */
  to: InstantSchema.nullable(),
  /** Of the skills that the operation or step asks for, and whether they held them at `from`. */
  skills: z.array(z.object({ skill: Code, held: z.boolean() })),
  qualifications: z.array(
    Qualification.pick({ id: true, skill: true, evidence: true, validFrom: true, validTo: true }),
  ),
})

const EntryUsed = StepEntry.extend({ signatures })

/** One doing of one operation on the piece, or on the lot that it was a part of then. */
const RunUsed = OperationRun.omit({ candidates: true, subjects: true, subjectCodes: true, heldBy: true }).extend({
  /** As which lot it went through: itself, or one that it was split from. */
  lotCode: Code,
  /** How many pieces went through together. */
  pieces: z.int(),
  /** Path of the equipment; null = not begun, or no longer known. */
  place: z.string().nullable(),
  specialProcess: z.boolean(),
  /** Null = none is released for it, and its equipment tells of none. */
  program: ProgramUsed.nullable(),
  /** Each lot that went in here, one by one, oldest first; `quantity` null = shared out among several pieces. */
  materials: z.array(
    z.object({ code: Code, material: Code, unit: z.string(), quantity: DecimalSchema.nullable(), at: InstantSchema }),
  ),
  /** What people worked on it, all together; null = somebody is still at it. */
  labourMs: z.number().nullable(),
  /** Every step of the instruction that it was done by, with its entries, the replaced ones too; none = nothing was entered. */
  steps: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      asks: z.string(),
      ask: StepType.nullable(),
      optional: z.boolean(),
      /** Done only when a step before it was answered so. */
      conditional: z.boolean(),
      /** Another person confirms what was entered. */
      secondPerson: z.boolean(),
      entries: z.array(EntryUsed),
    }),
  ),
  parameters: z.array(ParameterUsed),
  /** The readings of its equipment while it lasted: what a trend of it asks for; null = there are none to look at. */
  readings: z.object({ nodeId: idOf<'EquipmentNode'>(), window: Window, tagIds: z.array(idOf<'Tag'>()) }).nullable(),
  toolsUsed: z.array(ToolUsed),
  people: z.array(PersonUsed),
  overrides: z.array(GateOverride.extend({ signatures })),
})

/** Everything that is known of how one piece or lot was made, from the records of the plant. Unknown is null, and told. */
export const AsBuilt = z.object({
  /** When it was put together. */
  at: InstantSchema,
  lot: Lot,
  /** Path of where it lies; null = on its way, gone, or no longer known. */
  place: z.string().nullable(),
  product: z.object({
    code: Code,
    name: z.string().nullable(),
    drawing: z.object({ number: z.string(), revision: z.string() }).nullable(),
  }),
  order: Order.omit({ subjects: true, instructions: true, holds: true })
    .extend({ site: z.string().nullable() })
    .nullable(),
  versions: z.array(VersionUsed),
  bom: BillOfMaterial.pick({ id: true, version: true, lines: true }).nullable(),
  genealogy: z.object({
    lots: z.array(LotUsed),
    edges: z.array(
      z.object({
        from: lotId,
        to: lotId,
        kind: ThreadEdge.shape.kind,
        /** Null = one amount went into several, and nobody knows how much into each. */
        quantity: DecimalSchema.nullable(),
        at: InstantSchema,
        runId: idOf<'OperationRun'>().nullable(),
      }),
    ),
    /** There are more lots than an answer holds. */
    truncated: z.boolean(),
    /** Lots at places that whoever asks may not see: counted, and not told. */
    hidden: z.int().nonnegative(),
  }),
  runs: z.array(RunUsed),
  weighings: z.array(WeighingUsed),
  inspections: z.array(Inspection.extend({ tool: ToolUsed.nullable() })),
  deviations: z.array(Deviation.extend({ signatures })),
  holds: z.array(OrderHold),
  movements: z.array(MaterialMovement.extend({ place: z.string().nullable() })),
  containers: z.array(Container.pick({ id: true, sscc: true, kind: true, state: true })),
  /** Photos, programs, originals of measurements, certificates: each once, with the first record that names it. */
  files: z.array(FileNamed),
  /** What is not known, or not done yet, in words: `No calibration of CMM-01 before 2026-11-02 is known`. */
  unknown: z.array(z.string()),
  /** Every record that it shows, as the ledger knows it: what `prove` makes a bundle of. */
  records: z.array(RecordRef.extend({ version: RecordVersion.shape.version, hash: RecordVersion.shape.hash })),
})
export type AsBuilt = z.infer<typeof AsBuilt>

const subject = z.union([z.object({ lotId }), z.object({ code: Code })])
/** The file is fetched from `path` behind the plant's URL, once, within five minutes. */
const ticket = z.object({ path: z.string(), fileName: z.string(), expiresAt: InstantSchema })

export const getAsBuilt = operation({
  name: 'traceability.as-built.get',
  summary:
    'Get the as-built record of a piece or lot: what it was made of, how, by whom, with what, and what was found',
  permission: 'traceability.read',
  scope: 'any',
  mutates: false,
  input: subject,
  output: AsBuilt,
})

export const exportAsBuilt = operation({
  name: 'traceability.as-built.export',
  summary: 'Make the as-built record of a piece or lot as an archivable PDF, or as JSON',
  permission: 'traceability.read',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({ lotId, format: z.enum(['pdf', 'json']) }),
  output: ticket,
})

/**
 * Holds the audit entries behind every record that it shows, so it takes the permission to read the trail. `readings` = the raw
 * readings that the bundle seals, as a file beside it; null = it seals none.
 */
export const proveAsBuilt = operation({
  name: 'traceability.as-built.prove',
  summary: 'Make a bundle that proves the as-built record of a piece or lot without this product',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  input: z.object({ lotId }),
  output: ticket.extend({ readings: ticket.nullable() }),
})
