import type { Id, Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { StoredLot } from './stored-lot.ts'

type Connection = Kysely<Tables>
type LotId = Id<'Lot'>
type NodeId = Id<'EquipmentNode'>

/** A lot as its columns are named, flat. */
interface LotRow extends Omit<StoredLot, 'outClock' | 'certificate' | 'quantity'> {
  readonly quantity: string
  readonly outLimitUs: number | null
  readonly outUsedUs: number | null
  readonly outSince: Instant | null
  readonly outChangedAt: Instant | null
  readonly certificateNumber: string | null
  readonly certificateDocument: string | null
}

const columns = sql`
  id, code, material, definition_id as "definitionId", control, quantity, unit, status, status_reason as "statusReason",
  expires_at as "expiresAt", out_limit_us as "outLimitUs", out_used_us as "outUsedUs", out_since as "outSince",
  out_changed_at as "outChangedAt", supplier, supplier_lot as "supplierLot", certificate_number as "certificateNumber",
  certificate_document as "certificateDocument", certificate_needed as "certificateNeeded", node_id as "nodeId",
  last_node_id as "lastNodeId", place, container_id as "containerId", open_deviations as "openDeviations",
  order_id as "orderId", planned as "isPlanned", made_at as "madeAt", version`

const recordset = (lots: readonly StoredLot[]) => sql`
  jsonb_to_recordset(${JSON.stringify(lots.map(rowOf))}::jsonb) as row (id uuid, code text, material text,
    "definitionId" uuid, control text, quantity numeric, unit text, status text, "statusReason" text,
    "expiresAt" bigint, "outLimitUs" bigint, "outUsedUs" bigint, "outSince" bigint, "outChangedAt" bigint,
    supplier text, "supplierLot" text, "certificateNumber" text, "certificateDocument" text,
    "certificateNeeded" boolean, "nodeId" uuid, "lastNodeId" uuid, place text, "containerId" uuid,
    "openDeviations" text[], "orderId" uuid, "isPlanned" boolean, "madeAt" bigint, version integer)`

/** Those of the lots that exist, by code. */
export const listLotsById = (db: Connection, ids: readonly LotId[]): Promise<StoredLot[]> =>
  ids.length === 0 ? Promise.resolve([]) : read(db, sql`where id = any(${[...ids]}::uuid[]) order by code`)

/** Whatever the case of the code. */
export async function findLotByCode(db: Connection, code: string): Promise<StoredLot | undefined> {
  return (await read(db, sql`where lower(code) = lower(${code})`))[0]
}

/** Lots of one supplier's lot number, by code. */
export const listLotsBySupplierLot = (db: Connection, supplierLot: string): Promise<StoredLot[]> =>
  read(db, sql`where lower(supplier_lot) = lower(${supplierLot}) order by code limit 20`)

export const listLotsInContainers = (db: Connection, ids: readonly Id<'Container'>[]): Promise<StoredLot[]> =>
  read(db, sql`where container_id = any(${[...ids]}::uuid[]) order by code`)

/** Codes that are given already, of those named. */
export async function listTakenCodes(db: Connection, codes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    select code from material.lot where lower(code) in (select lower(each) from unnest(${[...codes]}::text[]) as each)
    order by code`.execute(db)
  return rows.map(({ code }) => code)
}

/** The lots, held until the transaction ends; always in one order, so that nobody waits in a circle. */
export const lockLotRows = (trx: Connection, ids: readonly LotId[]): Promise<StoredLot[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : read(trx, sql`where id = any(${[...ids]}::uuid[]) order by id for no key update`)

/** Lots that a deviation stands open on, held until the transaction ends. */
export const lockLotsUnder = (trx: Connection, deviation: string): Promise<StoredLot[]> =>
  read(trx, sql`where open_deviations @> array[${deviation}::text] order by id for no key update`)

export interface LotQuestion {
  readonly material?: string | undefined
  readonly status?: Lot['status'] | undefined
  readonly nodeId?: NodeId | undefined
  readonly orderId?: Id<'Order'> | undefined
  readonly containerId?: Id<'Container'> | undefined
  readonly search?: string | undefined
  /** Places whose lots may be seen; null = all. */
  readonly places: readonly NodeId[] | null
  readonly limit: number
}

/** One page of lots, newest first, and how many there are. */
export async function findLots(db: Connection, asked: LotQuestion): Promise<{ lots: StoredLot[]; total: number }> {
  const { material, status, nodeId, orderId, containerId, search, places, limit } = asked
  const like = search === undefined ? '' : `${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const conditions = [
    material === undefined ? [] : [sql`lower(material) = lower(${material})`],
    status === undefined ? [] : [sql`status = ${status}`],
    nodeId === undefined ? [] : [sql`node_id = ${nodeId}`],
    orderId === undefined ? [] : [sql`order_id = ${orderId}`],
    containerId === undefined ? [] : [sql`container_id = ${containerId}`],
    search === undefined ? [] : [sql`(lower(code) like ${like} or lower(supplier_lot) like ${like})`],
    places === null ? [] : [sql`last_node_id = any(${[...places]}::uuid[])`],
  ].flat()
  const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`
  const counted = await sql<{ total: number }>`select count(*)::int as total from material.lot ${where}`.execute(db)
  const lots = await read(db, sql`${where} order by made_at desc, id desc limit ${limit}`)
  return { lots, total: counted.rows[0]?.total ?? 0 }
}

/** Every place that lots, movements or containers are or were at. */
export async function listPlaces(db: Connection, of: 'lot' | 'movement' | 'container'): Promise<NodeId[]> {
  const table = sql.table(`material.${of}`)
  // One step through the index a place, where `distinct` would read every row.
  const { rows } = await sql<{ id: NodeId }>`
    with recursive place as (
      (select last_node_id as id from ${table} order by last_node_id limit 1)
      union all
      select (select last_node_id from ${table} where last_node_id > place.id order by last_node_id limit 1)
      from place where place.id is not null)
    select id from place where id is not null`.execute(db)
  return rows.map(({ id }) => id)
}

/** Where each of these lots was last known to be: whoever may see that place may see the lot. */
export async function listLastPlaces(db: Connection, ids: readonly LotId[]): Promise<ReadonlyMap<LotId, NodeId>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: LotId; place: NodeId }>`
    select id, last_node_id as place from material.lot where id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, place }) => [id, place]))
}

