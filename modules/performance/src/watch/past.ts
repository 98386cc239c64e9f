import type { Platform } from '@throughline/platform'
import type { Reading } from '../state/reading.ts'
import { signalTags } from '../state/rules.ts'
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
  let spell = await findSpell(platform, nodeId, from)
  if (spell === undefined) {
    const first = await findFirstReading(platform, tags, until)
    if (first === undefined) return undefined
    return { deriver: new Deriver(rules), at: toMinute(first) }
  }
  let start = toMinute(begin(spell, from, rules))
  for (;;) {
    spell = await findSpell(platform, nodeId, start - 1)
    const readings = await listReadingsBefore(platform, tags, start - Deriver.reachUs(rules), start - 1)
    const earlier = Math.min(
      spell === undefined ? start : toMinute(begin(spell, start, rules)),
      toMinute(await forgottenFrom(platform, nodeId, rules, readings, start)),
    )
    if (earlier >= start) {
      const deriver = new Deriver(rules)
      deriver.resume(start, spell ?? null, (await findWork(platform, nodeId, start - 1)) ?? null, readings)
      return { deriver, at: start }
    }
    start = earlier
  }
}

const toMinute = (at: number): number => Math.floor(at / minuteUs) * minuteUs

/** What nobody knew, and a counter that stood still, were judged from their beginning on: there it has to be judged again. */
function begin(spell: Spell, from: number, rules: Machine['rules']): number {
  const isCounting = rules.some(({ signal }) => signal.kind === 'counts') && spell.state === 'idle'
  return spell.state === 'no-data' || isCounting ? Math.min(from, spell.from) : from
}

/**
 * After a silence what was read before it decides nothing, and a counter rose at a time that nobody knows. Newest readings
 * do not tell of a silence between them: where several tags decide, or count, it is gone through again, from its beginning on.
 */
async function forgottenFrom(
  { db }: Platform,
  nodeId: string,
  rules: Machine['rules'],
  readings: readonly Reading[],
  start: number,
): Promise<number> {
  const deciding = rules.map(({ signal }) => signalTags(signal)).flatMap((tags) => (tags.length > 1 ? tags : []))
  const counting = rules.flatMap(({ total, good, scrap, rework }) =>
    [total, good, scrap, rework].flatMap((counter) => counter?.tag ?? []),
  )
  const newest = [
    ...deciding.map((tag) => readings.findLast((each) => each.tag === tag)),
    ...counting.map((tag) => readings.findLast((each) => each.tag === tag && each.value !== null)),
  ].flatMap((reading) => reading?.at ?? [])
  if (newest.length === 0) return start
  const row = await derivedTables(db)
    .selectFrom('signal_interval')
    .select('from_at')
    .where('node_id', '=', nodeId)
    .where('state', '=', 'no-data')
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', Math.min(start, ...newest))]))
    .where('from_at', '<', start)
    .orderBy('from_at')
    .limit(1)
    .executeTakeFirst()
  return row?.from_at ?? start
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
    gaps: { from, to, rows: settled.gaps },
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
    gaps: joined(from, settled.gaps, tail.gaps),
    notes: joined(from, settled.notes, tail.notes),
    codes: joined(from, settled.codes, tail.codes),
  }
}
