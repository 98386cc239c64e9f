import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { compareKpis, getKpis, getLosses, getShiftReport, listKpiDefinitions } from '@throughline/model'
import { actorWith, readPdf } from '@throughline/testkit'
import { sql } from 'kysely'
import readXlsxFile from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedPlant } from '../shift-result/testing/plain-plant.ts'
import {
  at,
  dayUs,
  putReason,
  putRun,
  putScrap,
  putStates,
  putSteps,
  putStops,
  startPlainPlant,
} from '../shift-result/testing/plain-plant.ts'

const ada = actorWith(['performance.read'])
const hourUs = 3600e6
const first = at('2026-11-20T00:00:00Z')
const after = (hours: number) => (first + hours * hourUs) as Instant
const window = { from: first, to: after(48) }
let started: StartedPlant

beforeAll(async () => {
  started = await startPlainPlant()
  const { platform, plant, recorder } = started
  const { fast, slow, mute } = plant
  const jam = await putReason(platform, plant.site, 'stop', '=Jam', 'down')
  const void_ = await putReason(platform, plant.site, 'scrap', 'Void')
  await putStates(platform.db, fast, [
    [after(0), 'running'],
    [after(2), 'down'],
    [after(3), 'running'],
    [after(10), 'idle'],
    [after(12), 'running'],
  ])
  await putStates(platform.db, slow, [
    [after(0), 'running'],
    [after(24), 'no-data'],
    [after(30), 'running'],
  ])
  await putStates(platform.db, mute, [[after(0), 'running']])
  await putStops(platform, [
    { nodeId: fast, from: after(2), to: after(3), state: 'down', reasonId: jam },
    { nodeId: fast, from: after(10), to: after(12), state: 'idle', reasonId: null },
  ])
  await putRun(platform.db, fast, after(0), after(12), 'A-1', 'ring')
  await putRun(platform.db, fast, after(12), null, 'A-2', 'disc')
  await putRun(platform.db, slow, after(6), null, 'A-1', 'ring')
  await putSteps(platform.db, fast, [
    [after(1), 1000, 990],
    [after(13), 1200, 1200],
    [after(30), 2000, 2000],
  ])
  await putSteps(platform.db, slow, [
    [after(7), 900, 890],
    [after(31), 600, 600],
  ])
  await putScrap(platform, fast, after(13), 5, void_)
  await recorder.settle()
}, 60_000)
afterAll(() => started?.stop())

const ask = (about: object = {}) => started.platform.run(getKpis, ada, { window, ...about })
const keysOf = (rows: readonly { key: string }[]) => rows.map(({ key }) => key)
const figureOf = (row: { kpis: readonly { id: string; value: number | null }[] } | undefined, id: string) =>
  row?.kpis.find((kpi) => kpi.id === id)?.value

test('[KPI-4] the list of KPIs explains each of them', async () => {
  const definitions = await started.platform.run(listKpiDefinitions, ada, {})
  expect(definitions.find(({ id }) => id === 'availability')).toMatchObject({
    formula: 'APT / PBT',
    clause: 'ISO 22400-2:2014, KPI "Availability"',
  })
})

test('[KPI-2] the total is the same by whatever it is grouped', async () => {
  const { total } = await ask()
  expect(total.elements.calendarUs).toBe(6 * 24 * hourUs)
  for (const by of ['machine', 'line', 'area', 'site', 'product', 'order', 'shift', 'day'] as const) {
    const grouped = await ask({ by })
    expect([by, grouped.total.elements]).toEqual([by, total.elements])
    const summed = grouped.rows.reduce((pq, row) => pq + row.elements.pq, 0)
    expect([by, summed]).toEqual([by, total.elements.pq])
  }
})

test('[KPI-2] a line with an order of machines is judged by its key machine, or the last; the total stays the sum', async () => {
  const { platform, plant } = started
  const machines = JSON.stringify([plant.fast, plant.slow].map((nodeId) => ({ nodeId, bufferSeconds: 0 })))
  const put = (version: number, key: string | null) =>
    platform.act('test', 'test.record', {}, async ({ trx }) => {
      await sql`insert into performance.line_setting (id, line_id, version, machines, key_node_id, reason, recorded_by,
        recorded_at) values (${newId()}, ${plant.lineA}, ${version}, ${machines}, ${key}, 'as built', 'ada', ${first})`.execute(
        trx,
      )
    })
  const { total, rows: byMachine } = await ask({ by: 'machine' })
  const lineOf = async (about: object = {}) => {
    const answer = await ask({ by: 'line', ...about })
    expect(answer.total.elements).toEqual(total.elements)
    return answer.rows.find(({ key }) => key === plant.lineA)
  }
  await put(1, plant.fast)
  for (const [version, key] of [plant.fast, plant.slow].entries()) {
    if (version === 1) await put(2, null)
    const own = byMachine.find((row) => row.key === key)
    expect(await lineOf()).toMatchObject({ keyNodeId: key, elements: own?.elements, kpis: own?.kpis })
  }
  const { rows } = await platform.run(getKpis, ada, { window, by: 'line', nodeId: plant.fast })
  expect(rows[0]).not.toHaveProperty('keyNodeId')
})

