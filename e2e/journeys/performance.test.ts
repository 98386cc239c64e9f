import { readFileSync } from 'node:fs'
import type { Instant } from '@throughline/kernel'
import { fromMs, plusMs, toIso } from '@throughline/kernel'
import type { ShiftResult, Stop } from '@throughline/model'
import {
  activatePerson,
  approvePerson,
  callHelp,
  createClient,
  explainStop,
  getLosses,
  getStop,
  invitePerson,
  listCalls,
  listCounts,
  listCurrentStates,
  listReasons,
  listShiftResults,
  listStations,
  listStops,
  Problem,
  retireStation,
} from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningPlant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import { password, signedIn, signedInAgain } from '../signed-in.ts'
import { Clients } from './clients.ts'
import { expectAccessible, expectReflow, live, signIn } from './page.ts'
import { Windows } from './windows.ts'

let plant: RunningPlant
const clients = new Clients()
const { as, idOf } = clients
const windows = new Windows()

const tablet = { width: 1024, height: 1366 }
const filling = 'aurora/bio/fill-finish'
const fillLine = `${filling}/filling/fil-01`
const cutter = 'aurora/aero/composites/cutting/cut-01'

beforeAll(async () => {
  plant = await startPlant({ backfillDays: 2 })
  for (const name of ['admin', 'operator', 'supervisor', 'engineer', 'quality', 'manager', 'auditor'])
    clients.add(name, await signedIn(plant, name))
  await clients.readPlaces('engineer')
  await addNeighbour()
  await breakdownOfLate()
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await plant?.stop()
})
afterEach(({ task }) => windows.settle(task))

/** Adds `neighbour`: a supervisor, but of the other site. */
async function addNeighbour(): Promise<void> {
  const { person, activation } = await as('admin')(invitePerson, {
    ...{ name: 'neighbour', printedName: 'Demo neighbour', identityChecked: 'passport seen at the gate' },
    grants: [{ role: 'supervisor', nodeId: idOf('aurora/aero') }],
  })
  const link = activation ?? (await as('manager')(approvePerson, { personId: person.id })).activation
  await createClient({ baseUrl: plant.url })(activatePerson, { token: link.path.split('#')[1] ?? '', password })
  clients.add('neighbour', await signedInAgain(plant, 'neighbour'))
}

const at = windows.at.bind(windows)

const now = (): Instant => fromMs(Date.now())
const lastDays = (days: number) => ({ from: plusMs(now(), -days * 86_400_000), to: now() })
const stateOf = async (path: string) =>
  (await as('engineer')(listCurrentStates, { nodeId: idOf(path) })).find(({ nodeId }) => nodeId === idOf(path))
const oeeOf = (result: ShiftResult | undefined) => result?.kpis.find(({ id }) => id === 'oee')?.value ?? Number.NaN

/** 20 mm in CSS pixels: what a gloved finger meets. */
const leastPx = (20 / 25.4) * 96

async function expectLargeTargets(page: Page, what: string): Promise<void> {
  const targets = page.locator('.station').locator('button, a, summary, input').filter({ visible: true })
  const sizes = await targets.evaluateAll((elements) =>
    elements.map((element) => {
      const { width, height } = element.getBoundingClientRect()
      return { name: element.textContent, least: Math.min(width, height) }
    }),
  )
  expect(sizes.length).toBeGreaterThan(5)
  expect(
    sizes.filter(({ least }) => least < leastPx - 0.1),
    `${what}: targets below 20 mm`,
  ).toEqual([])
}

const task = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'What to say' }).getByRole('button', { name }).click()
const answer = (page: Page): Locator => page.locator('.station-answer')

