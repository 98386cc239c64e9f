import { createHash } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../database/tables.ts'
import { canonicalJson, parseExactJson } from './canonical-json.ts'
import { damageOf, isDamage } from './damage.ts'
import type { Finding } from './finding.ts'
import { findingOf } from './finding.ts'
import type { RowChange } from './leaf.ts'
import { RecordReplay } from './replay.ts'

/** A table whose rows the ledger tells, and how. */
export interface WatchedTable {
  /** With its schema. */
  readonly table: string
  readonly kind: string
  readonly key: string
  readonly secrets: readonly string[]
}

const page = 5_000

/**
 * Lays the rows of all records against the ledger: whoever changed, added or removed one past the door, or switched the
 * capture of a table off, is found here and nowhere else. Memory grows with the number of rows that there are now.
 */
export async function reconcile(db: Kysely<Tables>, tables: readonly WatchedTable[]): Promise<Finding[]> {
  try {
    return await layAll(db, tables)
  } catch (error) {
    if (!isDamage(error)) throw error
    return [await damageOf(db, error)]
  }
}

async function layAll(db: Kysely<Tables>, tables: readonly WatchedTable[]): Promise<Finding[]> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      await sql`set local statement_timeout = 0`.execute(trx)
      const asleep = await findAsleep(trx, tables)
      const { rows: told, findings } = await replayAll(trx)
      for (const table of tables) findings.push(...(await layAgainst(trx, table, told)))
      const left = [...told.values()].flat()
      const gone = left.map((record) =>
        findingOf('missing', `A row of ${record} is gone, or was changed, and the ledger tells of no deed that did it`),
      )
      return [...asleep, ...findings, ...gone]
    })
}

/** Tables whose trigger is not there or switched off, as only an owner of the database can do it. */
async function findAsleep(trx: Kysely<Tables>, tables: readonly WatchedTable[]): Promise<Finding[]> {
  const { rows } = await sql<{ table: string }>`
    select n.nspname || '.' || c.relname as "table"
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where t.tgname = 'captured' and t.tgenabled in ('O', 'A')`.execute(trx)
  const awake = new Set(rows.map(({ table }) => table))
  return tables
    .filter(({ table }) => !awake.has(table))
    .map(({ table }) =>
      findingOf('missing', `Changes of ${table} are not captured: its trigger is gone or switched off`),
    )
}

interface Replayed {
  /** Hash of a row's image to the records that have one; a row may be there twice. */
  readonly rows: Map<string, string[]>
  readonly findings: Finding[]
}

async function replayAll(trx: Kysely<Tables>): Promise<Replayed> {
  const rows = new Map<string, string[]>()
  const findings: Finding[] = []
  let record = ''
  let replay = new RecordReplay()
  const finish = (): void => {
    for (const image of replay.images) {
      const hash = hashOf(image)
      rows.set(hash, [...(rows.get(hash) ?? []), record])
    }
    replay = new RecordReplay()
  }
  for await (const change of listChanges(trx)) {
    const name = `${change.kind} ${change.id}`
    if (name !== record) {
      finish()
      record = name
    }
    const at = { at: change.at }
    const changes = readRows(change.text)
    if (changes === undefined) {
      const message = `${name}, version ${change.version}: its text in the ledger is no change of a record`
      findings.push({ ...findingOf('altered', message), ...at })
      continue
    }
    try {
      replay.apply(changes)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      findings.push({ ...findingOf('missing', `${name}, version ${change.version}: ${error.message}`), ...at })
    }
  }
  finish()
  return { rows, findings }
}

const ChangedRows = z.object({
  rows: z.array(z.object({ table: z.string(), before: z.unknown(), after: z.unknown() })),
})

/** Undefined when somebody made the text into something else. */
function readRows(text: string): RowChange[] | undefined {
  try {
    return ChangedRows.safeParse(JSON.parse(text)).data?.rows
  } catch {
    return undefined
  }
}

interface ToldChange {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly at: Instant
  readonly text: string
}

async function* listChanges(trx: Kysely<Tables>): AsyncGenerator<ToldChange> {
  let last: ToldChange | undefined
  for (;;) {
    const { rows } = await sql<ToldChange>`
      select record_kind as kind, record_id as id, version, at, text from platform.record_change
      ${last === undefined ? sql`` : sql`where (record_kind, record_id, version) > (${last.kind}, ${last.id}, ${last.version})`}
      order by record_kind, record_id, version limit ${page}`.execute(trx)
    yield* rows
    last = rows.at(-1)
    if (rows.length < page) return
  }
}

async function layAgainst(
  trx: Kysely<Tables>,
  { table, kind, key, secrets }: WatchedTable,
  told: Map<string, string[]>,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const images = sql.raw(
    `platform.without_secrets(to_jsonb(each), array[${secrets.map((each) => `'${each}'`).join(',')}]::text[])`,
  )
  const { rows } = await sql<{ image: string; id: string }>`
    select ${images}::text as image, to_jsonb(each) ->> ${key} as id from ${sql.table(table)} each`.execute(trx)
  for (const { image, id } of rows) {
    const hash = hashOf(`${table} ${canonicalJson(parseExactJson(image))}`)
    const records = told.get(hash)
    if (records === undefined) {
      const message = `A row of ${kind} ${id} (${table}) is not what the ledger tells: it was changed or added past the door`
      findings.push(findingOf('altered', message))
      continue
    }
    records.pop()
    if (records.length === 0) told.delete(hash)
  }
  return findings
}

const hashOf = (image: string): string => createHash('sha256').update(image).digest('base64')