export async function insertLots(trx: Connection, lots: readonly StoredLot[]): Promise<void> {
  if (lots.length === 0) return
  await sql`
    insert into material.lot (id, code, material, definition_id, control, quantity, unit, status, status_reason,
      expires_at, out_limit_us, out_used_us, out_since, out_changed_at, supplier, supplier_lot, certificate_number,
      certificate_document, certificate_needed, node_id, last_node_id, place, container_id, open_deviations, order_id,
      planned, made_at, version)
    select * from ${recordset(lots)}`.execute(trx)
}

/** Writes what can change of lots. */
export async function updateLots(trx: Connection, lots: readonly StoredLot[]): Promise<void> {
  if (lots.length === 0) return
  await sql`
    update material.lot set quantity = row.quantity, status = row.status, status_reason = row."statusReason",
      expires_at = row."expiresAt", out_limit_us = row."outLimitUs", out_used_us = row."outUsedUs", out_since = row."outSince",
      out_changed_at = row."outChangedAt", node_id = row."nodeId", last_node_id = row."lastNodeId",
      place = row.place, container_id = row."containerId", open_deviations = row."openDeviations",
      order_id = row."orderId", planned = row."isPlanned", version = row.version
    from ${recordset(lots)} where lot.id = row.id`.execute(trx)
}

async function read(db: Connection, rest: RawBuilder<unknown>): Promise<StoredLot[]> {
  const { rows } = await sql<LotRow>`select ${columns} from material.lot ${rest}`.execute(db)
  return rows.map(lotOf)
}

function rowOf({ outClock, certificate, ...lot }: StoredLot): LotRow {
  return {
    ...lot,
    outLimitUs: outClock?.limitUs ?? null,
    outUsedUs: outClock?.usedUs ?? null,
    outSince: outClock?.since ?? null,
    outChangedAt: outClock?.changedAt ?? null,
    certificateNumber: certificate?.number ?? null,
    certificateDocument: certificate?.document ?? null,
  }
}

function lotOf(row: LotRow): StoredLot {
  const { outLimitUs, outUsedUs, outSince, outChangedAt, certificateNumber, certificateDocument, ...lot } = row
  const isAging = outLimitUs !== null && outUsedUs !== null && outChangedAt !== null
  return {
    ...lot,
    // PostgreSQL keeps the zeros behind the point that somebody wrote.
    quantity: decimalOf(lot.quantity),
    outClock: isAging ? { limitUs: outLimitUs, usedUs: outUsedUs, since: outSince, changedAt: outChangedAt } : null,
    certificate: certificateNumber === null ? null : { number: certificateNumber, document: certificateDocument },
  }
}
