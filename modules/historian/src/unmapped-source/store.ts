import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Database, UnitOfWork } from '@throughline/platform'

interface SourceMappingRow {
  source: string
  tag_id: string
  mapped_by: string
  mapped_at: number
}

const tables = (db: Database) => db.withSchema('historian').withTables<{ source_mapping: SourceMappingRow }>()

/**
 * Gives the source to the tag; given to the same tag again changes nothing.
 * @throws DomainError `conflict` when the source belongs to another tag already
 */
export async function insertMapping(uow: UnitOfWork, source: string, tagId: Id<'Tag'>): Promise<void> {
  await tables(uow.trx)
    .insertInto('source_mapping')
    .values({ source, tag_id: tagId, mapped_by: uow.actor.name, mapped_at: uow.at })
    .onConflict((conflict) => conflict.column('source').doNothing())
    .execute()
  const stored = await tables(uow.trx)
    .selectFrom('source_mapping')
    .select('tag_id')
    .where('source', '=', source)
    .executeTakeFirstOrThrow()
  if (stored.tag_id === tagId) return
  throw new DomainError(
    'conflict',
    'historian.source-mapped-before',
    `${source} already belongs to tag ${stored.tag_id}`,
    {
      source,
      tagId: stored.tag_id,
    },
  )
}

/** Every mapped source with its tag, by source. */
export async function listMappings(db: Database): Promise<{ source: string; tagId: Id<'Tag'> }[]> {
  const rows = await tables(db).selectFrom('source_mapping').select(['source', 'tag_id']).orderBy('source').execute()
  return rows.map((row) => ({ source: row.source, tagId: row.tag_id as Id<'Tag'> }))
}
