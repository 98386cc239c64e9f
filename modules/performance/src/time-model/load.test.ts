import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { MachineState } from '@throughline/model'
import { drawsFrom } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCalendarVersions } from '../calendar/store.ts'
import { listEntries } from '../count-entry/store.ts'
import { listLineSettings } from '../line/store.ts'
import { listPlannedStopsOf } from '../planned-stop/store.ts'
import { listRuns } from '../run/store.ts'
import type { StartedPlant } from '../shift-result/testing/plain-plant.ts'
import {
  at,
  putCalendar,
  putReason,
  putRun,
  putScrap,
  putStates,
  putSteps,
  putStops,
  startPlainPlant,
} from '../shift-result/testing/plain-plant.ts'
import { listProductStandards } from '../standard/store.ts'
import { cutTo } from '../state/interval.ts'
import { listIntervals } from '../state/store.ts'
import { listFactRows } from './fact-rows.ts'
import { readJudgement } from './settings.ts'

const minuteUs = 60e6
const states: readonly MachineState[] = ['running', 'idle', 'down', 'starved', 'changeover', 'no-data']
const draw = drawsFrom(7)
const begin = at('2026-11-20T00:00:00Z')
const minutes = 2 * 1440

let started: StartedPlant
let nodeIds: Id<'EquipmentNode'>[]

beforeAll(async () => {
  started = await startPlainPlant()
  const { plant, platform } = started
  nodeIds = [plant.fast, plant.slow, plant.mute]
  const reasonId = await putReason(platform, plant.site, 'stop', 'jam', 'down')
  for (const nodeId of nodeIds) {
    const instants = [...new Set(Array.from({ length: 60 }, () => draw(minutes)))].sort((a, b) => a - b)
    await putStates(
      platform.db,
      nodeId,
      instants.map((minute) => [(begin + minute * minuteUs) as Instant, states[draw(states.length)] ?? 'idle']),
    )
    const stops = [...new Set(Array.from({ length: 20 }, () => draw(minutes)))].sort((a, b) => a - b)
    await putStops(
      platform,
      stops.map((minute, index) => {
        const [from, next] = [begin + minute * minuteUs, begin + (stops[index + 1] ?? minute + 90) * minuteUs]
        const to = Math.min(next, from + (1 + draw(120)) * minuteUs)
        const reason = draw(2) === 0 ? reasonId : null
        return { nodeId, from: from as Instant, to: to as Instant, state: 'down', reasonId: reason }
      }),
    )
    await putSteps(
      platform.db,
      nodeId,
      Array.from({ length: 40 }, (_, index) => [begin + index * 70 * minuteUs, draw(9) + 1, 1]),
    )
    await putRun(platform.db, nodeId, begin, (begin + 600 * minuteUs) as Instant, 'A', 'X')
    await putRun(platform.db, nodeId, (begin + 700 * minuteUs) as Instant, null, 'B', 'Y')
    await putScrap(platform, nodeId, (begin + draw(minutes) * minuteUs) as Instant, 2, null)
  }
  await platform.act('test', 'test.record', {}, async ({ trx }) => {
    const machines = JSON.stringify([
      { nodeId: plant.fast, bufferSeconds: 300 },
      { nodeId: plant.slow, bufferSeconds: 0 },
    ])
    await sql`insert into performance.line_setting (id, line_id, version, machines, reason, recorded_by, recorded_at)
      values (${newId()}, ${plant.lineA}, 1, ${machines}, 'as built', 'ada', ${begin})`.execute(trx)
    await sql`insert into performance.manual_state (id, node_id, from_at, to_at, state, comment, recorded_by, recorded_at)
      values (${newId()}, ${plant.fast}, ${begin + 900e6}, ${begin + 9_000e6}, 'changeover', 'by hand', 'ada', ${begin}),
        (${newId()}, ${plant.slow}, ${begin + 86_400e6}, null, 'down', '', 'ada', ${begin})`.execute(trx)
    await sql`insert into performance.planned_stop (id, node_id, kind, label, from_at, to_at, recorded_by, recorded_at)
      values (${newId()}, ${plant.site}, 'maintenance', 'oil', ${begin + 7_200e6}, ${begin + 14_400e6}, 'ada', ${begin})`.execute(
      trx,
    )
  })
})
afterAll(() => started.stop())