test('an operator at a tablet explains the stop that stands by two touches, and all targets are 20 mm large', async () => {
  const page = await at('operator', `/station-stops/${idOf(cutter)}`, tablet)
  await task(page, 'State by hand')
  await page.getByRole('button', { name: 'Down' }).click()
  await answer(page).getByText('Recorded: Down').waitFor()
  await task(page, 'Stop reason')
  const stopId = await waitFor(async () => (await stateOf(cutter))?.openStopId ?? undefined, 'the stop to be open')
  expect(await as('operator')(getStop, { stopId })).toMatchObject({ state: 'down', to: null, reasonId: null })
  await page.getByText(/Down since .*, open/).waitFor()
  await expectLargeTargets(page, 'stop reasons')
  await expectAccessible(page, 'stop reasons')

  await page.getByRole('button', { name: 'Technical …' }).click()
  await page.getByRole('button', { name: 'Tool or blade broken' }).click()

  await answer(page)
    .getByText(/^Recorded: Tool or blade broken, \d\d:\d\d:\d\d/)
    .waitFor()
  const reasons = await as('operator')(listReasons, { nodeId: idOf(cutter), kind: 'stop' })
  const stop = await as('operator')(getStop, { stopId })
  expect(stop).toMatchObject({ reasonBy: 'person', category: 'down' })
  expect(reasons.find(({ id }) => id === stop.reasonId)?.code).toBe('TOOL')
  await page.getByText('This stop has its reason: Tool or blade broken').waitFor()
})

test('an operator at a tablet reports three scrap with the reason in one action', async () => {
  const page = await at('operator', `/station-stops/${idOf(cutter)}`, tablet)
  await task(page, 'Scrap')
  await page.getByRole('button', { name: '3', exact: true }).click()
  expect(await page.getByRole('status', { name: 'Number of parts' }).textContent()).toBe('3')
  await page.getByRole('button', { name: 'Part …' }).click()
  await expectLargeTargets(page, 'scrap')
  await expectAccessible(page, 'scrap')
  await page.getByRole('button', { name: 'Surface' }).click()
  await answer(page).getByText('Recorded: 3 scrap, Surface').waitFor()
  await page.getByText(/3 scrap, Surface, by operator/).waitFor()
  const entries = await as('operator')(listCounts, { nodeId: idOf(cutter), window: lastDays(1) })
  expect(entries).toMatchObject([{ kind: 'scrap', quantity: 3, recordedBy: 'operator' }])
})

test('a call for help is acknowledged by one person and resolved by another, and how long each took is shown', async () => {
  const operator = await at('operator', `/station-stops/${idOf(cutter)}`, tablet)
  await task(operator, 'Call help')
  await operator.getByRole('button', { name: 'Maintenance', exact: true }).click()
  await answer(operator).getByText('Maintenance is called').waitFor()
  await operator.getByText(/Maintenance: called .* nobody has answered yet/).waitFor()
  await expectLargeTargets(operator, 'call for help')
  await expectAccessible(operator, 'call for help')

  const supervisor = await at('supervisor', '/andon?window=today')
  await supervisor.getByText('1 unanswered').waitFor()
  await supervisor.getByRole('button', { name: 'I come to CUT-01' }).click()
  await operator.getByText(/Maintenance: supervisor comes, since/).waitFor()

  const engineer = await at('engineer', '/andon?window=today')
  await engineer.getByRole('button', { name: 'Resolved: the call of CUT-01' }).click()
  const dialog = engineer.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Resolved' }).click()
  await dialog.getByText('Say why, in 3 characters at least.').waitFor()
  await dialog.getByLabel('What was done').fill('Blade changed')
  await dialog.getByRole('button', { name: 'Resolved' }).click()
  const row = engineer.getByRole('row', { name: /CUT-01/ })
  await row.getByText('Blade changed').waitFor()
  const [text, call] = [await row.innerText(), (await as('engineer')(listCalls, { window: lastDays(1) }))[0]]
  expect(call).toMatchObject({ calledBy: 'operator', acknowledgedBy: 'supervisor', resolvedBy: 'engineer' })
  expect(text).toMatch(/\d+ (s|min)\s+supervisor\s+\d+ (s|min)\s+engineer/)
  await engineer.getByText(/half of 1 answered within \d+/).waitFor()
  await operator.getByText('None.', { exact: true }).waitFor()
})

