import type { Disposition, GateKind, StepValue } from '@throughline/model'
import type { z } from 'zod'
import type { TruthRecord } from '../truth.ts'

/** An operation of an order as people speak of it; `pieces` are the serials in hand, empty = all of the order. */
export interface Work {
  readonly order: string
  readonly sequence: number
  readonly pieces: readonly string[]
}

/** What was measured on a piece. */
export interface Measured {
  readonly characteristic: string
  readonly unit: string | null
  readonly nominal: number | null
  readonly low: number | null
  readonly high: number | null
  readonly measured: number | null
}

/** One thing that somebody does with the product; everything is named by what stands on labels. */
export type Act =
  | {
      readonly kind: 'receive'
      readonly lot: string
      readonly material: string
      readonly quantity: string
      readonly node: string
      readonly place: string
      readonly supplierLot: string
      readonly certificate: string | null
      readonly outForSeconds: number
    }
  | {
      readonly kind: 'move'
      readonly lot: string
      readonly node: string
      readonly place: string
      readonly cold: boolean
    }
  | { readonly kind: 'split'; readonly lot: string; readonly part: string; readonly quantity: string }
  | {
      readonly kind: 'transform'
      readonly lot: string
      readonly quantity: string
      readonly material: string
      readonly made: string
      readonly into: string
    }
  | {
      readonly kind: 'order'
      readonly order: string
      readonly site: string
      readonly product: string
      readonly quantity: number
    }
  | { readonly kind: 'release'; readonly order: string; readonly pieces: readonly string[] }
  | ({ readonly kind: 'start'; readonly node: string; readonly tools: readonly string[] } & Work)
  | ({
      readonly kind: 'record'
      readonly step: string
      readonly value: z.input<typeof StepValue>
      readonly reason: string
      /** The step is done once for each piece. */
      readonly perPiece: boolean
    } & Work)
  | ({ readonly kind: 'verify'; readonly step: string } & Work)
  | ({ readonly kind: 'sign'; readonly step: string } & Work)
  | ({ readonly kind: 'complete' } & Work)
  | ({
      readonly kind: 'inspect'
      readonly as: 'in-process' | 'final'
      readonly gauge: string | null
      /** The device that tells it by itself; null = a person writes it down. */
      readonly by: 'measuring-machine' | 'torque-wrench' | null
      readonly results: readonly Measured[]
    } & Work)
  | ({ readonly kind: 'override'; readonly gate: GateKind; readonly subject: string; readonly reason: string } & Work)
  /** Somebody tells quality of something that nothing else would open a deviation for. */
  | {
      readonly kind: 'report'
      readonly order: string
      readonly title: string
      readonly description: string
      readonly about: string
      readonly severity: 'minor' | 'major'
      readonly node: string
      readonly lots: readonly string[]
    }
  /** Quality closes the deviations of an order; `waits` = there must be one. */
  | {
      readonly kind: 'settle'
      readonly order: string
      readonly conclusion: string
      readonly waits: boolean
      /** Absent = use as is. */
      readonly disposition?: Disposition
    }
  | { readonly kind: 'close'; readonly order: string }
  /** Quality asks which lots were at a place in that time, and puts them and what came of them into quarantine. */
  | {
      readonly kind: 'quarantine'
      readonly node: string
      readonly fromMs: number
      readonly toMs: number
      readonly reason: string
    }
  | {
      readonly kind: 'qualify'
      readonly person: string
      readonly skill: string
      readonly fromMs: number
      readonly toMs: number | null
    }
  | { readonly kind: 'qualify-equipment'; readonly node: string; readonly process: string; readonly fromMs: number }

/** How the product must refuse something: the code of its error, and the gate that is closed. */
export interface Refusal {
  readonly story: string
  readonly code: string
  readonly gate: GateKind
  readonly subject: string
}

export interface Deed {
  readonly atMs: number
  readonly who: string
  readonly act: Act
  /** Present = it must be refused so. */
  readonly refused?: Refusal
  /** What is true once it is done, without its time. */
  readonly truth: readonly TruthRecord[]
}

/** Deeds of one order, or of one day in the store, in their order. Different errands wait for each other by time alone. */
export interface Errand {
  readonly code: string
  readonly deeds: readonly Deed[]
}
