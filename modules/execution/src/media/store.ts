import type { Instant } from '@throughline/kernel'
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
}

export async function findMedia(db: Db, hash: string): Promise<Media | undefined> {
  const { rows } = await sql<Media>`
    select hash, content_type as "contentType", bytes from execution.media where hash = ${hash}`.execute(db)
  return rows[0]
}

/** The same file is kept once. */
export async function insertMedia(db: Db, { hash, contentType, bytes }: Media, by: string, at: Instant): Promise<void> {
  await sql`
    insert into execution.media (hash, content_type, bytes, stored_by, stored_at)
    values (${hash}, ${contentType}, ${bytes}, ${by}, ${at}) on conflict do nothing`.execute(db)
}