/** A breakdown of the fill line in the newest finished shift that has one, and that shift as first recorded. */
async function recordedBreakdown(): Promise<{ stop: Stop; shift: ShiftResult } | undefined> {
  const ask = { nodeId: idOf(fillLine), window: lastDays(2) }
  const reasons = await as('supervisor')(listReasons, { nodeId: ask.nodeId, kind: 'stop' })
  const breakdown = reasons.find(({ code }) => code === 'BREAKDOWN')?.id
  const { stops } = await as('supervisor')(listStops, ask)
  const results = await as('supervisor')(listShiftResults, ask)
  for (const result of results.toSorted((a, b) => b.shift.from - a.shift.from)) {
    const { from, to } = result.shift
    const stop = stops.find((one) => one.reasonId === breakdown && one.from > from && (one.to ?? to) < to)
    if (stop !== undefined) return { stop, shift: result }
  }
  return undefined
}

async function breakdownOfLate(): Promise<{ stop: Stop; shift: ShiftResult }> {
  return await waitFor(recordedBreakdown, 'a breakdown in a recorded shift', 120_000)
}

test('[AL-Consistent-1, KPI-3, P11-10e-2] a supervisor reclassifies a stop of a finished shift: its figures are restated, both versions are shown with the cause, and the trail keeps the old reason', async () => {
  const { stop, shift } = await breakdownOfLate()
  const window = `window=custom&from=${toIso(shift.shift.from)}&to=${toIso(shift.shift.to)}`
  const page = await at('supervisor', `/stops?node=${fillLine}&${window}`)
  await page.locator(`a[href="/stops/${stop.id}"]`).click()
  await page.getByRole('heading', { name: 'Stop of FIL-01' }).waitFor()
  await page.getByText('Breakdown, by the machine’s code').waitFor()
  await page.getByLabel('Reason', { exact: true }).selectOption({ label: 'Planned maintenance' })
  await page.getByRole('button', { name: 'Reclassify' }).click()
  await page.getByText('Say why the reason changes').waitFor()
  await page.getByLabel('Why the reason changes').fill('The seal change was planned')
  await page.getByRole('button', { name: 'Reclassify' }).click()
  await page.getByText('Planned maintenance, by a person').waitFor()

  const ask = { nodeId: idOf(fillLine), window: { from: shift.shift.from, to: shift.shift.to } }
  const versions = await waitFor(async () => {
    const all = await as('supervisor')(listShiftResults, { ...ask, onlyRestated: true })
    return all.length >= 2 ? all.toSorted((a, b) => a.version - b.version) : undefined
  }, 'the shift to be restated')
  const [first, second] = versions
  expect(oeeOf(second)).toBeGreaterThan(oeeOf(first))

  await page.goto(`/oee?node=${fillLine}&${window}`)
  const restated = page.getByRole('region', { name: 'Restated shifts' })
  const newest = restated.getByRole('listitem').filter({ hasText: 'Version 2' })
  await newest.getByText('The seal change was planned').waitFor()
  const percent = (result: ShiftResult | undefined): string => (oeeOf(result) * 100).toFixed(1)
  expect(await restated.locator('del').innerText()).toContain(`OEE ${percent(first)}`)
  expect(await newest.locator('strong').innerText()).toContain(`OEE ${percent(second)}`)

  const trail = await at('auditor', `/stops/${stop.id}`)
  await trail.getByRole('link', { name: 'Audit trail' }).click()
  const history = trail.getByRole('list', { name: 'Versions, newest first' })
  await history.getByText('The seal change was planned').first().waitFor()
  expect(await history.innerText()).toContain(stop.reasonId)
})

