import type { Database } from '@throughline/platform'
import { sql } from 'kysely'
import type { RunRow, SignalIntervalRow } from '../state/tables.ts'
import { derivedTables } from '../state/tables.ts'
import type { Changed } from './difference.ts'
import { differenceOf, gapDifference, rest, stepDifference, widest } from './difference.ts'
import type { Code, Gap, Note, Spell, Step, Work } from './settled.ts'

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
  readonly gaps: Part<Gap>
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
  const { spells, works } = rows
  const told = spellRows(nodeId, spells.rows)
  const states = await replaceStretches(db, 'signal_interval', nodeId, spells, told, spellKey, now)
  const runs = await replaceStretches(db, 'run', nodeId, works, runRows(nodeId, works.rows), runKey, now)
  const steps = await replaceSteps(db, nodeId, rows.steps)
  const gaps = await replaceGaps(db, nodeId, rows.gaps)
  const notes = rows.notes.rows.map(({ at, tag, before, after }) => ({
    ...{ node_id: nodeId, at, tag },
    ...{ before_value: before, after_value: after },
  }))
  await replaceTold(db, 'counter_note', nodeId, rows.notes, notes)
  const codes = rows.codes.rows.map(({ at, code }) => ({ node_id: nodeId, at, code }))
  await replaceTold(db, 'reason_code', nodeId, rows.codes, codes)
  return { states, all: widest([states, runs, steps, gaps]) }
}

interface Stretches {
  readonly signal_interval: SignalIntervalRow
  readonly run: RunRow
}

function spellRows(nodeId: string, spells: DerivedRows['spells']['rows']): SignalIntervalRow[] {
  return spells.map(({ from, to, state, label }) => ({ node_id: nodeId, from_at: from, to_at: to, state, label }))
}

function runRows(nodeId: string, works: DerivedRows['works']['rows']): RunRow[] {
  // Where neither is told, the machine was busy with nothing that has a name.
  const named = works.filter((work) => work.order !== null || work.product !== null)
  return named.map(({ from, to, order, product }) => ({
    ...{ node_id: nodeId, from_at: from, to_at: to },
    ...{ order_name: order, product },
  }))
}

const spellKey = ({ state, label }: SignalIntervalRow): string => `${state} ${label}`
const runKey = ({ order_name, product }: RunRow): string => JSON.stringify([order_name, product])

/** Stretches that reach into the time are cut there: what lies beside it stays. `keyOf` tells one from another beside their time. */
async function replaceStretches<Table extends keyof Stretches>(
  db: Database,
  table: Table,
  nodeId: string,
  { from, to }: Part<unknown>,
  told: readonly Stretches[Table][],
  keyOf: (row: Stretches[Table]) => string,
  now: number,
): Promise<Changed | null> {
  const stored = sql.table(`performance.${table}`)
  const found = await sql<Stretches[Table]>`
    select * from ${stored} where node_id = ${nodeId} and from_at < ${to ?? Number.MAX_SAFE_INTEGER}
      and (to_at is null or to_at > ${from}) order by from_at`.execute(db)
  const keyed = (row: Stretches[Table]) => ({ from: row.from_at, to: row.to_at, key: keyOf(row), row })
  const before = found.rows.map(keyed)
  const changed = differenceOf(before, told.map(keyed), from, to, now)
  if (changed === null) return null
  const kept = before.flatMap((each) =>
    rest(each, from, to).map((span) => ({ ...each.row, from_at: span.from, to_at: span.to })),
  )
  const name: keyof Stretches = table
  for (const some of chunks(found.rows.map((row) => row.from_at))) {
    await derivedTables(db).deleteFrom(name).where('node_id', '=', nodeId).where('from_at', 'in', some).execute()
  }
  const written: (SignalIntervalRow | RunRow)[] = [...kept, ...told]
  for (const some of chunks(written)) await derivedTables(db).insertInto(name).values(some).execute()
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

async function replaceGaps(db: Database, nodeId: string, part: DerivedRows['gaps']): Promise<Changed | null> {
  const found = await derivedTables(db)
    .selectFrom('count_gap')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('at', '>=', part.from)
    .where('at', '<', part.to ?? Number.MAX_SAFE_INTEGER)
    .execute()
  const told = part.rows.map((gap) => ({ ...gap, node_id: nodeId }))
  const changed = gapDifference(found, told)
  if (changed !== null) await replaceTold(db, 'count_gap', nodeId, part, told)
  return changed
}

/** Gaps, notes and reason codes: they follow from the same readings and are told as they are. */
async function replaceTold<Row extends object>(
  db: Database,
  table: 'count_gap' | 'counter_note' | 'reason_code',
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

/** A statement takes 65,535 parameters. */
const rowsAStatement = 2000

function chunks<Item>(items: readonly Item[]): Item[][] {
  const result: Item[][] = []
  for (let at = 0; at < items.length; at += rowsAStatement) result.push(items.slice(at, at + rowsAStatement))
  return result
}
