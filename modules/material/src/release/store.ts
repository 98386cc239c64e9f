import type { Id, Instant } from '@throughline/kernel'
import type { VersionState } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>

export type ReleaseKind = 'definition' | 'bom'

/** A version of a material or of a bill of material, as far as its release is concerned. */
export interface Version {
  readonly id: Id<'MaterialDefinition'> | Id<'BillOfMaterial'>
  /** The material, or the product of the bill of material. */
  readonly code: string
  readonly version: number
}

/** Changes of the materials and bills of material take turns. */
export async function lockVersions(trx: Connection): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('material.release', 0))`.execute(trx)
}

export async function findState(db: Connection, id: Version['id']): Promise<VersionState> {
  const { rows } = await sql<{ state: VersionState }>`
    select state from material.release where subject_id = ${id}`.execute(db)
  return rows[0]?.state ?? 'draft'
}

export async function insertInReview(trx: Connection, kind: ReleaseKind, { id, code }: Version): Promise<void> {
  await sql`
    insert into material.release (subject_id, kind, code, state) values (${id}, ${kind}, ${code}, 'in-review')
    on conflict do nothing`.execute(trx)
}

/** A draft that is written anew is a draft again. */
export async function deleteInReview(trx: Connection, id: Version['id']): Promise<void> {
  await sql`delete from material.release where subject_id = ${id} and state = 'in-review'`.execute(trx)
}

/** Puts a version in force; the one before it under its code is retired with the reason why. */
export async function putInForce(
  trx: Connection,
  kind: ReleaseKind,
  { id, code, version }: Version,
  at: Instant,
  adoptedFrom: string | null,
): Promise<void> {
  await sql`
    update material.release set state = 'retired', retired_at = ${at},
      retired_why = ${`superseded by version ${version}`}
    where kind = ${kind} and lower(code) = lower(${code}) and state = 'effective' and subject_id <> ${id}`.execute(trx)
  await sql`
    insert into material.release (subject_id, kind, code, state, effective_at, adopted_from)
    values (${id}, ${kind}, ${code}, 'effective', ${at}, ${adoptedFrom})
    on conflict (subject_id) do update set state = 'effective', effective_at = excluded.effective_at`.execute(trx)
}

export async function retire(trx: Connection, id: Version['id'], at: Instant, why: string): Promise<void> {
  await sql`
    update material.release set state = 'retired', retired_at = ${at}, retired_why = ${why}
    where subject_id = ${id}`.execute(trx)
}
