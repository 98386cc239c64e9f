import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** What was being worked on at a node. */
export interface WorkThere {
  readonly orderId: Id<'Order'>
  readonly orderCode: string
  readonly runId: Id<'OperationRun'>
  readonly lots: readonly Id<'Lot'>[]
}

/** What was in hand at a node at an instant, the last begun of several; undefined = nothing. */
export async function workAt(
  db: Kysely<Tables>,
  nodeId: Id<'EquipmentNode'>,
  at: Instant,
): Promise<WorkThere | undefined> {
  const { rows } = await sql<WorkThere>`
    select r.order_id as "orderId", o.code as "orderCode", r.id as "runId", r.subjects as lots
    from execution.run r join execution.order o on o.id = r.order_id
    where r.node_id = ${nodeId} and r.started_at <= ${at} and (r.completed_at is null or r.completed_at > ${at})
    order by r.started_at desc, r.id desc limit 1`.execute(db)
  return rows[0]
}
