import type { Id, Instant } from '@throughline/kernel'
import { Station } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import { tokenHash } from '../credential/token.ts'
import type { StationRow } from '../outside-person/tables.ts'
import { inOutside } from '../outside-person/tables.ts'

type Db = Kysely<Tables>

/** By name, those in use first. */
export async function listStationRows(db: Db): Promise<Station[]> {
  const rows = await inOutside(db)
    .selectFrom('identity.station')
    .selectAll()
    .orderBy('state')
    .orderBy('name')
    .orderBy('registered_at')
    .execute()
  return rows.map(fromRow)
}

export async function findStationById(db: Db, id: string): Promise<Station | undefined> {
  const row = await inOutside(db).selectFrom('identity.station').selectAll().where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** The station whose terminal holds this token; a retired one is none. */
export async function findStationByToken(db: Db, token: string | null): Promise<Station | undefined> {
  if (token === null) return undefined
  const row = await inOutside(db)
    .selectFrom('identity.station')
    .selectAll()
    .where('token_hash', '=', tokenHash(token))
    .where('state', '=', 'registered')
    .executeTakeFirst()
  return row && fromRow(row)
}

const fromRow = (row: Selectable<StationRow>): Station =>
  Station.parse({
    id: row.id,
    name: row.name,
    nodeId: row.node_id,
    kind: row.kind,
    signIn: row.sign_in,
    idleTimeoutMs: row.idle_timeout_ms,
    state: row.state,
    registeredAt: row.registered_at,
  })

/** False when a station in use has the name. */
export async function insertStation(db: Db, station: Station, token: string): Promise<boolean> {
  const inserted = await inOutside(db)
    .insertInto('identity.station')
    .values({
      id: station.id,
      name: station.name,
      node_id: station.nodeId,
      kind: station.kind,
      sign_in: station.signIn,
      idle_timeout_ms: station.idleTimeoutMs,
      token_hash: tokenHash(token),
      state: station.state,
      registered_at: station.registeredAt,
      retired_at: null,
    })
    .onConflict((conflict) => conflict.column('name').where('state', '=', 'registered').doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** False when it was retired before. */
export async function setRetired(db: Db, stationId: string, at: Instant): Promise<boolean> {
  const retired = await inOutside(db)
    .updateTable('identity.station')
    .set({ state: 'retired', retired_at: at })
    .where('id', '=', stationId)
    .where('state', '=', 'registered')
    .executeTakeFirst()
  return retired.numUpdatedRows === 1n
}

/** Which of these walls are retired, or none at all. */
export async function findRetiredWalls(db: Db, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await inOutside(db)
    .selectFrom('identity.station')
    .select('id')
    .where('id', 'in', ids)
    .where('kind', '=', 'wall')
    .where('state', '=', 'registered')
    .execute()
  const standing = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => !standing.has(id))
}

/** Who works at a retired station works there no longer. */
export async function endSessionsAt(db: Db, stationId: string, at: Instant): Promise<void> {
  await inOutside(db)
    .updateTable('identity.session')
    .set({ ended_at: at, ended_by: 'station' })
    .where('station_id', '=', stationId)
    .where('ended_at', 'is', null)
    .execute()
}

/** The session belongs to the station from now on, and ends as soon as the station or the rules for signing in say. */
export async function bindSession(db: Db, sessionId: string, station: Station): Promise<void> {
  await inOutside(db)
    .updateTable('identity.session')
    .set({
      station_id: station.id,
      // In PostgreSQL the least of a number and nothing is the number.
      idle_timeout_ms: sql<number>`least(idle_timeout_ms, ${station.idleTimeoutMs}::bigint)`,
    })
    .where('id', '=', sessionId)
    .execute()
}

/** The same, with its name. */
export async function stationOfSession(
  db: Db,
  sessionId: string,
): Promise<{ readonly id: Id<'Station'>; readonly name: string } | undefined> {
  const id = await findStationOfSession(db, sessionId)
  const station = id === undefined ? undefined : await findStationById(db, id)
  return station && { id: station.id, name: station.name }
}

/** The station at which the session was opened with a badge; undefined for every other session. */
export async function findStationOfSession(db: Db, sessionId: string): Promise<Id<'Station'> | undefined> {
  const row = await inOutside(db)
    .selectFrom('identity.session')
    .select('station_id')
    .where('id', '=', sessionId)
    .executeTakeFirst()
  return (row?.station_id ?? undefined) as Id<'Station'> | undefined
}
