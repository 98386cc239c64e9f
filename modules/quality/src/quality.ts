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

/** What the module is told of the plant that it runs in. */
export interface QualityOptions {
  readonly directory: TagDirectory
  readonly orders: OrderFinder
  /** What equipment was busy with at an instant; undefined = nothing that anybody knows of. */
  readonly workAt: (db: Kysely<Tables>, nodeId: Id<'EquipmentNode'>, at: Instant) => Promise<Work | undefined>
}
