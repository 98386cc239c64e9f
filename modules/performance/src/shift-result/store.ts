import type { Id, Instant } from '@throughline/kernel'
import type { KpiElements } from '@throughline/model'
import type { Database } from '@throughline/platform'
import { sql } from 'kysely'
import { elementNames } from '../time-model/elements.ts'
import type { Due, StoredResult } from './stored-result.ts'

type NodeId = Id<'EquipmentNode'>

/** `pbtUs` stands in `pbt_us`. */
const columnOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const columns = sql.join(elementNames.map((name) => sql.id(columnOf(name))))
const named = sql.join(elementNames.map((name) => sql`result.${sql.id(columnOf(name))} as ${sql.id(name)}`))
const summed = sql.join(elementNames.map((name) => sql`sum(result.${sql.id(columnOf(name))}) as ${sql.id(name)}`))

/** The version that holds. A result of no time was taken back: the calendar has no such shift any more. */
const isNewest = sql`not exists (
  select from performance.shift_result as newer
  where newer.node_id = result.node_id and newer.from_at = result.from_at and newer.version > result.version)`

type Row = Omit<StoredResult, 'elements' | 'cells'> & KpiElements & { cells: StoredResult['cells'] }

const selectResults = sql`
  select result.id, result.node_id as "nodeId", to_char(result.shift_date, 'YYYY-MM-DD') as date,
    result.shift_name as name, result.from_at as "from", result.to_at as "to", result.version, result.cause,
    result.as_of as "asOf", result.input_hash as "inputHash", ${named}, result.cells
  from performance.shift_result as result`

/** Every version of the results of shifts that overlap `[from, to)`, by time, machine and version. */
export async function listVersions(
  db: Database,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<StoredResult[]> {
  const { rows } = await sql<Row>`
    ${selectResults}
    where result.node_id = any(${[...nodeIds]}::uuid[]) and result.from_at < ${to} and result.to_at > ${from}
    order by result.from_at, result.node_id, result.version`.execute(db)
  return rows.map(resultOf)
}

/** The versions that hold, of shifts that lie wholly in `[from, to)`; those that were taken back are left out. */
export async function listNewest(
  db: Database,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<StoredResult[]> {
  const { rows } = await sql<Row>`
    ${selectResults}
    where result.node_id = any(${[...nodeIds]}::uuid[]) and result.from_at >= ${from} and result.to_at <= ${to}
      and result.calendar_us > 0 and ${isNewest}
    order by result.from_at, result.node_id`.execute(db)
  return rows.map(resultOf)
}

function resultOf(row: Row): StoredResult {
  const elements = Object.fromEntries(elementNames.map((name) => [name, row[name]])) as KpiElements
  const { id, nodeId, date, name, from, to, version, cause, asOf, inputHash, cells } = row
  const about = { id, nodeId, date, name, from, to, version, cause, asOf, inputHash }
  return { ...about, elements, cells }
}

/** How far the results of a machine reach: they have no hole. */
export interface Reach {
  readonly nodeId: NodeId
  readonly from: Instant
  readonly to: Instant
}

/** Of results that lie wholly in `[from, to)`; machines without any are left out. */
export async function listReaches(
  db: Database,
  nodeIds: readonly NodeId[],
  from: Instant,
  to: Instant,
): Promise<Reach[]> {
  const { rows } = await sql<Reach>`
    select node_id as "nodeId", min(from_at) as "from", max(to_at) as "to" from performance.shift_result as result
    where node_id = any(${[...nodeIds]}::uuid[]) and from_at >= ${from} and to_at <= ${to} and calendar_us > 0
      and ${isNewest}
    group by node_id`.execute(db)
  return rows
}

export interface Sum {
  readonly key: string
  /** Whether the machines in it are of those named as not counting. */
  readonly isUncounted: boolean
  readonly from: Instant
  readonly to: Instant
  readonly elements: KpiElements
}

const keys = {
  machine: sql`result.node_id::text`,
  shift: sql`to_char(result.shift_date, 'YYYY-MM-DD') || ' ' || result.shift_name`,
  day: sql`to_char(result.shift_date, 'YYYY-MM-DD')`,
}

/** Results that hold, of shifts that lie wholly in `[from, to)`, summed by the database. */
export async function sumResults(
  db: Database,
  by: keyof typeof keys,
  machines: { readonly nodeIds: readonly NodeId[]; readonly uncounted: readonly NodeId[] },
  from: Instant,
  to: Instant,
): Promise<Sum[]> {
  const { rows } = await sql<Omit<Sum, 'elements'> & KpiElements>`
    select ${keys[by]} as key, result.node_id = any(${[...machines.uncounted]}::uuid[]) as "isUncounted",
      min(result.from_at) as "from", max(result.to_at) as "to", ${summed}
    from performance.shift_result as result
    where result.node_id = any(${[...machines.nodeIds]}::uuid[]) and result.from_at >= ${from}
      and result.to_at <= ${to} and result.calendar_us > 0 and ${isNewest}
    group by 1, 2`.execute(db)
  return rows.map(({ key, isUncounted, from: begin, to: end, ...elements }) => ({
    ...{ key, isUncounted, from: begin, to: end, elements },
  }))
}

export async function insertResults(db: Database, results: readonly StoredResult[]): Promise<void> {
  if (results.length === 0) return
  const rows = results.map(({ elements, cells, ...about }) => ({ ...about, ...elements, cells }))
  const values = sql.join(elementNames.map((name) => sql`row.${sql.id(name)}`))
  const types = sql.join(elementNames.map((name) => sql`${sql.id(name)} double precision`))
  await sql`
    insert into performance.shift_result (id, node_id, shift_date, shift_name, from_at, to_at, version, cause, as_of,
      input_hash, cells, ${columns})
    select row.id, row."nodeId", row.date, row.name, row."from", row."to", row.version, row.cause, row."asOf",
      row."inputHash", row.cells, ${values}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (id uuid, "nodeId" uuid, date date, name text,
      "from" bigint, "to" bigint, version integer, cause text, "asOf" bigint, "inputHash" text, cells jsonb, ${types})
  `.execute(db)
}

export async function insertDue(db: Database, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return
  await sql`
    insert into performance.shift_result_due (id, node_id, from_at, to_at, cause, heard_at)
    select id, "nodeId", "from", "to", cause, "heardAt" from jsonb_to_recordset(${JSON.stringify(due)}::jsonb)
      as row (id uuid, "nodeId" uuid, "from" bigint, "to" bigint, cause text, "heardAt" bigint)
    on conflict (id) do nothing`.execute(db)
}

/** In the order of hearing. */
export async function listDue(db: Database): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select id, node_id as "nodeId", from_at as "from", to_at as "to", cause, heard_at as "heardAt"
    from performance.shift_result_due order by heard_at, id`.execute(db)
  return rows
}

export async function deleteDue(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`delete from performance.shift_result_due where id = any(${[...ids]}::uuid[])`.execute(db)
}
