import type { MachineState } from '@throughline/model'
import type { Database } from '@throughline/platform'
import { derivedTables } from '../state/tables.ts'
import type { Changed } from './difference.ts'
import { differenceOf, rest, stepDifference, widest } from './difference.ts'
import type { Code, Note, Spell, Step, Work } from './settled.ts'

/** What was worked out for `[from, to)`, `to` null = for ever: it takes the place of all that is stored for that time. */
export interface Part<Row> {
  readonly from: number
  readonly to: number | null
  readonly rows: readonly Row[]
}

export interface DerivedRows {
  readonly spells: Part<Spell & { readonly to: number | null }>
  readonly works: Part<Work & { readonly to: number | null }>
  readonly steps: Part<Step>
  readonly notes: Part<Note>
  readonly codes: Part<Code>
}

/** From and to where the stored states, and all that is stored, became something else; null = nothing did. */
export interface Replaced {
  readonly states: Changed | null
  readonly all: Changed | null
}

/** Puts rows in the place of what was there, and says for which time that differs. `now` stands for an end that has not come. */
export async function replaceDerived(db: Database, nodeId: string, rows: DerivedRows, now: number): Promise<Replaced> {
  const states = await replaceSpells(db, nodeId, rows.spells, now)
  const runs = await replaceRuns(db, nodeId, rows.works, now)
  const steps = await replaceSteps(db, nodeId, rows.steps)
  const notes = rows.notes.rows.map(({ at, tag, before, after }) => ({
    ...{ node_id: nodeId, at, tag },
    ...{ before_value: before, after_value: after },
  }))
  await replaceTold(db, 'counter_note', nodeId, rows.notes, notes)
  const codes = rows.codes.rows.map(({ at, code }) => ({ node_id: nodeId, at, code }))
  await replaceTold(db, 'reason_code', nodeId, rows.codes, codes)
  return { states, all: widest([states, runs, steps]) }
}

async function replaceSpells(
  db: Database,
  nodeId: string,
  { from, to, rows }: DerivedRows['spells'],
  now: number,
): Promise<Changed | null> {
  const found = await derivedTables(db)
    .selectFrom('signal_interval')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('from_at', '<', to ?? Number.MAX_SAFE_INTEGER)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('from_at')
    .execute()
  const before = found.map((row) => ({ from: row.from_at, to: row.to_at, key: `${row.state} ${row.label}`, row }))
  const after = rows.map((spell) => ({ ...spell, key: `${spell.state} ${spell.label}` }))
  const changed = differenceOf(before, after, from, to, now)
  if (changed === null) return null
  const kept = before.flatMap((each) => rest(each, from, to).map((span) => ({ ...each.row, ...boundsOf(span) })))
  const told = rows.map((spell) => ({
    ...{ node_id: nodeId, state: spell.state as MachineState, label: spell.label },
    ...boundsOf(spell),
  }))
  await deleteFrom(
    db,
    'signal_interval',
    nodeId,
    found.map((row) => row.from_at),
  )
  for (const some of chunks([...kept, ...told])) {
    await derivedTables(db).insertInto('signal_interval').values(some).execute()
  }
  return changed
}

async function replaceRuns(
  db: Database,
  nodeId: string,
  { from, to, rows }: DerivedRows['works'],
  now: number,
): Promise<Changed | null> {
  const found = await derivedTables(db)
    .selectFrom('run')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('from_at', '<', to ?? Number.MAX_SAFE_INTEGER)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('from_at')
    .execute()
  const keyOf = (order: string | null, product: string | null): string => JSON.stringify([order, product])
  const before = found.map((row) => ({
    ...{ from: row.from_at, to: row.to_at, row },
    key: keyOf(row.order_name, row.product),
  }))
  // Where neither is told, the machine was busy with nothing that has a name.
  const named = rows.filter((work) => work.order !== null || work.product !== null)
  const after = named.map((work) => ({ ...work, key: keyOf(work.order, work.product) }))
  const changed = differenceOf(before, after, from, to, now)
  if (changed === null) return null
  const kept = before.flatMap((each) => rest(each, from, to).map((span) => ({ ...each.row, ...boundsOf(span) })))
  const told = named.map((work) => ({
    ...{ node_id: nodeId, order_name: work.order, product: work.product },
    ...boundsOf(work),
  }))
  await deleteFrom(
    db,
    'run',
    nodeId,
    found.map((row) => row.from_at),
  )
  for (const some of chunks([...kept, ...told])) await derivedTables(db).insertInto('run').values(some).execute()
  return changed
}

async function replaceSteps(
  db: Database,
  nodeId: string,
  { from, to, rows }: DerivedRows['steps'],
): Promise<Changed | null> {
  const found = await derivedTables(db)
    .selectFrom('count_step')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('at', '>=', from)
    .where('at', '<', to ?? Number.MAX_SAFE_INTEGER)
    .execute()
  const after = new Map(rows.map((step) => [step.at, step]))
  const changed = stepDifference(found, after)
  if (changed === null) return null
  const gone = found.filter((row) => !after.has(row.at)).map((row) => row.at)
  if (gone.length > 0) {
    await derivedTables(db).deleteFrom('count_step').where('node_id', '=', nodeId).where('at', 'in', gone).execute()
  }
  const known = new Map(found.map((row) => [row.at, row]))
  const told = rows
    .filter((step) => stepDifference([known.get(step.at) ?? none(step.at)], new Map([[step.at, step]])) !== null)
    .map(({ at, total, good, scrap, rework }) => ({ node_id: nodeId, at, total, good, scrap, rework }))
  for (const some of chunks(told)) {
    await derivedTables(db)
      .insertInto('count_step')
      .values(some)
      .onConflict((conflict) =>
        conflict.columns(['node_id', 'at']).doUpdateSet((each) => ({
          total: each.ref('excluded.total'),
          good: each.ref('excluded.good'),
          scrap: each.ref('excluded.scrap'),
          rework: each.ref('excluded.rework'),
        })),
      )
      .execute()
  }
  return changed
}

const none = (at: number): Step => ({ at, total: null, good: null, scrap: null, rework: null })

/** Notes and reason codes: they follow from the same readings and are told as they are. */
async function replaceTold<Row extends object>(
  db: Database,
  table: 'counter_note' | 'reason_code',
  nodeId: string,
  { from, to }: Part<unknown>,
  rows: readonly (Row & { node_id: string; at: number })[],
): Promise<void> {
  await derivedTables(db)
    .deleteFrom(table)
    .where('node_id', '=', nodeId)
    .where('at', '>=', from)
    .where('at', '<', to ?? Number.MAX_SAFE_INTEGER)
    .execute()
  for (const some of chunks(rows)) await derivedTables(db).insertInto(table).values(some).execute()
}

async function deleteFrom(
  db: Database,
  table: 'signal_interval' | 'run',
  nodeId: string,
  begins: readonly number[],
): Promise<void> {
  for (const some of chunks(begins)) {
    await derivedTables(db).deleteFrom(table).where('node_id', '=', nodeId).where('from_at', 'in', some).execute()
  }
}

const boundsOf = ({ from, to }: { from: number; to: number | null }) => ({ from_at: from, to_at: to })

/** A statement takes 65,535 parameters. */
const rowsAStatement = 2000

function chunks<Item>(items: readonly Item[]): Item[][] {
  const result: Item[][] = []
  for (let at = 0; at < items.length; at += rowsAStatement) result.push(items.slice(at, at + rowsAStatement))
  return result
}
