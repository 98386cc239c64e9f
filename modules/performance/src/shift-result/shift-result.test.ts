import type { Instant } from '@throughline/kernel'
import { getKpis, getLosses, listShiftResults } from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedPlant } from './testing/plain-plant.ts'
import {
  at,
  dayUs,
  putCalendar,
  putReason,
  putScrap,
  putStates,
  putSteps,
  putStops,
  startPlainPlant,
} from './testing/plain-plant.ts'

const ada = actorWith(['performance.read'])
const month = { from: at('2026-10-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z') }
const first = at('2026-11-20T00:00:00Z')
const hourUs = 3600e6
let started: StartedPlant

beforeAll(async () => {
  started = await startPlainPlant()
  const { platform, plant } = started
  const after = (hours: number) => (first + hours * hourUs) as Instant
  // Two days that are over and the third in the midst: each runs but for an hour in which it is down.
  await putStates(
    platform.db,
    plant.fast,
    [0, 24, 48].flatMap((day) => [
      [after(day), 'running'] as const,
      [after(day + 3), 'down'] as const,
      [after(day + 4), 'running'] as const,
    ]),
  )
  await putSteps(
    platform.db,
    plant.fast,
    [1, 25, 49].map((hour) => [after(hour), 2000, 1990] as const),
  )
  await started.recorder.settle()
}, 60_000)
afterAll(() => started?.stop())

const results = (onlyRestated = false) =>
  started.platform.run(listShiftResults, ada, { nodeId: started.plant.fast, window: month, onlyRestated })

async function change(from: Instant, to: Instant, cause: string): Promise<void> {
  const { platform, plant, clock, recorder } = started
  await platform.act('performance', 'test.change', {}, async (uow) => {
    uow.emit('performance.past-changed', { nodeId: plant.site, from, to, cause })
  })
  await platform.idle()
  clock.advanceMs(2000)
  await recorder.settle()
}

test('a shift is recorded once it is over, with the hash of its inputs', async () => {
  const recorded = await results()
  expect(recorded.map(({ shift, version, cause }) => [shift.date, version, cause])).toEqual([
    ['2026-11-20', 1, null],
    ['2026-11-21', 1, null],
  ])
  const [day] = recorded
  expect(day?.inputHash).toMatch(/^[0-9a-f]{64}$/)
  expect(day?.coverage).toBe(1)
  expect(day?.elements).toMatchObject({ aptUs: 23 * hourUs, adotUs: hourUs, pq: 2000, gq: 1990, failures: 1 })
  expect(day?.kpis.find(({ id }) => id === 'oee')?.value).toBeCloseTo((1990 * 30) / 86_400, 12)
})

test('hearing of a change that changed nothing records nothing', async () => {
  await change(first, (first + dayUs) as Instant, 'late data')
  await change(first, (first + dayUs) as Instant, 'late data')
  await started.recorder.settle()
  expect((await results()).map(({ version }) => version)).toEqual([1, 1])
})

test('[KPI-3!] scrap found later restates its shift alone; the old version stays as it was', async () => {
  const before = await results()
  const reason = await putReason(started.platform, started.plant.site, 'scrap', 'Void')
  await putScrap(started.platform, started.plant.fast, (first + hourUs) as Instant, 12, reason)
  await change((first + hourUs) as Instant, (first + hourUs + 1) as Instant, 'scrap found later')
  const now = await results()
  expect(now.map(({ shift, version, cause }) => [shift.date, version, cause])).toEqual([
    ['2026-11-20', 1, null],
    ['2026-11-20', 2, 'scrap found later'],
    ['2026-11-21', 1, null],
  ])
  expect(now[0]).toEqual(before[0])
  expect(now[1]?.elements).toMatchObject({ pq: 2000, gq: 1978, sq: 22 })
  expect(now[1]?.inputHash).not.toBe(now[0]?.inputHash)
  expect((await results(true)).map(({ version }) => version)).toEqual([1, 2])
})

test('[KPI-3] a stop that is explained anew restates the shift, and the losses tell the reason', async () => {
  const { platform, plant } = started
  const reasonId = await putReason(platform, plant.site, 'stop', 'Cleaning', 'planned')
  const from = (first + 27 * hourUs) as Instant
  const to = (from + hourUs) as Instant
  await putStops(platform, [{ nodeId: plant.fast, from, to, state: 'down', reasonId }])
  await change(from, to, 'stop explained: Cleaning')
  const restated = (await results()).at(-1)
  expect(restated).toMatchObject({ version: 2, cause: 'stop explained: Cleaning' })
  expect(restated?.elements).toMatchObject({ adotUs: 0, pdotUs: hourUs, pbtUs: 23 * hourUs, failures: 0 })
  const input = { nodeId: plant.fast, window: { from: first, to: (first + 2 * dayUs) as Instant } }
  const losses = await platform.run(getLosses, ada, input)
  expect(losses.stopReasons).toEqual([{ reasonId: null, label: 'Unexplained', us: hourUs, count: 1, quantity: 0 }])
  expect(losses.scrapReasons.map(({ label, quantity }) => [label, quantity])).toEqual([
    ['No reason given', 20],
    ['Void', 12],
  ])
})

