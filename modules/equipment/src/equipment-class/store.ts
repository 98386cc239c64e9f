import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { EquipmentClassVersion } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type ClassRow = Omit<EquipmentClassVersion, 'tags'> & { tags: unknown }

export const selectClasses = sql<ClassRow>`
  select id, name, version, state, description, tags, published_at as "publishedAt" from equipment.class_version`

/** Templates are kept as JSON, so they are read by their schema: a version from an older release gets its defaults. */
export function classFromRow(row: unknown): EquipmentClassVersion {
  return EquipmentClassVersion.parse(row)
}

/** All versions, by name and version. */
export async function listClassVersions(trx: Kysely<Tables>): Promise<EquipmentClassVersion[]> {
  const found = await sql<ClassRow>`${selectClasses} order by lower(name), version`.execute(trx)
  return found.rows.map(classFromRow)
}

/** @throws DomainError `not-found` */
export async function getClassVersion(
  trx: Kysely<Tables>,
  id: Id<'EquipmentClassVersion'>,
): Promise<EquipmentClassVersion> {
  const found = await sql<ClassRow>`${selectClasses} where id = ${id}`.execute(trx)
  const row = found.rows[0]
  if (row !== undefined) return classFromRow(row)
  throw new DomainError('not-found', 'equipment.class-unknown', `There is no version ${id} of an equipment class`)
}

export async function insertClassVersions(
  trx: Kysely<Tables>,
  versions: readonly EquipmentClassVersion[],
): Promise<void> {
  if (versions.length === 0) return
  await sql`
    insert into equipment.class_version (id, name, version, state, description, tags, published_at)
    select * from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) as row (id uuid, name text, version integer,
      state text, description text, tags jsonb, "publishedAt" bigint)`.execute(trx)
}

/** Only a draft can be updated; the database refuses it for a published version. */
export async function updateClassVersion(trx: Kysely<Tables>, version: EquipmentClassVersion): Promise<void> {
  await sql`
    update equipment.class_version set description = ${version.description}, state = ${version.state},
      tags = ${JSON.stringify(version.tags)}::jsonb, published_at = ${version.publishedAt}
    where id = ${version.id}`.execute(trx)
}
