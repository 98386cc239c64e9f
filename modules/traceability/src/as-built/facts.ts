import type { StoredRun } from '@throughline/execution'
import type { Decimal, Id, Instant } from '@throughline/kernel'
import type {
  Asset,
  BillOfMaterial,
  Calibration,
  Container,
  Deviation,
  GateOverride,
  Inspection,
  Lot,
  MaterialDefinition,
  MaterialMovement,
  Order,
  ProgramCheck,
  Qualification,
  RecordRef,
  RecordVersion,
  RoutingOperation,
  StepEntry,
  ThreadEdge,
  Weighing,
  WorkDefinition,
  WorkInstruction,
} from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { ReadingSeal } from '../readings/store.ts'

export type LotId = Id<'Lot'>

/** What quality keeps, as the module beside this one is told it. */
export interface QualityRecords {
  inspectionsOf(
    db: Kysely<Tables>,
    asked: { readonly lots: readonly LotId[]; readonly runs: readonly Id<'OperationRun'>[] },
  ): Promise<Inspection[]>
  deviationsOf(
    db: Kysely<Tables>,
    asked: {
      readonly lots: readonly LotId[]
      readonly runs: readonly Id<'OperationRun'>[]
      readonly orders: readonly Id<'Order'>[]
    },
  ): Promise<Deviation[]>
  findInspection(db: Kysely<Tables>, id: Id<'Inspection'>): Promise<Inspection | undefined>
  findDeviation(db: Kysely<Tables>, id: Id<'Deviation'>): Promise<Deviation | undefined>
  /** All there are, page by page; `after` = the last one of the page before. */
  inspectionsAfter(db: Kysely<Tables>, after: string | null, limit: number): Promise<Inspection[]>
  deviationsAfter(db: Kysely<Tables>, after: string | null, limit: number): Promise<Deviation[]>
}

/** That something went into a lot. */
export interface LotEdge {
  readonly movementId: Id<'MaterialMovement'>
  readonly from: LotId
  readonly to: LotId
  readonly kind: ThreadEdge['kind']
  readonly quantity: Decimal | null
  readonly at: Instant
  readonly runId: Id<'OperationRun'> | null
}

/** All that a lot was made of, by how many steps it is away. */
export interface Genealogy {
  readonly depths: ReadonlyMap<LotId, number>
  readonly edges: readonly LotEdge[]
  readonly truncated: boolean
}

/** One doing of an operation, and by what it was done. */
export interface RunFacts {
  readonly run: StoredRun
  /** The lot that went through it: the piece, or one that it was split from. */
  readonly lotId: LotId
  readonly definition: WorkDefinition | undefined
  readonly operation: RoutingOperation | undefined
  readonly instruction: WorkInstruction | undefined
  /** Of this lot and of the operation as a whole, the replaced ones too. */
  readonly entries: readonly StepEntry[]
  readonly overrides: readonly GateOverride[]
  /** What the gate found of the program when work began or went on. */
  readonly programChecks: readonly ProgramCheck[]
}

/** A gauge or tool with all its calibrations, newest first. */
export interface KnownTool {
  readonly asset: Asset
  readonly calibrations: readonly Calibration[]
}

/** Everything that the database knew of one lot at one moment. */
export interface Facts {
  readonly at: Instant
  readonly lot: Lot
  /** The lots of the genealogy that whoever asks may see, the lot itself first. */
  readonly lots: readonly Lot[]
  readonly hidden: number
  readonly genealogy: Genealogy
  readonly definition: MaterialDefinition | undefined
  readonly order: Order | undefined
  /** Codes of the orders that made the lots. */
  readonly orderCodes: ReadonlyMap<string, string>
  readonly workDefinition: WorkDefinition | undefined
  readonly bom: BillOfMaterial | undefined
  readonly runs: readonly RunFacts[]
  /** Of what went in. */
  readonly weighings: readonly Weighing[]
  /** What was sealed of the readings while the runs lasted. */
  readonly seals: readonly ReadingSeal[]
  /** Of sealed readings that are not as they were, in words. */
  readonly readingFindings: readonly string[]
  readonly inspections: readonly Inspection[]
  readonly deviations: readonly Deviation[]
  readonly movements: readonly MaterialMovement[]
  /** How many movements there are; the first of them are here. */
  readonly movementsInAll: number
  readonly containers: readonly Pick<Container, 'id' | 'sscc' | 'kind' | 'state'>[]
  /** By code in lower case. */
  readonly tools: ReadonlyMap<string, KnownTool>
  readonly qualifications: ReadonlyMap<string, readonly Qualification[]>
  readonly records: readonly (RecordRef & RecordVersion)[]
  /** Records that are shown and that the ledger does not know. */
  readonly unrecorded: readonly RecordRef[]
}
