import type { Instant } from '@throughline/kernel'
import type {
  Asset,
  CleaningStatus,
  EquipmentQualification,
  GateOverride,
  Lot,
  OrderHold,
  OrderState,
  Outage,
  Qualification,
  RoutingOperation,
  VersionState,
} from '@throughline/model'
import type { LoadedProgram, MachineCondition } from '../execution.ts'

/** A tool or gauge as it was scanned, and what it is; undefined = there is none of this code. */
export interface ScannedAsset {
  readonly code: string
  readonly asset: Asset | undefined
}

/** A lot as it was scanned to be built in. */
export interface ScannedLot {
  readonly lot: Lot
  /** Materials that fit the positions of the operation. */
  readonly fitting: readonly string[]
}

/** Everything that is looked at before work may begin or go on, as it stands at one instant. */
export interface GateFacts {
  readonly at: Instant
  readonly order: { readonly code: string; readonly state: OrderState; readonly holds: readonly OrderHold[] }
  readonly operation: Pick<
    RoutingOperation,
    'sequence' | 'name' | 'skills' | 'tools' | 'needsCleaning' | 'program' | 'instruction' | 'specialProcess'
  >
  /** Operations before this one that its pieces have not been through. */
  readonly before: readonly { readonly sequence: number; readonly name: string; readonly codes: readonly string[] }[]
  /** The version that the order keeps; null = the order keeps none of this code. */
  readonly instruction: {
    readonly version: number
    readonly state: VersionState
    readonly effectiveAt: Instant | null
  } | null
  readonly person: {
    readonly name: string
    /** Everything that they ever earned. */
    readonly qualifications: readonly Qualification[]
    /** What somebody may have been trained on only, as `code@version`. */
    readonly worksBy: readonly string[]
  }
  /** Null = it is not decided where the work is done. */
  readonly equipment: {
    readonly path: string
    readonly condition: MachineCondition
    readonly cleaning: CleaningStatus
    /** Undefined = it is in service. */
    readonly outage: (Pick<Outage, 'since' | 'reason'> & { readonly path: string }) | undefined
    /** Of a special process: what was ever granted to it. */
    readonly qualified: readonly EquipmentQualification[]
    readonly program: LoadedProgram | undefined
  } | null
  /** Null = nothing is scanned yet: then it is looked at what there is in the plant. */
  readonly scannedAssets: readonly ScannedAsset[] | null
  readonly assets: readonly Asset[]
  /** Pieces of the run and all that went into them, where something is wrong with it. */
  readonly suspect: readonly Pick<Lot, 'code' | 'status' | 'statusReason'>[]
  readonly scannedLots: readonly ScannedLot[]
  /** Scanned codes that are neither. */
  readonly unknownCodes: readonly string[]
  readonly overrides: readonly Pick<GateOverride, 'id' | 'kind' | 'subject'>[]
}
