import type { Id, Instant } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { sql } from 'kysely'

type NodeId = Id<'EquipmentNode'>

/** Since when anything is known of each machine; machines of which nothing ever was are left out. */
export async function listKnownSince(db: Database, nodeIds: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Instant>> {
  const { rows } = await sql<{ nodeId: NodeId; since: Instant | null }>`
    select node.id as "nodeId", least(
      (select from_at from performance.signal_interval where node_id = node.id order by from_at limit 1),
      (select from_at from performance.manual_state where node_id = node.id order by from_at limit 1)) as since
    from unnest(${[...nodeIds]}::uuid[]) as node (id)`.execute(db)
  return new Map(rows.flatMap(({ nodeId, since }) => (since === null ? [] : [[nodeId, since] as const])))
}
