import type { Id, Instant } from '@throughline/kernel'
import type { ProductStandard } from '@throughline/model'
import { LineSetting, WorkCalendar } from '@throughline/model'
import type { Database } from '@throughline/platform'
import { sql } from 'kysely'

type NodeId = Id<'EquipmentNode'>

/** What people set, for all machines. */
export interface Settings {
  readonly calendars: readonly WorkCalendar[]
  readonly standards: readonly ProductStandard[]
  /** The newest version of each. */
  readonly lines: readonly LineSetting[]
}

interface Row {
  /** JSON, as text: it seldom changes, and what was made of the same text before is taken again. */
  readonly calendars: string | null
  readonly standards: string | null
  readonly lines: string | null
  readonly known: Readonly<Record<NodeId, Instant | null>> | null
}

/** All settings, and since when anything is known of each of the machines, in one statement; machines of which nothing ever was are left out. */
export async function readJudgement(
  db: Database,
  nodeIds: readonly NodeId[],
): Promise<Settings & { readonly knownSince: ReadonlyMap<NodeId, Instant> }> {
  const { rows } = await sql<Row>`
    select
      (select json_agg(json_build_object('id', id, 'nodeId', node_id, 'version', version,
        'validFrom', to_char(valid_from, 'YYYY-MM-DD'), 'timeZone', time_zone, 'shifts', shifts,
        'exceptions', exceptions, 'reason', reason, 'recordedBy', recorded_by) order by node_id, version)::text
        from performance.work_calendar) as calendars,
      (select json_agg(json_build_object('id', id, 'className', class_name, 'nodeId', node_id, 'product', product,
        'idealCycleSeconds', ideal_cycle_seconds, 'plannedScrapRatio', planned_scrap_ratio)
        order by class_name, product, node_id nulls first)::text from performance.product_standard) as standards,
      (select json_agg(json_build_object('id', id, 'lineId', line_id, 'version', version, 'machines', machines,
        'keyNodeId', key_node_id, 'reason', reason, 'recordedBy', recorded_by, 'recordedAt', recorded_at)
        order by line_id)::text
        from (select distinct on (line_id) * from performance.line_setting order by line_id, version desc) as newest) as lines,
      (select json_object_agg(node.id, least(
        (select from_at from performance.signal_interval where node_id = node.id order by from_at limit 1),
        (select from_at from performance.manual_state where node_id = node.id order by from_at limit 1)))
        from unnest(${[...nodeIds]}::uuid[]) as node (id)) as known`.execute(db)
  const { calendars = null, standards = null, lines = null, known = null } = rows[0] ?? {}
  const since = Object.entries(known ?? {}) as [NodeId, Instant | null][]
  return {
    calendars: calendarsIn(calendars),
    standards: standardsIn(standards),
    lines: linesIn(lines),
    knownSince: new Map(since.flatMap(([nodeId, at]) => (at === null ? [] : [[nodeId, at] as const]))),
  }
}

/** Of the same text the same is made: what was made of the last one is kept, with all that hangs on it. */
function keepingLast<Made>(make: (rows: readonly unknown[]) => Made): (text: string | null) => Made {
  let last: { readonly text: string | null; readonly made: Made } | undefined
  return (text) => {
    if (last?.text !== text || last === undefined) last = { text, made: make(text === null ? [] : JSON.parse(text)) }
    return last.made
  }
}

const calendarsIn = keepingLast((rows) => rows.map((row) => WorkCalendar.parse(row)))
const standardsIn = keepingLast((rows) => rows as ProductStandard[])
const linesIn = keepingLast((rows) => rows.map((row) => LineSetting.parse(row)))
