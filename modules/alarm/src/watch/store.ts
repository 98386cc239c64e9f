import type { Id } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { ConditionMemory } from '../condition/memory.ts'

type DefinitionId = Id<'AlarmDefinition'>

/** What is known of a condition after its `told`-th crossing, which is written. */
export interface KeptMemory {
  readonly definitionId: DefinitionId
  readonly told: number
  readonly memory: ConditionMemory
}

export async function listMemories(db: Kysely<Tables>): Promise<KeptMemory[]> {
  const found = await sql<KeptMemory>`
    select definition_id as "definitionId", told, memory from alarm.watch_memory`.execute(db)
  return found.rows
}

/** How many crossings of each alarm are written. */
export async function countTold(db: Kysely<Tables>, ids: readonly DefinitionId[]): Promise<Map<DefinitionId, number>> {
  const found = await sql<{ id: DefinitionId; told: number }>`
    select definition_id as id, told from alarm.watch_memory where definition_id = any(${ids}::uuid[])`.execute(db)
  return new Map(found.rows.map(({ id, told }) => [id, told]))
}

/** Of alarms that are still in force; the memory of others is not kept. */
export async function saveMemories(db: Kysely<Tables>, kept: readonly KeptMemory[]): Promise<void> {
  if (kept.length === 0) return
  await sql`
    insert into alarm.watch_memory (definition_id, told, memory)
    select each."definitionId", each.told, each.memory
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as each ("definitionId" uuid, told bigint, memory jsonb)
    join alarm.alarm on alarm.definition_id = each."definitionId"
    order by each."definitionId"
    on conflict (definition_id) do update set told = excluded.told, memory = excluded.memory
      where watch_memory.told <= excluded.told`.execute(db)
}

export async function deleteMemory(db: Kysely<Tables>, id: DefinitionId): Promise<void> {
  await sql`delete from alarm.watch_memory where definition_id = ${id}`.execute(db)
}
