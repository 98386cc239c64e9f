import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AuditEntry, RecordChange } from '@throughline/model'
import { getAuditEntry, listAuditEntries, listRecordChanges } from '@throughline/model'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { AuditEntryRow, RecordChangeRow, Tables } from '../database/tables.ts'
import type { Platform } from '../platform.ts'
import type { ChangeLeaf, EntryLeaf } from './leaf.ts'

type Filter = z.output<typeof listAuditEntries.input>

export function mountAuditOperations(platform: Platform): void {
  platform.handle(listAuditEntries, (uow, filter) => listEntries(uow.trx, filter))

  platform.handle(getAuditEntry, async (uow, { entryId }) => {
    const entry = await uow.trx
      .selectFrom('platform.audit_entry')
      .selectAll()
      .where('id', '=', entryId)
      .executeTakeFirst()
    if (entry === undefined) throw entryUnknown(entryId)
    const changes = await uow.trx
      .selectFrom('platform.record_change')
      .selectAll()
      .where('era', '=', entry.era)
      .where('xid', '=', entry.xid)
      .where('entry_id', '=', entryId)
      .orderBy('seq')
      .execute()
    return { entry: entryOf(entry), changes: changes.map(changeOf) }
  })

  platform.handle(listRecordChanges, async (uow, { record, before, limit }) => {
    let query = uow.trx
      .selectFrom('platform.record_change')
      .selectAll()
      .where('record_kind', '=', record.kind)
      .where('record_id', '=', record.id)
      .orderBy('version', 'desc')
      .limit(limit)
    if (before !== undefined) query = query.where('version', '<', before)
    const changes = await query.execute()
    const entries = await findEntries(uow.trx, [...new Set(changes.map((change) => change.entry_id))])
    return changes.map((change) => ({ change: changeOf(change), entry: entryNamed(entries, change.entry_id) }))
  })
}

/** Newest first. */
async function listEntries(db: Kysely<Tables>, filter: Filter): Promise<AuditEntry[]> {
  let query = db.selectFrom('platform.audit_entry').selectAll().limit(filter.limit)
  // A window is walked by its times: by numbers, an old one would be reached only through everything after it.
  const isWindow = filter.from !== undefined || filter.to !== undefined
  if (isWindow) query = query.orderBy('at', 'desc')
  query = query.orderBy('seq', 'desc')
  if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation)
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor)
  if (filter.actorKind !== undefined) query = query.where('actor_kind', '=', filter.actorKind)
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('at', '<', filter.to)
  if (filter.outcome !== undefined) query = query.where('outcome', filter.outcome === 'done' ? '=' : '<>', 'done')
  if (filter.reason !== undefined) query = query.where('reason', 'ilike', `%${literally(filter.reason)}%`)
  if (filter.before !== undefined) {
    const last = sql`(select last.at from platform.audit_entry last where last.seq = ${filter.before})`
    query = isWindow
      ? query.where(sql<boolean>`(at, seq) < (${last}, ${filter.before})`)
      : query.where('seq', '<', filter.before)
  }
  const { record } = filter
  if (record?.kind !== undefined) {
    query = query.where(({ exists, selectFrom }) => {
      const changes = selectFrom('platform.record_change')
        .select(sql`1`.as('one'))
        .whereRef('platform.record_change.era', '=', 'platform.audit_entry.era')
        .whereRef('platform.record_change.xid', '=', 'platform.audit_entry.xid')
        .whereRef('entry_id', '=', 'platform.audit_entry.id')
        .where('record_kind', '=', record.kind)
      return exists(record.id === undefined ? changes : changes.where('record_id', '=', record.id))
    })
  }
  return (await query.execute()).map(entryOf)
}

const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

async function findEntries(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, AuditEntry>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('platform.audit_entry').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, entryOf(row)]))
}

function entryNamed(entries: ReadonlyMap<string, AuditEntry>, id: string): AuditEntry {
  const entry = entries.get(id)
  if (entry !== undefined) return entry
  throw new DomainError('defect', 'platform.entry-missing', `The change of entry ${id} is there without its entry`)
}

/** What a person reads is read from the text that was hashed, never from the columns beside it. */
export function entryOf(row: Pick<Selectable<AuditEntryRow>, 'text' | 'seq' | 'leaf_hash'>): AuditEntry {
  const leaf = JSON.parse(row.text) as EntryLeaf
  return {
    id: leaf.id as Id<'AuditEntry'>,
    number: row.seq,
    at: leaf.at as Instant,
    actor: leaf.actor.id,
    actorKind: leaf.actor.kind,
    actorName: leaf.actor.name,
    actorRoles: [...leaf.actor.roles],
    operation: leaf.operation,
    input: leaf.input,
    reason: leaf.reason,
    outcome: leaf.outcome,
    origin: leaf.origin,
    session: leaf.session,
    cause: leaf.cause,
    software: leaf.software,
    clock: leaf.clock,
    changes: leaf.changes.count,
    leafHash: row.leaf_hash.toString('hex'),
  }
}

function changeOf(row: Selectable<RecordChangeRow>): RecordChange {
  const leaf = JSON.parse(row.text) as ChangeLeaf
  return {
    record: { ...leaf.record },
    version: leaf.version,
    hash: row.leaf_hash.toString('hex'),
    entry: leaf.entry as Id<'AuditEntry'>,
    at: leaf.at as Instant,
    rows: leaf.rows.map(({ table, before, after }) => ({ table, before: imageOf(before), after: imageOf(after) })),
  }
}

const imageOf = (row: unknown): Record<string, unknown> | null => row as Record<string, unknown> | null

const entryUnknown = (id: string): DomainError =>
  new DomainError('not-found', 'platform.audit-entry-unknown', `There is no audit entry ${id}`)