test('a manager finds the biggest loss of the week in three clicks, sees where the time went, and what happened in one state', async () => {
  const page = await at('manager', '/')
  await page.getByRole('heading', { name: 'Plant overview' }).waitFor()
  const { stopReasons } = await as('manager')(getLosses, { window: lastDays(7) })
  const worst = stopReasons.toSorted((a, b) => b.us - a.us)[0]
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Performance' }).click()
  const biggest = page.getByRole('region', { name: 'Biggest loss of the last 7 days' })
  await biggest.getByRole('link').first().click()
  await page.waitForURL('**/oee?*window=7d*')
  const causes = page.getByRole('list', { name: 'Stops by reason, by time' }).getByRole('listitem')
  await causes.first().waitFor()
  expect(await causes.first().innerText()).toContain(worst?.reasonId === null ? 'Unexplained' : worst?.label)

  const steps = page.getByRole('list', { name: 'Losses from planned busy time' }).getByRole('listitem')
  expect(await steps.first().innerText()).toContain('Planned busy time')
  expect(await steps.last().innerText()).toContain('Ideal time of good parts')
  await page.getByText('Number', { exact: true }).click()
  await page.getByRole('list', { name: 'Stops by reason, by count' }).waitFor()

  const strip = page.getByRole('slider', { name: 'FIL-01: pick a state' })
  await strip.focus()
  await page.keyboard.press('End')
  await page.getByRole('heading', { name: /^FIL-01 / }).waitFor()
  await page.getByRole('heading', { name: 'Alarms of that time' }).waitFor()
  await page.getByRole('link', { name: 'Trend of that time' }).click()
  await page.waitForURL('**/trend?tags=**from=**to=**')
})

test('the report of a shift is downloaded as PDF, as a workbook and as CSV', async () => {
  const page = await at('manager', `/oee?node=${filling}&window=last-shift`)
  const begins = { PDF: '%PDF-', XLSX: 'PK' }
  for (const [format, magic] of Object.entries(begins)) {
    const file = await downloaded(page, format)
    expect(file.subarray(0, magic.length).toString('latin1')).toBe(magic)
    expect(file.length).toBeGreaterThan(1000)
  }
  const lines = (await downloaded(page, 'CSV')).toString('utf8').split(/\r?\n/)
  expect(lines[0]).toContain('Machine,KPI,Value,Unit,Low,High,Note,Coverage')
  expect(lines.some((line) => line.includes('FIL-01,OEE,0.'))).toBe(true)
})