test('[KPI-1] [KPI-2] what one statement brings of any window is what each list holds of it', async () => {
  const { plant, platform } = started
  const { db } = platform
  const lines = await listLineSettings(db)
  const above = [plant.site]
  for (let count = 0; count < 60; count++) {
    const from = (begin + draw(minutes) * minuteUs) as Instant
    const to = (from + (1 + draw(900)) * minuteUs) as Instant
    const now = (to + (draw(2) === 0 ? -1 : 900) * minuteUs) as Instant
    const some = nodeIds.filter(() => draw(2) === 0)
    const rows = await listFactRows(db, { nodeIds: some, above, window: { from, to }, now, lines })
    const end = Math.min(to, now)
    const own = rows.stops.filter((stop) => stop.from < from).map((stop) => stop.from)
    expect(rows.from).toBe(Math.min(from, ...own))
    const cut = <Item extends { from: Instant; to: Instant | null }>(all: readonly Item[]) => cutTo(all, rows.from, end)
    expect(cut(rows.states)).toEqual(cut(await listIntervals(db, some, begin, end)))
    const runs = await listRuns(db, some, rows.from, end + 2 * 86_400e6)
    const inOrder = [...runs].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1) || a.from - b.from)
    expect(rows.runs).toEqual(inOrder.filter((run) => (run.to ?? Number.POSITIVE_INFINITY) > rows.from))
    const entries = await listEntries(db, some, (rows.from - 2 * 86_400e6) as Instant, (end + 2 * 86_400e6) as Instant)
    expect(rows.entries.map(({ madeAt, quantity }) => [madeAt, quantity])).toEqual(
      entries.map(({ madeAt, quantity }) => [madeAt, quantity]),
    )
    const planned = await listPlannedStopsOf(db, above, rows.from, end)
    expect(rows.plannedStops).toEqual(planned.map((stop) => ({ nodeId: plant.site, from: stop.from, to: stop.to })))
    const { rows: steps } = await sql<{ sum: number | null }>`select sum(total) as sum from performance.count_step
      where node_id = any(${some}::uuid[]) and at >= ${from} and at < ${end}`.execute(db)
    const total = [...rows.steps.values()].flat().reduce((sum, step) => sum + (step.total ?? 0), 0)
    expect(total).toBe(steps[0]?.sum ?? 0)
  }
})

test('[KPI-3!] settings that are kept from question to question are those of now, and change with what people set', async () => {
  const { plant, platform } = started
  const { db } = platform
  const asStored = async () => ({
    calendars: await listCalendarVersions(db),
    standards: await listProductStandards(db),
    lines: await listLineSettings(db),
  })
  const before = await readJudgement(db, nodeIds)
  expect(before).toMatchObject(await asStored())
  expect(before.knownSince.get(plant.fast)).toBeGreaterThanOrEqual(begin)
  expect((await readJudgement(db, nodeIds)).lines).toBe(before.lines)
  await putCalendar(platform, plant.site, [['day', '06:00', '18:00']])
  await platform.act('test', 'test.record', {}, async ({ trx }) => {
    await sql`insert into performance.product_standard (id, class_name, node_id, product, ideal_cycle_seconds,
      planned_scrap_ratio, reason, recorded_by, recorded_at)
      values (${newId()}, 'press', null, 'X', 12, 0.01, 'timed', 'ada', ${begin})`.execute(trx)
  })
  const after = await readJudgement(db, nodeIds)
  expect(after.calendars).toHaveLength(1)
  expect(after).toMatchObject(await asStored())
})
