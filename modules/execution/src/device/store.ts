import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { QueuedEntry, RefusedEntry } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { ChainEnd, PublicKey } from './chain.ts'
import { chainBegin } from './chain.ts'

type Db = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>

export interface DeviceKey {
  readonly publicKey: PublicKey
  readonly registeredAt: Instant
  readonly replacedAt: Instant | null
}

/** Every key that a device ever had, the newest first. */
export async function listKeys(db: Db, device: string): Promise<DeviceKey[]> {
  const { rows } = await sql<DeviceKey>`
    select public_key as "publicKey", registered_at as "registeredAt", replaced_at as "replacedAt"
    from execution.device_key where device = ${device} order by registered_at desc, id desc`.execute(db)
  return rows
}

/** Changes of one device take turns. */
export async function lockDevice(trx: Db, device: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('execution.device ' || ${device}, 0))`.execute(trx)
}

/** The key before it is replaced, and kept. */
export async function insertKey(trx: Db, device: string, key: PublicKey, by: string, at: Instant): Promise<void> {
  await sql`
    update execution.device_key set replaced_at = ${at} where device = ${device} and replaced_at is null`.execute(trx)
  await sql`
    insert into execution.device_key (id, device, public_key, registered_by, registered_at)
    values (${newId(at)}, ${device}, ${JSON.stringify(key)}::jsonb, ${by}, ${at})`.execute(trx)
}

export async function insertDevicePerson(
  trx: Db,
  { device, personId, sessionId, since }: { device: string; personId: string; sessionId: string; since: Instant },
): Promise<void> {
  await sql`
    insert into execution.device_person (id, device, person_id, session_id, since)
    values (${newId(since)}, ${device}, ${personId}, ${sessionId}, ${since}) on conflict do nothing`.execute(trx)
}

/** The station that a device is at, from an instant on. */
export interface StationOfDevice {
  readonly stationId: Id<'Station'>
  readonly station: string
  readonly since: Instant
}

/** Where people badged in on a device, oldest first. */
export async function listStationsOf(db: Db, device: string): Promise<StationOfDevice[]> {
  const { rows } = await sql<StationOfDevice>`
    select station_id as "stationId", station, since from execution.device_station
    where device = ${device} order by since, id`.execute(db)
  return rows
}

export async function insertStationOf(trx: Db, device: string, at: StationOfDevice): Promise<void> {
  await sql`
    insert into execution.device_station (id, device, station_id, station, since)
    values (${newId(at.since)}, ${device}, ${at.stationId}, ${at.station}, ${at.since})`.execute(trx)
}

/** Sessions in which somebody worked at a device, the newest first. */
export async function listSessionsAt(db: Db, device: string, personId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select session_id as id from execution.device_person
    where device = ${device} and person_id = ${personId} order by since desc limit 50`.execute(db)
  return rows.map(({ id }) => id)
}

export async function chainEndOf(db: Db, device: string): Promise<ChainEnd> {
  const { rows } = await sql<ChainEnd>`
    select sequence, hash from execution.device_entry
    where device = ${device} order by sequence desc limit 1`.execute(db)
  return rows[0] ?? chainBegin
}

/** What became of an entry. */
export interface Outcome {
  readonly outcome: 'recorded' | 'refused'
  readonly code: string | null
  readonly message: string | null
  readonly made: string | null
  readonly nodeId: NodeId | null
}

/** What became of these entries when they were delivered, by their ids. */
export async function findOutcomes(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, Outcome & { device: string; hash: string }>> {
  const { rows } = await sql<Outcome & { id: string; device: string; hash: string }>`
    select id, device, hash, outcome, code, message, made, node_id as "nodeId"
    from execution.device_entry where id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

export interface Delivery {
  readonly device: string
  readonly by: { readonly id: string; readonly name: string }
  readonly at: Instant
  readonly clockDifferenceMs: number
}

/** Nothing is written of an entry that another delivery wrote meanwhile. */
export async function insertDelivered(
  trx: Db,
  { device, by, at, clockDifferenceMs }: Delivery,
  entry: QueuedEntry,
  hash: string,
  { outcome, code, message, made, nodeId }: Outcome,
): Promise<void> {
  const { id, sequence, operation, input, personId, deviceAt, previous, signature } = entry
  await sql`
    insert into execution.device_entry (id, device, sequence, operation, input, person_id, device_at, previous, hash,
      signature, outcome, code, message, made, node_id, delivered_by, delivered_by_name, delivered_at,
      clock_difference_ms)
    values (${id}, ${device}, ${sequence}, ${operation}, ${JSON.stringify(input)}::jsonb, ${personId}, ${deviceAt},
      ${previous}, ${hash}, ${signature}, ${outcome}, ${code}, ${message}, ${made}, ${nodeId}, ${by.id}, ${by.name},
      ${at}, ${clockDifferenceMs})
    on conflict do nothing`.execute(trx)
}

/** Where an entry belongs, by the operation or logbook that it names. */
export async function placeOf(db: Db, input: QueuedEntry['input']): Promise<NodeId | null> {
  const text = (key: string): string | null => (isUuid(input[key]) ? String(input[key]) : null)
  const { rows } = await sql<{ nodeId: NodeId | null }>`
    select coalesce(
      (select coalesce(r.node_id, o.site_id) from execution.run r join execution.order o on o.id = r.order_id
        where r.id = ${text('runId')}),
      (select node_id from execution.logbook where id = ${text('logbookId')}),
      ${text('nodeId')}::uuid) as "nodeId"`.execute(db)
  return rows[0]?.nodeId ?? null
}

const isUuid = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)

/** What was refused, the newest first. */
export async function listRefused(
  db: Db,
  { device, limit }: { readonly device?: string | undefined; readonly limit: number },
): Promise<(RefusedEntry & { readonly nodeId: NodeId | null })[]> {
  const { rows } = await sql<RefusedEntry & { readonly nodeId: NodeId | null }>`
    select id, device, sequence, operation, input, person_id as "personId", device_at as "deviceAt", code, message,
      jsonb_build_object('id', delivered_by, 'name', delivered_by_name) as "deliveredBy",
      delivered_at as "deliveredAt", clock_difference_ms as "clockDifferenceMs", node_id as "nodeId"
    from execution.device_entry
    where outcome = 'refused' and (${device ?? null}::uuid is null or device = ${device ?? null})
    order by delivered_at desc, sequence desc limit ${limit}`.execute(db)
  return rows
}