test('rows are named after what they stand for', async () => {
  const { plant } = started
  expect((await ask({ by: 'machine' })).rows.map(({ label }) => label)).toEqual(['fast', 'mute', 'slow'])
  expect(keysOf((await ask({ by: 'line' })).rows)).toEqual([plant.lineA, plant.lineB])
  expect((await ask({ by: 'area' })).rows.map(({ label }) => label)).toEqual(['no area'])
  expect(keysOf((await ask({ by: 'shift' })).rows)).toEqual(['2026-11-20 day', '2026-11-21 day'])
  expect(keysOf((await ask({ by: 'order' })).rows).toSorted()).toEqual(['', 'A-1', 'A-2'])
})

test('an order is told across its machines, its fall-off against its first operation', async () => {
  const { rows } = await ask({ by: 'order', orders: ['A-1'] })
  expect(rows[0]?.elements).toMatchObject({ pq: 1000 + 900 + 600, sq: 20 })
  expect(figureOf(rows[0], 'fall-off-ratio')).toBeCloseTo(20 / 1000, 12)
  const discs = await ask({ products: ['disc'] })
  expect(discs.total.elements).toMatchObject({ pq: 3200, gq: 3195, sq: 5, aoetUs: 36 * hourUs })
})

test('[KPI-2] stored results and facts tell the same, also where the window cuts a shift', async () => {
  const halves = [
    { from: after(0), to: after(29) },
    { from: after(29), to: after(48) },
  ]
  const [early, late] = await Promise.all(halves.map((half) => ask({ window: half })))
  const { total } = await ask()
  for (const name of ['calendarUs', 'pbtUs', 'aptUs', 'pq', 'gq', 'failures', 'unexplainedUs'] as const) {
    const parts = (early?.total.elements[name] ?? 0) + (late?.total.elements[name] ?? 0)
    expect([name, parts]).toEqual([name, total.elements[name]])
  }
})

test('missing data shows as coverage and a range', async () => {
  const { rows } = await ask({ by: 'machine', nodeId: started.plant.slow })
  const availability = rows[0]?.kpis.find(({ id }) => id === 'availability')
  expect(rows[0]?.coverage).toBe(42 / 48)
  expect(availability).toMatchObject({ low: 42 / 48, high: 1 })
})

test('a machine that counts nothing has no OEE and does not lower that of the others', async () => {
  const { rows, total } = await ask({ by: 'machine' })
  expect(figureOf(rows[1], 'oee')).toBeNull()
  const counting = rows.filter(({ label }) => label !== 'mute')
  const [pbt, good] = [0, 0].map((_, index) =>
    counting.reduce((sum, row) => sum + (index === 0 ? row.elements.pbtUs : row.elements.idealGoodUs), 0),
  )
  expect(figureOf(total, 'oee')).toBe((good ?? 0) / (pbt ?? 1))
})

test('the shift that goes on is told up to now, and says so', async () => {
  const { rows } = await ask({ window: { from: first, to: after(100) }, by: 'shift', nodeId: started.plant.fast })
  expect(rows.map(({ running }) => running)).toEqual([false, false, true])
  expect(rows[2]?.elements.calendarUs).toBe(started.platform.clock.now() - first - 2 * dayUs)
})

test('a window of which nothing is known has no figures, and a window to come neither', async () => {
  for (const from of [after(-2000), after(2000)]) {
    const { total } = await ask({ window: { from, to: (from + dayUs) as Instant } })
    expect(total.elements.calendarUs).toBe(0)
    expect(figureOf(total, 'oee')).toBeNull()
  }
})

test('machines and windows are compared side by side', async () => {
  const { platform, plant } = started
  const [one, two] = await platform.run(compareKpis, ada, {
    nodeIds: [plant.lineA, plant.fast],
    window: { from: after(24), to: after(48) },
    before: { from: after(0), to: after(24) },
  })
  expect([one?.now.label, two?.now.label]).toEqual(['line-a', 'fast'])
  expect([two?.now.elements.pq, two?.before?.elements.pq]).toEqual([2000, 2200])
  expect(one?.now.elements.pq).toBe(2600)
})

test('[KPI-2] the waterfall leads from the planned time to good parts, and nothing is left over', async () => {
  const losses = await started.platform.run(getLosses, ada, { window })
  const lost = losses.steps.reduce((us, step) => us + step.us, 0)
  expect(losses.pbtUs - lost).toBe(losses.idealGoodUs)
  expect(losses.stopReasons.map(({ label, us, count }) => [label, us / hourUs, count])).toEqual([
    ['Unexplained', 2, 1],
    ['=Jam', 1, 1],
  ])
  expect(losses.scrapReasons.map(({ label, quantity }) => [label, quantity])).toEqual([
    ['No reason given', 20],
    ['Void', 5],
  ])
  expect(losses.machines[0]?.nodeId).toBe(started.plant.mute)
})

