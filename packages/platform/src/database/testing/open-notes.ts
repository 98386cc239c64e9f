import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DatabaseConnection } from '../connect.ts'
import { openDatabase } from '../connect.ts'
import { Draft } from '../draft.ts'
import { lastOfTransaction } from '../round-trips.ts'
import type { Database, Tables } from '../tables.ts'

/** A table of notes, for tests of what goes over one connection. */
export interface Notes {
  /** One connection, that of the owner. */
  readonly db: Database
  /** Looks at it from elsewhere. */
  readonly owner: Database
  list(): Promise<string[]>
  close(): Promise<void>
}

interface TestDatabase {
  readonly owner: Database
  readonly connection: DatabaseConnection
  close(): Promise<void>
}

/** `close` closes `database`, too. */
export async function openNotes(database: TestDatabase): Promise<Notes> {
  const { owner } = database
  await sql`create table public.note (text text primary key)`.execute(owner)
  const db = openDatabase(database.connection, { maxConnections: 1, asOwner: true })
  return {
    db,
    owner,
    async list() {
      const { rows } = await sql<{ text: string }>`select text from public.note order by text`.execute(owner)
      return rows.map(({ text }) => text)
    },
    async close() {
      await db.destroy()
      await database.close()
    },
  }
}

export const write = (text: string) => sql`insert into public.note values (${text})`

/** As the last statement of its transaction. */
export async function writeLast(trx: Kysely<Tables>, text: string): Promise<void> {
  const draft = new Draft()
  await draft.execute(trx, `${lastOfTransaction} insert into public.note values (${draft.value(text)})`)
}