async function downloaded(page: Page, format: string): Promise<Buffer> {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: `Download the report as ${format}` }).click()
  const download = await coming
  expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`))
  return readFileSync(await download.path())
}

test('the wall board shows what a machine does as it changes, and says OFFLINE once the server is silent', async () => {
  const page = await at('operator', '/me', { width: 1920, height: 1080 })
  // Its own clock goes on by itself, and can be put forward: nobody has to sit out the silence.
  await page.clock.install()
  await page.goto(`/wall/${filling}`)
  const tile = page.getByRole('list', { name: 'Machines' }).getByRole('listitem').filter({ hasText: 'FIL-01' })
  await tile.waitFor()
  expect(await tile.innerText()).not.toContain('No data')
  await plant.killOpcUaServer()
  await waitFor(async () => (await stateOf(fillLine))?.state === 'no-data', 'the machine to be heard no more', 60_000)
  await tile.getByText('No data').waitFor()
  await expectAccessible(page, 'the wall board')

  const offline = page.getByRole('alert').getByText('OFFLINE')
  await page.clock.fastForward(31_000)
  await offline.waitFor({ state: 'hidden' })
  process.kill(plant.pidOf('server'), 'SIGSTOP')
  try {
    await page.clock.fastForward(31_000)
    await offline.waitFor()
    await page.clock.fastForward(31_000)
    await page.getByText(/since \d\d:\d\d:\d\d, 1 min/).waitFor()
  } finally {
    process.kill(plant.pidOf('server'), 'SIGCONT')
  }
  await offline.waitFor({ state: 'hidden' })
})

test('[SR-2.1!, SR-2.6!] a device that is made a board on the wall shows its machines with nobody signed in, changes nothing, and says so once it is retired', async () => {
  const page = await windows.fresh({ width: 1920, height: 1080 })
  await page.goto('/stations')
  await signIn(page, 'admin')
  await page.getByRole('button', { name: 'Make this device a station' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What it is').selectOption('wall')
  await dialog.getByLabel('Name').fill('Board 1')
  await dialog.getByLabel('Equipment').fill(filling)
  await dialog.getByLabel('Reason').fill('for all to see')
  await dialog.getByRole('button', { name: 'Make it a station' }).click()
  await page.getByRole('button', { name: 'Sign out and open the board' }).click()

  await page.waitForURL('**/wall')
  await page.getByRole('list', { name: 'Machines' }).getByRole('listitem').filter({ hasText: 'FIL-01' }).waitFor()
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['throughline-station'])
  const refused = await page.request.post(`/api/${callHelp.name}`, {
    data: { nodeId: idOf(fillLine), kind: 'maintenance' },
    headers: { 'idempotency-key': crypto.randomUUID() },
  })
  expect(Problem.parse(await refused.json())).toMatchObject({ status: 403, code: 'platform.station-only-shows' })

  const administrator = await signedInAgain(plant, 'admin')
  const board = (await administrator(listStations, {})).find(({ name }) => name === 'Board 1')
  await administrator(retireStation, { stationId: board?.id ?? '', reason: 'the wall is taken down' })
  await page.getByRole('heading', { name: 'Board 1 was retired' }).waitFor()
  await expectAccessible(page, 'a retired board')
  expect(await page.getByRole('listitem').count()).toBe(0)
})

test('[SR-2.1!] a person of another site does not see the machine, nor reach its stop past the page', async () => {
  const { stop } = await breakdownOfLate()
  const page = await at('neighbour', `/station-stops/${idOf(fillLine)}`)
  await page.getByText('It may have been removed, or lie outside your scopes.').waitFor()
  await page.goto(`/stops/${stop.id}`)
  await page.getByText('The stop could not be read').waitFor()
  const input = { stopId: stop.id, version: stop.version, reasonId: stop.reasonId ?? '' }
  await expect(as('neighbour')(explainStop, input)).rejects.toThrow(/stop/i)
})

test('[SR-2.1] whoever may not change a stop or answer a call is told why, and whom to ask', async () => {
  const { stop } = await breakdownOfLate()
  const page = await at('operator', `/stops/${stop.id}`)
  await page.getByText('You may not give a stop another reason; ask a supervisor or an engineer.').waitFor()
  const split = page.getByRole('button', { name: /^Split here/ })
  expect(await split.getAttribute('aria-disabled')).toBe('true')
  expect(await split.textContent()).toContain('You may not split stops; ask a supervisor or an engineer.')
  await page.goto('/state-rules')
  await page
    .getByText(/You may not .*; ask an engineer\./)
    .first()
    .waitFor()
})

const everyPage = (stop: Stop): string[] => [
  '/performance',
  `/oee?node=${filling}&window=yesterday`,
  `/stops?node=${filling}&window=yesterday`,
  `/stops/${stop.id}`,
  '/andon?window=today',
  '/stop-reasons',
  '/work-calendars',
  '/planned-stops',
  '/lines',
  '/state-rules',
  '/product-standards',
]

/** What each page is there for; a page without it is not yet the page. */
const content =
  '.machine-row, .tl-kpi, .stop-facts, .performance .tl-table, .performance .tl-empty, [aria-labelledby^="calendar-"]'

test('axe finds nothing on any page of the performance, and none scrolls sideways on a narrow screen', async () => {
  const { stop } = await breakdownOfLate()
  const page = await at('engineer', '/performance')
  for (const path of everyPage(stop)) {
    await page.goto(path)
    await live(page)
    await page.getByRole('navigation', { name: 'Performance' }).waitFor()
    await page.locator(content).first().waitFor()
    await expectAccessible(page, path)
    await expectReflow(page, path)
  }
})
