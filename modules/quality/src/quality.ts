import type { TagDirectory } from '@throughline/equipment'
import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'

/** What a piece of equipment was busy with. */
export interface Work {
  readonly orderId: Id<'Order'>
  readonly orderCode: string
  readonly runId: Id<'OperationRun'> | null
  readonly lots: readonly Id<'Lot'>[]
}

/** Orders as a deviation names them. */
export interface OrderFinder {
  byId(db: Kysely<Tables>, id: Id<'Order'>): Promise<{ readonly id: Id<'Order'>; readonly code: string } | undefined>
  byCode(db: Kysely<Tables>, code: string): Promise<{ readonly id: Id<'Order'>; readonly code: string } | undefined>
}

/** One doing of an operation, as an inspection names it. */
export interface NamedRun {
  readonly id: Id<'OperationRun'>
  readonly orderId: Id<'Order'>
  readonly orderCode: string
  readonly sequence: number
  /** Null = not begun anywhere. */
  readonly nodeId: Id<'EquipmentNode'> | null
  readonly subjects: readonly Id<'Lot'>[]
}

export interface RunFinder {
  byId(db: Kysely<Tables>, id: Id<'OperationRun'>): Promise<NamedRun | undefined>
  /** All that these pieces went through or still have to. */
  ofLots(db: Kysely<Tables>, lots: readonly Id<'Lot'>[]): Promise<readonly NamedRun[]>
}

/** An operation that a gauge or tool was used for, and on which pieces. */
export interface GaugeUse {
  readonly orderCode: string
  readonly sequence: number
  readonly name: string
  readonly lots: readonly Id<'Lot'>[]
}

/** What the module is told of the plant that it runs in. */
export interface QualityOptions {
  readonly directory: TagDirectory
  readonly orders: OrderFinder
  readonly runs: RunFinder
  /** What equipment was busy with at an instant; undefined = nothing that anybody knows of. */
  readonly workAt: (db: Kysely<Tables>, nodeId: Id<'EquipmentNode'>, at: Instant) => Promise<Work | undefined>
  /** What a gauge was used for after `since` (null = ever) and up to `until`; absent = nobody tells. */
  readonly usesOf?: (
    db: Kysely<Tables>,
    gauge: string,
    since: Instant | null,
    until: Instant,
  ) => Promise<readonly GaugeUse[]>
}
