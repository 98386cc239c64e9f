import type { Id } from '@throughline/kernel'
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
 * When the alarms occurred that were shown within the window, one stream a definition; and how many others were hidden. They
 * come as two texts of numbers each: a month's 100,000 occurrences as rows took five times as long to read.
 */
export async function readStreams(
  db: Db,
  nodes: Nodes,
  { from, to }: Window,
): Promise<{ streams: AlarmStream[]; hidden: number }> {
  const found = await sql<{
    definitionId: Id<'AlarmDefinition'>
    name: string
    message: string
    priority: AlarmPriority
    at: string | null
    delays: string | null
    hidden: number
  }>`
    select stream.definition_id as "definitionId", name, message, priority, at, delays, hidden
    from (
      select definition_id, count(*) filter (where hidden)::integer as hidden,
        (array_agg(at - ${from}::bigint) filter (where not hidden))::text as at,
        (array_agg(acknowledged_at - at) filter (where not hidden and acknowledged_at is not null))::text as delays
      from alarm.occurrence
      where at >= ${from} and at < ${to} and (${nodes === null} or node_id = any(${nodes ?? []}::uuid[]))
      group by definition_id) as stream
      join alarm.definition on definition.id = stream.definition_id
    order by name, version`.execute(db)
  return {
    streams: found.rows
      .filter(({ at }) => at !== null)
      .map(({ hidden: _hidden, at, delays, ...about }) => ({
        ...about,
        at: numbersOf(at)
          .map((offset) => from + offset)
          .sort(),
        delays: numbersOf(delays),
      })),
    hidden: found.rows.reduce((sum, { hidden }) => sum + hidden, 0),
  }
}

/** `{1,2,3}`, as PostgreSQL writes an array. */
const numbersOf = (text: string | null): Float64Array =>
  Float64Array.from(JSON.parse(`[${text?.slice(1, -1) ?? ''}]`) as number[])

/** What was shown, stood for so long and reached into the window, oldest first. */
export async function listLongStanding(
  db: Db,
  nodes: Nodes,
  { from, to }: Window,
  hours: number,
): Promise<LongStanding[]> {
  const long = Math.floor(hours * 3600e6)
  const seen = sql`not hidden and (${nodes === null} or node_id = any(${nodes ?? []}::uuid[]))`
  const columns = sql`id, definition_id, name, at, returned_at`
  // One hour, the least that is called stale, is what the index of long ones is made with: the history beside it is not read.
  const found = await sql<LongStanding>`
    select definition_id as "definitionId", name, at, returned_at as "returnedAt" from (
      select ${columns} from alarm.occurrence where at < ${to - long} and returned_at is null and ${seen}
      union all
      select ${columns} from alarm.occurrence
      where returned_at > ${from} and returned_at - at > 3600000000 and returned_at - at > ${long}
        and at < ${to - long} and ${seen}) as each
    order by at, id`.execute(db)
  return found.rows
}
