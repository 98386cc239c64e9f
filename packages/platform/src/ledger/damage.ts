import { DomainError, messageOf } from '@throughline/kernel'
import { sql } from 'kysely'
import type { Database } from '../database/tables.ts'
import type { Finding } from './finding.ts'
import { findingOf } from './finding.ts'

const dataCorrupted = 'XX001'
const indexCorrupted = 'XX002'

/** Whether the database says that its own files are not what it wrote. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === dataCorrupted || error.code === indexCorrupted)

/** What is damaged, by the name of its table: the database knows only files. */
export async function damageOf(db: Database, error: unknown): Promise<Finding> {
  const told = messageOf(error)
  const [, page, file] = /block (\d+) of relation "([^"]+)"/.exec(told) ?? []
  const { rows } = await sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where pg_relation_filepath(c.oid) = ${file ?? ''}`.execute(db)
  const what = page === undefined ? `"${told}"` : `page ${page} of ${rows[0]?.name ?? file} is not what it wrote`
  return findingOf(
    'altered',
    `The database says of its files: ${what}. A disk that fails does this, and somebody who edits the files. What stands there cannot be read, and what comes after it was not checked: look at the disk, and restore the database from a backup`,
  )
}

/** @throws DomainError `unavailable` in the place of the database's own words */
export async function assertUndamaged(db: Database, error: unknown): Promise<void> {
  if (!isDamage(error)) return
  const { message } = await damageOf(db, error)
  throw new DomainError('unavailable', 'platform.database-damaged', message, {}, error)
}