test('a caller sees the machines of their part of the plant, and is refused another', async () => {
  const { platform, plant } = started
  const ben = actorWith(['performance.read'], plant.lineB)
  const { rows } = await platform.run(getKpis, ben, { window, by: 'machine' })
  expect(keysOf(rows)).toEqual([plant.mute])
  await expect(platform.run(getKpis, ben, { window, nodeId: plant.fast })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(platform.run(getLosses, ben, { window, nodeId: plant.lineA })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await expect(platform.run(compareKpis, ben, { nodeIds: [plant.mute, plant.fast], window })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await expect(platform.run(getKpis, actorWith([]), { window })).rejects.toMatchObject({ kind: 'forbidden' })
})

test('a node that is none, and a window that ends before it begins, are refused in words', async () => {
  const nodeId = '018f0000-0000-7000-8000-00000000000c'
  await expect(ask({ nodeId })).rejects.toMatchObject({ code: 'performance.node-unknown' })
  await expect(ask({ window: { from: after(2), to: after(1) } })).rejects.toMatchObject({ kind: 'invalid' })
})

async function report(format: 'pdf' | 'xlsx' | 'csv') {
  const input = { nodeId: started.plant.lineA, window: { from: after(0), to: after(24) }, format }
  const { content, ...about } = await started.platform.run(getShiftReport, ada, input)
  return { ...about, content: Buffer.from(content, 'base64') }
}

test('the report of a shift as PDF says what the page says', async () => {
  const { content, fileName, mediaType } = await report('pdf')
  expect([fileName, mediaType]).toEqual(['shift-line-a-2026-11-20T0000.pdf', 'application/pdf'])
  const text = readPdf(content).pages.join(' ')
  expect(text).toContain('Shift report: line-a')
  expect(text).toMatch(/20 Nov 2026 00:00:00 UTC\+00:00 to 21 Nov 2026 00:00:00/)
  expect(text).toMatch(/Unexplained\s+2 h 00 min/)
  expect(text).toMatch(/fast\s+75\.9 %/)
  expect(text).toMatch(/=Jam\s+1 h 00 min/)
})

test('the report as a workbook can be opened and calculated with', async () => {
  const { content } = await report('xlsx')
  const sheets = await readXlsxFile(content)
  const rows = sheets.find(({ sheet }) => sheet === 'KPIs')?.data ?? []
  const oee = rows.find((row) => row[0] === 'fast' && row[1] === 'OEE')
  expect(oee?.[2]).toBeCloseTo((2185 * 30) / 86_400, 9)
  const stops = sheets.find(({ sheet }) => sheet === 'Stops')?.data ?? []
  expect(stops.slice(1).map((row) => [row[0], row[3], row[5]])).toEqual([
    ['fast', 3600, '=Jam'],
    ['fast', 7200, 'unexplained'],
  ])
})

test('the report as CSV holds the same, and no text in it becomes a formula', async () => {
  const { content, mediaType } = await report('csv')
  expect(mediaType).toContain('text/csv')
  const lines = content.toString().split('\r\n')
  expect(lines.find((line) => line.startsWith('KPIs,fast,OEE,'))).toContain(String((2185 * 30) / 86_400).slice(0, 10))
  expect(lines.some((line) => line.includes(",'=Jam"))).toBe(true)
  expect(lines.every((line) => !line.includes(',=Jam'))).toBe(true)
})

test('[AL-Consistent-1] every figure is the same in the answer, in the workbook and in the CSV file, and in the PDF as it is rounded', async () => {
  const day = { nodeId: started.plant.lineA, window: { from: after(0), to: after(24) }, by: 'machine' as const }
  const { rows, total } = await ask(day)
  const sheets = await readXlsxFile((await report('xlsx')).content)
  const cells = (sheets.find(({ sheet }) => sheet === 'KPIs')?.data ?? []).slice(1)
  const lines = (await report('csv')).content.toString().split('\r\n')
  const text = readPdf((await report('pdf')).content).pages.join(' ')
  const definitions = await started.platform.run(listKpiDefinitions, ada, {})
  const known = [...rows, { ...total, label: 'All' }].flatMap(({ label, kpis }) =>
    kpis.flatMap(({ id, value }) => {
      const name = definitions.find((each) => each.id === id)?.name
      return value === null || name === undefined ? [] : [{ label, name, value }]
    }),
  )
  expect(known.length).toBeGreaterThan(20)
  for (const { label, name, value } of known) {
    expect(cells.find((cell) => cell[0] === label && cell[1] === name)?.[2], `${label} ${name}`).toBe(value)
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^KPIs,${label},"?${escaped(name)}"?,${value}(,|$)`)))
  }
  const oee = known.flatMap(({ name, value }) => (name === 'OEE' ? [`${(value * 100).toFixed(1)} %`] : []))
  for (const figure of oee) expect(text).toContain(figure)
})

const escaped = (name: string): string => name.replaceAll(/[()/.+*]/g, '\\$&')

test('a report of another part of the plant is refused', async () => {
  const { platform, plant } = started
  const ben = actorWith(['performance.read'], plant.lineB)
  await expect(platform.run(getShiftReport, ben, { nodeId: plant.lineA, window, format: 'csv' })).rejects.toMatchObject(
    { kind: 'forbidden' },
  )
})