test('a machine that goes on changing is left alone until it comes to rest', async () => {
  const { platform, plant, clock, recorder } = started
  await putScrap(platform, plant.fast, (first + hourUs) as Instant, 1, null)
  await platform.act('performance', 'test.change', {}, async (uow) => {
    const to = (first + 1) as Instant
    uow.emit('performance.past-changed', { nodeId: plant.fast, from: first, to, cause: 'scrap once more' })
  })
  await platform.idle()
  const count = (await results()).length
  clock.advanceMs(500)
  await recorder.settle()
  expect(await results()).toHaveLength(count)
  clock.advanceMs(1500)
  await recorder.settle()
  expect(await results()).toHaveLength(count + 1)
})

test('while the past of a machine is being worked out nothing of it is recorded', async () => {
  const { platform, plant, clock, recorder } = started
  await putScrap(platform, plant.fast, (first + hourUs) as Instant, 1, null)
  const count = (await results()).length
  const behind = clock.now() - hourUs
  await sql`insert into performance.progress (node_id, resume_at, heard_at)
    values (${plant.fast}, ${behind}, ${clock.now()})`.execute(platform.db)
  await change(first, (first + 1) as Instant, 'a late stream')
  expect(await results()).toHaveLength(count)
  await sql`update performance.progress set resume_at = heard_at, changed_from = 0, changed_to = 1`.execute(platform.db)
  await recorder.settle()
  expect(await results()).toHaveLength(count)
  await sql`update performance.progress set changed_from = null`.execute(platform.db)
  await recorder.settle()
  expect((await results()).filter(({ cause }) => cause === 'a late stream')).toHaveLength(1)
})

test('a machine whose past stands still for long is taken as it is', async () => {
  const { platform, plant, clock, recorder } = started
  await putScrap(platform, plant.fast, (first + hourUs) as Instant, 1, null)
  await sql`update performance.progress set resume_at = 0`.execute(platform.db)
  await change(first, (first + 1) as Instant, 'heard and never worked in')
  const count = (await results()).length
  clock.advanceMs(80_000)
  await recorder.settle()
  expect(await results()).toHaveLength(count + 1)
})

test('a change that reaches back before the machine was known restates its own time alone', async () => {
  const { platform, plant } = started
  await putScrap(platform, plant.fast, (first + 2 * hourUs) as Instant, 1, null)
  await change(0 as Instant, platform.clock.now(), 'standard changed')
  const restated = (await results()).filter(({ cause }) => cause === 'standard changed')
  expect(restated.map(({ shift }) => shift.date)).toEqual(['2026-11-20'])
})

test('[KPI-2] recorded shifts and the running one add up to what the facts say', async () => {
  const { platform, plant } = started
  const input = { nodeId: plant.fast, window: month }
  const { total, rows } = await platform.run(getKpis, ada, { ...input, by: 'shift' as const })
  expect(rows.map(({ key, running }) => [key, running])).toEqual([
    ['2026-11-20 day', false],
    ['2026-11-21 day', false],
    ['2026-11-22 day', true],
  ])
  // The third day counts up to now.
  const now = platform.clock.now()
  expect(total.elements.calendarUs).toBe(now - first)
  const byFacts = await platform.run(getKpis, ada, {
    ...input,
    window: { from: (first + 1) as Instant, to: month.to },
    by: 'none',
  })
  expect(byFacts.total.elements.calendarUs).toBe(now - first - 1)
  expect({ ...byFacts.total.elements, calendarUs: 0, pbtUs: 0, aptUs: 0 }).toEqual({
    ...total.elements,
    ...{ calendarUs: 0, pbtUs: 0, aptUs: 0 },
  })
})

test('a shift that the calendar has no more is taken back, and the new ones are recorded', async () => {
  const { platform, plant } = started
  await putCalendar(platform, plant.site, [['early', '06:00', '14:00']])
  await change(first, platform.clock.now(), 'the calendar changed')
  const window = { from: first, to: (first + 2 * dayUs) as Instant }
  const { rows } = await platform.run(getKpis, ada, { nodeId: plant.fast, window, by: 'shift' })
  expect(rows.map(({ key }) => key)).toEqual(['2026-11-20 early', '2026-11-21 early'])
  const gone = (await results()).filter(({ cause }) => cause?.startsWith('the calendar has no such shift any more'))
  expect(gone.map(({ shift, elements }) => [shift.name, elements.calendarUs])).toEqual([
    ['day', 0],
    ['day', 0],
  ])
})

test('who may not read the figures gets none', async () => {
  await expect(
    started.platform.run(listShiftResults, actorWith([]), { nodeId: started.plant.fast, window: month }),
  ).rejects.toMatchObject({ kind: 'forbidden' })
  const elsewhere = actorWith(['performance.read'], started.plant.lineB)
  await expect(
    started.platform.run(listShiftResults, elsewhere, { nodeId: started.plant.fast, window: month }),
  ).rejects.toMatchObject({ kind: 'forbidden' })
})
