import type { Id, Instant } from '@throughline/kernel'
import type { AlarmPriority, Window } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { AlarmStream, LongStanding } from './rules.ts'

type Db = Kysely<Tables>
/** null = all. */
type Nodes = readonly Id<'EquipmentNode'>[] | null

/** Every node that has or had an alarm of its own. */
export async function listNodesWithAlarms(db: Db): Promise<Id<'EquipmentNode'>[]> {
  const found = await sql<{ id: Id<'EquipmentNode'> }>`
    select distinct node_id as id from alarm.definition order by node_id`.execute(db)
  return found.rows.map(({ id }) => id)
}

/**
 * When the alarms occurred that were shown within the window, one stream a definition. They come as two texts of numbers
 * each: a month's 100,000 occurrences as rows took five times as long to read.
 */
export async function listStreams(db: Db, nodes: Nodes, { from, to }: Window): Promise<AlarmStream[]> {
  const found = await sql<{
    definitionId: Id<'AlarmDefinition'>
    name: string
    message: string
    priority: AlarmPriority
    at: string
    delays: string | null
  }>`
    select stream.definition_id as "definitionId", name, message, priority, at, delays
    from (
      select definition_id, array_agg(at - ${from}::bigint)::text as at,
        (array_agg(acknowledged_at - at) filter (where acknowledged_at is not null))::text as delays
      from alarm.occurrence
      where at >= ${from} and at < ${to} and not hidden
        and (${nodes === null} or node_id = any(${nodes ?? []}::uuid[]))
      group by definition_id) as stream
      join alarm.definition on definition.id = stream.definition_id
    order by name, version`.execute(db)
  return found.rows.map(({ at, delays, ...about }) => ({
    ...about,
    at: numbersOf(at)
      .map((offset) => from + offset)
      .sort(),
    delays: delays === null ? new Float64Array() : numbersOf(delays),
  }))
}

/** `{1,2,3}`, as PostgreSQL writes an array. */
const numbersOf = (text: string): Float64Array => Float64Array.from(JSON.parse(`[${text.slice(1, -1)}]`) as number[])

/** How many occurred within the window while nobody could see them. */
export async function countHidden(db: Db, nodes: Nodes, { from, to }: Window): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from alarm.occurrence
    where at >= ${from} and at < ${to} and hidden
      and (${nodes === null} or node_id = any(${nodes ?? []}::uuid[]))`.execute(db)
  return found.rows[0]?.count ?? 0
}

/** What was shown, stood for so long and reached into the window, oldest first. */
export async function listLongStanding(
  db: Db,
  nodes: Nodes,
  { from, to }: Window,
  hours: number,
): Promise<LongStanding[]> {
  const long = Math.floor(hours * 3600e6)
  const found = await sql<LongStanding & { returnedAt: Instant | null }>`
    select definition_id as "definitionId", name, at, returned_at as "returnedAt" from alarm.occurrence
    where at < ${to - long} and (returned_at is null or (returned_at > ${from} and returned_at - at > ${long}))
      and not hidden and (${nodes === null} or node_id = any(${nodes ?? []}::uuid[]))
    order by at, id`.execute(db)
  return found.rows
}
