import type { Platform } from '@throughline/platform'
import { derivedTables } from '../state/tables.ts'
import type { Machine } from '../state-rule/machines.ts'
import type { DerivedRows, Part } from './derived-store.ts'
import { Deriver } from './deriver.ts'
import type { WatchedTags } from './samples.ts'
import { findFirstReading, listReadings, listReadingsBefore } from './samples.ts'
import type { Settled, Spell, Work } from './settled.ts'
import { nothingSettled } from './settled.ts'

const minuteUs = 60e6
const dayUs = 86_400e6

/** A deriver that stands at an instant of the past, and has told nothing from there on. */
export interface PastStart {
  readonly deriver: Deriver
  readonly at: number
}

/**
 * Stands at an instant at or before `from` at which all is known that later readings build on: what is stored, and the
 * newest readings. Undefined = the machine was never read.
 */
export async function startOfPast(
  platform: Platform,
  { nodeId, rules }: Machine,
  tags: WatchedTags,
  from: number,
  until: number,
): Promise<PastStart | undefined> {
  const spell = await findSpell(platform, nodeId, from)
  const at = spell === undefined ? await findFirstReading(platform, tags, until) : begin(spell, from, rules)
  if (at === undefined) return undefined
  const start = Math.floor(at / minuteUs) * minuteUs
  const known = spell === undefined ? undefined : await findSpell(platform, nodeId, start - 1)
  const work = spell === undefined ? undefined : await findWork(platform, nodeId, start - 1)
  const readings = await listReadingsBefore(platform, tags, start - Deriver.reachUs(rules), start - 1)
  const deriver = new Deriver(rules)
  deriver.resume(start, known ?? null, work ?? null, readings)
  return { deriver, at: start }
}

/** What nobody knew, and a counter that stood still, were judged from their beginning on: there it has to be judged again. */
function begin(spell: Spell, from: number, rules: Machine['rules']): number {
  const isCounting = rules.some(({ signal }) => signal.kind === 'counts') && spell.state === 'idle'
  return spell.state === 'no-data' || isCounting ? Math.min(from, spell.from) : from
}

async function findSpell({ db }: Platform, nodeId: string, at: number): Promise<Spell | undefined> {
  const row = await derivedTables(db)
    .selectFrom('signal_interval')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('from_at', '<=', at)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', at)]))
    .executeTakeFirst()
  return row && { from: row.from_at, state: row.state, label: row.label }
}

async function findWork({ db }: Platform, nodeId: string, at: number): Promise<Work | undefined> {
  const row = await derivedTables(db)
    .selectFrom('run')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('from_at', '<=', at)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', at)]))
    .executeTakeFirst()
  return row && { from: row.from_at, order: row.order_name, product: row.product }
}

/** A part of the past, worked out: its rows, and up to where. */
export interface PastPart {
  readonly rows: DerivedRows
  readonly to: number
}

/**
 * Works the past out of the historian, a day at a time, up to the day that holds `now`, which is left to the caller; goes on
 * with `deriver`.
 */
export async function* deriveDays(
  platform: Platform,
  tags: WatchedTags,
  { deriver, at }: PastStart,
  now: number,
): AsyncGenerator<PastPart> {
  for (let from = at; from + dayUs < now; from += dayUs) {
    const to = from + dayUs
    const before = deriver.openFrom
    const settled = nothingSettled()
    for (const reading of await listReadings(platform, tags, from, to)) deriver.hear(reading, settled)
    yield { rows: settledRows(before, deriver.openFrom, settled, from, to), to }
  }
}

function settledRows(
  before: Deriver['openFrom'],
  after: Deriver['openFrom'],
  settled: Settled,
  from: number,
  to: number,
): DerivedRows {
  return {
    spells: { from: before.spells, to: after.spells, rows: settled.spells },
    works: { from: before.works, to: after.works, rows: settled.works },
    steps: { from: before.steps, to: after.steps, rows: settled.steps },
    notes: { from, to, rows: settled.notes },
    codes: { from, to, rows: settled.codes },
  }
}

/** What was settled since `before`, and what stands behind it for the time being, as one. */
export function withTail(before: Deriver['openFrom'], from: number, settled: Settled, tail: DerivedRows): DerivedRows {
  const joined = <Row>(begin: number, first: readonly Row[], rest: Part<Row>): Part<Row> => ({
    ...{ from: begin, to: null },
    rows: [...first, ...rest.rows],
  })
  return {
    spells: joined(before.spells, settled.spells, tail.spells),
    works: joined(before.works, settled.works, tail.works),
    steps: joined(before.steps, settled.steps, tail.steps),
    notes: joined(from, settled.notes, tail.notes),
    codes: joined(from, settled.codes, tail.codes),
  }
}
