import type { Id, Instant } from '@throughline/kernel'
import type { KpiElements } from '@throughline/model'

type NodeId = Id<'EquipmentNode'>

/** What a result says of one order and product. */
export interface StoredCell {
  readonly from: Instant
  readonly order: string | null
  readonly product: string | null
  readonly elements: KpiElements
  readonly stopLosses: readonly {
    reasonId: Id<'Reason'> | null
    causedBy?: NodeId
    us: number
    count: number
  }[]
  readonly scrapLosses: readonly { reasonId: Id<'Reason'> | null; us: number; count: number; quantity: number }[]
}

export interface StoredResult {
  readonly id: Id<'ShiftResult'>
  readonly nodeId: NodeId
  readonly date: string
  readonly name: string
  readonly from: Instant
  readonly to: Instant
  readonly version: number
  readonly cause: string | null
  readonly asOf: Instant
  readonly inputHash: string
  readonly elements: KpiElements
  readonly cells: readonly StoredCell[]
}

/** Time of a machine whose results are to be looked at anew. */
export interface Due {
  readonly id: string
  readonly nodeId: NodeId
  readonly from: Instant
  readonly to: Instant
  readonly cause: string
  readonly heardAt: Instant
}
