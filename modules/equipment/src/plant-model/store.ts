import { DomainError } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { insertConnections, selectConnections, updateConnections } from '../connection/store.ts'
import { classFromRow, insertClassVersions, selectClasses, updateClassVersion } from '../equipment-class/store.ts'
import { insertNodes, selectNodes, updateNodes } from '../node/store.ts'
import { insertTags, selectTags, updateTags } from '../tag/store.ts'
import type { ModelWrites, PlantState } from './blueprint.ts'

/** One statement, so one snapshot, also where no transaction holds it together. */
export async function loadPlant(trx: Kysely<Tables>): Promise<PlantState> {
  const found = await sql<Omit<PlantState, 'classes'> & { classes: unknown[] }>`
    select revision.number as revision,
      (select coalesce(json_agg(row), '[]') from (${selectClasses} order by lower(name), version) as row) as classes,
      (select coalesce(json_agg(row), '[]') from (${selectConnections} order by name) as row) as connections,
      (select coalesce(json_agg(row), '[]') from (${selectNodes} order by path) as row) as nodes,
      (select coalesce(json_agg(row), '[]') from (${selectTags} order by path) as row) as tags
    from equipment.revision`.execute(trx)
  const row = found.rows[0]
  if (row === undefined) throw revisionMissing()
  return { ...row, classes: row.classes.map(classFromRow) }
}

/** Makes changes of the model take turns: what this work reads from here on stays true until its commit. */
export async function lockModel(trx: Kysely<Tables>): Promise<void> {
  await sql`select number from equipment.revision for update`.execute(trx)
}

/** Tells readers that something is new. */
export async function advanceRevision(trx: Kysely<Tables>): Promise<void> {
  await sql`update equipment.revision set number = number + 1`.execute(trx)
}

export async function getRevision(trx: Kysely<Tables>): Promise<number> {
  const found = await sql<{ number: number }>`select number from equipment.revision`.execute(trx)
  const row = found.rows[0]
  if (row === undefined) throw revisionMissing()
  return row.number
}

/** A handful of statements, however large the model. */
export async function writeModel(trx: Kysely<Tables>, writes: ModelWrites): Promise<void> {
  for (const draft of writes.publishedDrafts) await updateClassVersion(trx, draft)
  await insertClassVersions(trx, writes.newClasses)
  await insertConnections(trx, writes.newConnections)
  await updateConnections(trx, writes.changedConnections)
  await insertNodes(trx, writes.newNodes)
  await updateNodes(trx, writes.changedNodes)
  // Changed before new: an address may pass from a tag that is there to one that is not yet.
  await updateTags(trx, writes.changedTags)
  await insertTags(trx, writes.newTags)
  await advanceRevision(trx)
}

const revisionMissing = (): DomainError =>
  new DomainError('defect', 'equipment.revision-missing', 'The equipment model has lost its revision row')
