import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { MediaType } from './content.ts'

type Db = Kysely<Tables>

/** A file in the blob store, as far as it is known here. */
export interface Media {
  readonly hash: string
  readonly contentType: MediaType
  readonly bytes: number
  /** The name of whoever stored it first. */
  readonly storedBy: string
}

export async function findMedia(db: Db, hash: string): Promise<Media | undefined> {
  return (await listMedia(db, [hash]))[0]
}

/** Those of these files that are kept. */
export async function listMedia(db: Db, hashes: readonly string[]): Promise<Media[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<Media>`
    select hash, content_type as "contentType", bytes, stored_by as "storedBy" from execution.media
    where hash = any(${[...hashes]}::text[])`.execute(db)
  return rows
}

/** What a file belongs to. */
export interface MediaUse {
  /** A version of an instruction shows it. */
  readonly isInstructed: boolean
  /** Where work by those instructions is planned, in any version. */
  readonly planned: readonly { readonly atPath: string | null; readonly atClass: string | null }[]
  /** Where it was taken as the answer to a step. */
  readonly takenAt: readonly Id<'EquipmentNode'>[]
}

export async function findMediaUse(db: Db, hash: string): Promise<MediaUse> {
  const shows = sql`steps @> ${JSON.stringify([{ media: [{ blob: hash }] }])}::jsonb`
  const instructed = await sql`select 1 from execution.instruction where ${shows} limit 1`.execute(db)
  const { rows: planned } = await sql<MediaUse['planned'][number]>`
    select distinct operation -> 'at' ->> 'path' as "atPath", operation -> 'at' ->> 'equipmentClass' as "atClass"
    from execution.work_definition cross join jsonb_array_elements(operations) as operation
    where lower(operation ->> 'instruction') in (select lower(code) from execution.instruction where ${shows})`.execute(
    db,
  )
  const { rows: taken } = await sql<{ nodeId: Id<'EquipmentNode'> }>`
    select distinct coalesce(r.node_id, o.site_id) as "nodeId"
    from execution.step_entry e join execution.run r on r.id = e.run_id join execution.order o on o.id = r.order_id
    where e.value ->> 'blob' = ${hash}`.execute(db)
  return { isInstructed: instructed.rows.length > 0, planned, takenAt: taken.map(({ nodeId }) => nodeId) }
}

/** The same file is kept once. */
export async function insertMedia(db: Db, { hash, contentType, bytes, storedBy }: Media, at: Instant): Promise<void> {
  await sql`
    insert into execution.media (hash, content_type, bytes, stored_by, stored_at)
    values (${hash}, ${contentType}, ${bytes}, ${storedBy}, ${at}) on conflict do nothing`.execute(db)
}
