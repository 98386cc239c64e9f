import type { Id } from '@throughline/kernel'
import type { Asset, Calibration } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { AssetRow } from './rules.ts'
import { withCalibrations } from './rules.ts'

type Connection = Kysely<Tables>

const assetColumns = sql`
  a.id, a.code, a.kind, a.type, a.description, a.node_id as "nodeId", a.state,
  a.needs_calibration as "needsCalibration", a.interval_days as "intervalDays"`
const calibrationColumns = sql`
  id, asset_id as "assetId", at, as_found as "asFound", as_left as "asLeft", certificate, document, due_at as "dueAt",
  comment, recorded_by as "recordedBy", recorded_at as "recordedAt"`

/** The code is found in whatever case; what stands nowhere is seen by everybody. The soonest due first, what was never calibrated before that. */
export async function listAssetsBy(
  db: Connection,
  want: {
    readonly code?: string | undefined
    readonly kind?: string | undefined
    readonly nodeId?: string | undefined
  },
  scopes: readonly Id<'EquipmentNode'>[] | null = null,
): Promise<Asset[]> {
  const { rows } = await sql<AssetRow>`
    select ${assetColumns} from equipment.asset a
    where (${want.code ?? null}::text is null or lower(a.code) = lower(${want.code ?? null}))
      and (${want.kind ?? null}::text is null or a.kind = ${want.kind ?? null})
      and (${want.nodeId ?? null}::uuid is null or a.node_id = ${want.nodeId ?? null}::uuid)
      and (${scopes === null} or a.node_id is null or exists (
        select from equipment.node as place join equipment.node as top
          on starts_with(place.path || '/', top.path || '/')
        where place.id = a.node_id and top.id = any(${scopes ?? []}::uuid[])))
    order by a.code`.execute(db)
  const assets = await withTheirCalibrations(db, rows)
  return assets.sort((a, b) => (a.calibrationDueAt ?? 0) - (b.calibrationDueAt ?? 0))
}

export async function findAsset(db: Connection, code: string): Promise<Asset | undefined> {
  return (await listAssetsBy(db, { code }))[0]
}

/** Locked until the end of the transaction. */
export async function lockAsset(db: Connection, id: Id<'Asset'>): Promise<Asset | undefined> {
  const { rows } = await sql<AssetRow>`
    select ${assetColumns} from equipment.asset a where a.id = ${id} for update`.execute(db)
  return (await withTheirCalibrations(db, rows))[0]
}

/** Newest first. */
export async function listCalibrationsOf(db: Connection, assetId: Id<'Asset'>): Promise<Calibration[]> {
  const { rows } = await sql<Calibration>`
    select ${calibrationColumns} from equipment.calibration where asset_id = ${assetId}
    order by at desc, recorded_at desc, id desc`.execute(db)
  return rows
}

async function withTheirCalibrations(db: Connection, rows: readonly AssetRow[]): Promise<Asset[]> {
  const { rows: calibrations } = await sql<Calibration>`
    select ${calibrationColumns} from equipment.calibration
    where asset_id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(db)
  const of = Map.groupBy(calibrations, ({ assetId }) => assetId)
  return rows.map((row) => withCalibrations(row, of.get(row.id) ?? []))
}

/** False when there is one with this code. */
export async function insertAsset(db: Connection, asset: AssetRow): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into equipment.asset (id, code, kind, type, description, node_id, state, state_reason, needs_calibration, interval_days)
    values (${asset.id}, ${asset.code}, ${asset.kind}, ${asset.type}, ${asset.description}, ${asset.nodeId},
      ${asset.state}, '', ${asset.needsCalibration}, ${asset.intervalDays})
    on conflict do nothing`.execute(db)
  return numAffectedRows === 1n
}

export async function updateAssetState(
  db: Connection,
  id: Id<'Asset'>,
  state: Asset['state'],
  reason: string,
): Promise<void> {
  await sql`update equipment.asset set state = ${state}, state_reason = ${reason} where id = ${id}`.execute(db)
}

export async function insertCalibration(db: Connection, each: Calibration): Promise<void> {
  await sql`
    insert into equipment.calibration (id, asset_id, at, as_found, as_left, certificate, document, due_at, comment,
      recorded_by, recorded_at)
    values (${each.id}, ${each.assetId}, ${each.at}, ${each.asFound}, ${each.asLeft}, ${each.certificate},
      ${each.document}, ${each.dueAt}, ${each.comment}, ${each.recordedBy}, ${each.recordedAt})`.execute(db)
}
