import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureAdministrator, ensureMachineAccount, ensurePerson } from '@throughline/identity'
import { fromMs, plusMs, systemClock } from '@throughline/kernel'
import type { Alarm, AlarmTransition, EquipmentNode, Tag } from '@throughline/model'
import {
  activatePerson,
  adoptAlarmDefinitions,
  encodeSampleBatch,
  listAlarmDefinitions,
  listAlarmHistory,
  listAlarms,
  listAuditEntries,
  listNodes,
  listTags,
  shelveAlarm,
  stepUp,
  wireTopics,
} from '@throughline/model'
import { nobody } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import mqtt from 'mqtt'
import { pino } from 'pino'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../apps/server/src/config.ts'
import type { Plant } from '../../apps/server/src/plant.ts'
import { startPlant } from '../../apps/server/src/plant.ts'
import { buildPagesIfStale, pagesDir } from '../../scripts/start/build-pages.ts'
import { password, signedInAgain } from '../signed-in.ts'
import { Clients } from './clients.ts'
import type { WindowSize } from './page.ts'
import { expectAccessible, expectReflow, live } from './page.ts'
import { Windows } from './windows.ts'

/** A plant of eight pumps whose machine side is played here: each test raises the alarms of a pump of its own. */
const home = mkdtempSync(join(tmpdir(), 'throughline-alarms-'))
const modelFile = join(home, 'model.yaml')
const pumps = ['p-01', 'p-02', 'p-03', 'p-04', 'p-05', 'p-06', 'p-07', 'p-08']
const model = `
classes:
  - { name: pump, tags: [{ name: Flow, dataType: double, unit: L/min }] }
connections:
  - { name: line, agent: edge-1, driver: opcua, endpoint: 'opc.tcp://127.0.0.1:1', options: {} }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin }
  - { path: acme/north/water, level: area }
${pumps
  .map(
    (pump) =>
      `  - { path: acme/north/water/${pump}, level: work-center, class: pump, sources: { Flow: { connection: line, address: 'ns=1;s=${pump}' } } }`,
  )
  .join('\n')}
`
const normal = 20
const high = 50
const flooded = 1000

let plant: Plant
let edge: mqtt.MqttClient
let tags: readonly Tag[]
let nodes: readonly EquipmentNode[]
const clients = new Clients()
const { as } = clients
const windows = new Windows()

beforeAll(async () => {
  await buildPagesIfStale()
  writeFileSync(modelFile, model)
  const environment = { THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }
  const config = { ...readConfig({ ...environment, THROUGHLINE_WEB: pagesDir }), modelFile }
  plant = await startPlant(config, '0.0.0', systemClock, pino({ level: 'silent' }))
  await withPassword('admin', (await ensureAdministrator(plant.platform))?.path)
  for (const role of ['operator', 'supervisor', 'quality', 'auditor', 'manager'] as const)
    await withPassword(
      role,
      (await ensurePerson(plant.platform, { name: role, printedName: `The ${role}`, role }))?.path,
    )
  tags = (await as('operator')(listTags, {})).tags
  nodes = await as('operator')(listNodes, {})
  await adoptAlarms()
  const key = (await ensureMachineAccount(plant.platform, 'edge-1', ['edge-agent'])) ?? ''
  edge = await mqtt.connectAsync(plant.mqttUrl, { username: 'edge-1', password: key })
  for (const [name, printedName] of [
    ['engineer', 'The engineer'],
    ['engineer-2', 'The second engineer'],
  ] as const)
    await withPassword(name, (await ensurePerson(plant.platform, { name, printedName, role: 'engineer' }))?.path)
  await windows.begin(plant)
})
afterAll(async () => {
  await windows.end()
  await edge?.endAsync()
  await plant?.stop()
  rmSync(home, { recursive: true, force: true })
})
afterEach(({ task }) => windows.settle(task))

async function withPassword(name: string, path: string | undefined): Promise<void> {
  await plant.platform.run(activatePerson, nobody(null), { token: path?.split('#')[1] ?? '', password })
  clients.add(name, await signedInAgain(plant, name))
}

const pathOf = (pump: string): string => `acme/north/water/${pump}`
const nodeOf = (pump: string): EquipmentNode['id'] | undefined => nodes.find(({ path }) => path === pathOf(pump))?.id
const tagOf = (pump: string): Tag['id'] | undefined => tags.find(({ nodeId }) => nodeId === nodeOf(pump))?.id

/** An alarm of high flow at a pump; several may watch the same flow. */
const definition = (pump: string, name: string, latched = false) => ({
  ...{ name, nodeId: nodeOf(pump) ?? '', tagId: tagOf(pump) ?? null, message: `The flow of ${name} is high`, latched },
  condition: { kind: 'limit', side: 'high', limit: 40, deadband: 1 } as const,
  ...{ onDelaySeconds: 0, offDelaySeconds: 0, qualityCritical: pump === 'p-01', suppressWhile: null },
  ...{ cause: 'A valve stands open', consequence: 'The tank runs dry', response: 'Close the valve' },
  ...{ severity: 'major' as const, timeToRespond: '3-to-10-min' as const },
})

/** Takes the alarms over as quality does at commissioning, having proved once more who it is. */
async function adoptAlarms(): Promise<void> {
  await as('quality')(stepUp, { password })
  const single = ['p-01', 'p-02', 'p-03', 'p-05', 'p-06', 'p-07'].map((pump) => definition(pump, `${pump}.high`))
  const latching = ['first', 'second'].map((name) => definition('p-04', `p-04.${name}`, true))
  const flood = Array.from({ length: flooded }, (_, count) => definition('p-08', `p-08.${count}`))
  const { adopted } = await as('quality')(adoptAlarmDefinitions, {
    definitions: [...single, ...latching, ...flood],
    ...{ document: 'Alarm list AL-7, version 3', reason: 'Commissioning' },
  })
  expect(adopted).toHaveLength(single.length + latching.length + flooded)
}

let sequence = 0
/** The machine tells a flow; `bad` = its signal has failed. */
async function tell(pump: string, value: number, quality: 'good' | 'bad' = 'good'): Promise<void> {
  sequence += 1
  const at = fromMs(Date.now())
  const sample = { tag: tagOf(pump) ?? '', at, serverAt: at, value, status: quality === 'good' ? 0 : 0x80000000 }
  const message = encodeSampleBatch('edge-1/test', sequence, [sample])
  await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(message), { qos: 1 })
}

async function at(name: string, path: string, size?: WindowSize): Promise<Page> {
  const page = await windows.at(name, path, size)
  await live(page)
  return page
}

const rowOf = (page: Page, name: string): Locator =>
  page.locator('.alarm-row').filter({ hasText: `The flow of ${name} is` })

/** Waits until the row of an alarm shows these words. */
const shows = (page: Page, name: string, words: string | RegExp): Promise<void> =>
  rowOf(page, name).getByText(words).first().waitFor()

/** Presses a button of an alarm's row and answers the dialog that opens, its button having the same word. */
async function doTo(page: Page, name: string, word: string, text?: string): Promise<void> {
  await page.getByRole('button', { name: `${word}: ${name}` }).click()
  const dialog = page.getByRole('dialog')
  if (text !== undefined) await dialog.getByRole('textbox').fill(text)
  await dialog.locator('button[type="submit"]').click()
  await dialog.waitFor({ state: 'hidden' })
}

async function alarmOf(name: string): Promise<Alarm> {
  const { alarms } = await as('operator')(listAlarms, { show: 'all', limit: 2000 })
  const found = alarms.find((alarm) => alarm.name === name)
  if (found === undefined) throw new Error(`there is no alarm ${name}`)
  return found
}

/** What happened to an alarm, oldest first. */
async function historyOf(name: string): Promise<AlarmTransition[]> {
  const { definitionId } = await alarmOf(name)
  const now = fromMs(Date.now())
  const window = { from: plusMs(now, -3_600_000), to: plusMs(now, 60_000) }
  return (await as('operator')(listAlarmHistory, { definitionId, window })).transitions.toReversed()
}
const steps = (transitions: readonly AlarmTransition[]) =>
  transitions.map(({ event, to, by }) => [event, to, by ?? 'process'].join(' '))

test('[ALM-1, ALM-7-1] raised, acknowledged, cleared: each step is on the page, in the history, in the audit trail, and quality has its deviation', async () => {
  const page = await at('operator', '/alarms?node=acme/north/water/p-01')
  await page.getByText('No alarm stands').first().waitFor()
  await tell('p-01', high)
  await shows(page, 'p-01.high', 'Unacknowledged')
  await shows(page, 'p-01.high', 'Close the valve')
  await doTo(page, 'p-01.high', 'Acknowledge', 'I look at the valve')
  await shows(page, 'p-01.high', 'by operator: I look at the valve')
  const { definitionId } = await alarmOf('p-01.high')
  await tell('p-01', normal)
  await rowOf(page, 'p-01.high').waitFor({ state: 'hidden' })

  expect(steps(await historyOf('p-01.high'))).toEqual([
    'occur unacknowledged process',
    'acknowledge acknowledged operator',
    'return normal process',
  ])
  const auditor = await at('auditor', `/alarms/${definitionId}`)
  // It is critical to quality: there and back again.
  await auditor.getByRole('link', { name: 'DEV-0001' }).click()
  await auditor.getByRole('heading', { name: 'DEV-0001: The flow of p-01.high is high' }).waitFor()
  await auditor.getByRole('link', { name: 'p-01.high' }).click()
  const acknowledged = auditor.getByRole('row').filter({ hasText: 'I look at the valve' })
  await acknowledged.getByRole('link', { name: 'Audit trail' }).click()
  const versions = auditor.getByRole('list', { name: 'Versions, newest first' })
  await versions.getByText('operator', { exact: false }).first().waitFor()
  await versions.getByText('I look at the valve').first().waitFor()
  const entries = await as('auditor')(listAuditEntries, { operation: 'alarm.alarm.acknowledge' })
  expect(JSON.stringify(entries)).toContain('I look at the valve')
})

test('[ALM-1] raised, returned, acknowledged: what is over stays on the list until somebody has seen it', async () => {
  const page = await at('operator', '/alarms?node=acme/north/water/p-02')
  await tell('p-02', high)
  await shows(page, 'p-02.high', 'Unacknowledged')
  await tell('p-02', normal)
  await shows(page, 'p-02.high', 'Returned, unacknowledged')
  await doTo(page, 'p-02.high', 'Acknowledge')
  await rowOf(page, 'p-02.high').waitFor({ state: 'hidden' })
  expect(steps(await historyOf('p-02.high'))).toEqual([
    'occur unacknowledged process',
    'return returned-unacknowledged process',
    'acknowledge normal operator',
  ])
})

test('[ALM-2] raised, shelved with a reason, unshelved; and shelved for a time, after which it is back by itself', async () => {
  const page = await at('operator', '/alarms?node=acme/north/water/p-03')
  await tell('p-03', high)
  await shows(page, 'p-03.high', 'Unacknowledged')
  await page.getByRole('button', { name: 'Shelve: p-03.high' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Shelve' }).click()
  await dialog.getByText('Say why, in 3 characters at least.').waitFor()
  await dialog.getByText(/At most .* by the alarm philosophy/).waitFor()
  await expectAccessible(page, 'the sheet for shelving')
  await dialog.getByLabel('Reason').fill('The sensor is being changed')
  await dialog.getByRole('button', { name: 'Shelve' }).click()
  await rowOf(page, 'p-03.high').waitFor({ state: 'hidden' })
  await page.getByText('Shelved 1').click()
  await shows(page, 'p-03.high', 'by operator: The sensor is being changed')
  await shows(page, 'p-03.high', /until .* UTC[+-]\d\d:\d\d/)
  await doTo(page, 'p-03.high', 'Unshelve')
  await page.getByText('No alarm is shelved').waitFor()
  await page.getByText('Standing 1').click()
  await shows(page, 'p-03.high', 'Unacknowledged')

  const { definitionId } = await alarmOf('p-03.high')
  await as('operator')(shelveAlarm, { definitionId, forSeconds: 3, reason: 'Only for a moment' })
  await rowOf(page, 'p-03.high').waitFor({ state: 'hidden' })
  await shows(page, 'p-03.high', 'Unacknowledged')
  expect(steps(await historyOf('p-03.high'))).toEqual([
    'occur unacknowledged process',
    'shelve shelved operator',
    'unshelve unacknowledged operator',
    'shelve shelved operator',
    'shelf-expired unacknowledged process',
  ])
})

test('[ALM-6] a latched alarm whose process is normal again waits for its reset, in whatever order it is acknowledged', async () => {
  const page = await at('operator', '/alarms?node=acme/north/water/p-04')
  await tell('p-04', high)
  await shows(page, 'p-04.first', 'Unacknowledged')
  await shows(page, 'p-04.second', 'Unacknowledged')
  await tell('p-04', normal)
  await shows(page, 'p-04.first', 'Latched, unacknowledged')
  await doTo(page, 'p-04.first', 'Acknowledge')
  await shows(page, 'p-04.first', 'Latched, acknowledged')
  await doTo(page, 'p-04.first', 'Reset')
  await rowOf(page, 'p-04.first').waitFor({ state: 'hidden' })

  await shows(page, 'p-04.second', 'Latched, unacknowledged')
  await doTo(page, 'p-04.second', 'Reset')
  await shows(page, 'p-04.second', 'Returned, unacknowledged')
  await doTo(page, 'p-04.second', 'Acknowledge')
  await rowOf(page, 'p-04.second').waitFor({ state: 'hidden' })
})

test('[ALM-3, SR-2.1] an alarm out of service is not shown and stays listed until it is returned; an operator is told whom to ask', async () => {
  const operator = await at('operator', '/alarms?node=acme/north/water/p-05')
  await tell('p-05', high)
  await shows(operator, 'p-05.high', 'Unacknowledged')
  const refused = operator.getByRole('button', { name: /^Out of service/ })
  expect(await refused.getAttribute('aria-disabled')).toBe('true')
  expect(await refused.getAttribute('title')).toMatch(/^You may not take alarms out of service; ask .*\.$/)

  const page = await at('supervisor', '/alarms?node=acme/north/water/p-05')
  await doTo(page, 'p-05.high', 'Out of service', 'The pump is opened')
  await rowOf(operator, 'p-05.high').waitFor({ state: 'hidden' })
  await tell('p-05', normal)
  await tell('p-05', high)
  await waitFor(async () => (await historyOf('p-05.high')).length === 4, 'what happens below to be recorded')
  expect(await rowOf(operator, 'p-05.high').count()).toBe(0)
  await page.getByText('Out of service 1').click()
  await shows(page, 'p-05.high', 'by supervisor: The pump is opened')
  await doTo(page, 'p-05.high', 'Return to service')
  await shows(operator, 'p-05.high', 'Unacknowledged')
  expect(steps(await historyOf('p-05.high'))).toEqual([
    'occur unacknowledged process',
    'take-out-of-service out-of-service supervisor',
    'return out-of-service process',
    'occur out-of-service process',
    'return-to-service unacknowledged supervisor',
  ])
})

test('[ALM-9] an alarm whose signal is bad is shown as unknown, not as normal', async () => {
  const page = await at('operator', '/alarms?node=acme/north/water/p-06&show=unknown')
  await tell('p-06', normal)
  await page.getByText('Of every alarm it is known whether it stands').waitFor()
  await tell('p-06', normal, 'bad')
  await shows(page, 'p-06.high', 'Unknown: its signal is bad')
})

test('whoever is called acknowledges on the phone, by one button that is large enough, and sees that it is done', async () => {
  await tell('p-07', high)
  const { occurrenceId } = await waitFor(async () => {
    const alarm = await alarmOf('p-07.high')
    return alarm.state === 'unacknowledged' ? alarm : undefined
  }, 'the alarm')
  const page = await at('operator', `/alarms?occurrence=${occurrenceId}`, { width: 390, height: 844 })
  await page.getByRole('heading', { name: 'The flow of p-07.high is high' }).waitFor()
  const button = page.getByRole('button', { name: 'Acknowledge', exact: true })
  await button.waitFor()
  expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(48)
  await expectAccessible(page, 'the alarm on the phone')
  await expectReflow(page, 'the alarm on the phone')
  await button.click()
  await page.getByText('by operator').waitFor()
  expect(await alarmOf('p-07.high')).toMatchObject({ state: 'acknowledged', by: 'operator' })
  await page.goto(`/equipment/${pathOf('p-07')}`)
  await page.getByRole('region', { name: 'Standing alarms' }).getByText('The flow of p-07.high is high').waitFor()
})

test('whoever may not acknowledge is told so, and whom to ask', async () => {
  const page = await at('manager', '/alarms?node=acme/north/water/p-07')
  await shows(page, 'p-07.high', 'Acknowledged')
  const shelve = page.getByRole('button', { name: /^Shelve/ })
  expect(await shelve.getAttribute('aria-disabled')).toBe('true')
  expect(await shelve.getAttribute('title')).toMatch(/^You may not shelve alarms; ask .*\.$/)
})

/** Signs the draft that is on the page, with name and password. */
async function sign(page: Page, name: string, reason: string, as: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Reason').fill(reason)
  await sheet.getByLabel('Name').fill(name)
  await sheet.getByLabel('Password', { exact: true }).fill(password)
  await sheet.getByRole('button', { name: `Sign as ${as}` }).click()
  await sheet.waitFor({ state: 'hidden' })
}

test('[ALM-5, P11-10g-1!] one engineer drafts the next version, another reviews it, quality releases it: then its limit holds, not before', async () => {
  const address = '/alarm-definitions/p-06.high'
  const author = await at('engineer', address)
  await author.getByRole('button', { name: 'Draft the next version' }).click()
  const form = author.getByRole('dialog')
  await form.getByLabel('Limit', { exact: true }).fill('45')
  await form.getByLabel('Reason', { exact: true }).fill('The tank is larger now')
  await form.getByRole('button', { name: 'Draft', exact: false }).last().click()
  await form.waitFor({ state: 'hidden' })
  const [newest] = await as('engineer')(listAlarmDefinitions, { name: 'p-06.high' })
  expect(newest).toMatchObject({ version: 2, state: 'draft', draftedBy: 'engineer' })
  const version = author.getByRole('region', { name: 'Version 2' })
  await version.getByText(/was .*Above 40.*is now .*Above 45/).waitFor()
  // The author signs nothing of it.
  await version.getByRole('button', { name: 'Sign', exact: true }).waitFor()
  expect(await version.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true)

  const reviewer = await at('engineer-2', address)
  await sign(reviewer, 'engineer-2', 'The limit fits the new tank', 'reviewed')
  await reviewer.getByText('must be released by somebody with the role quality').waitFor()
  await tell('p-06', 43)
  await waitFor(async () => (await alarmOf('p-06.high')).active, 'the released version to go off at its limit')
  const releaser = await at('quality', address)
  await sign(releaser, 'quality', 'Released for use', 'released')
  await releaser.getByText('Released, version 2').waitFor()
  expect(await as('engineer')(listAlarmDefinitions, { name: 'p-06.high' })).toMatchObject([
    { version: 2, state: 'released' },
    { version: 1, state: 'superseded' },
  ])
  await waitFor(async () => !(await alarmOf('p-06.high')).active, 'what is below the new limit to be over')
})

test('[ALM-5] the master alarm database goes out as a file and comes back: what would be drafted is told, then drafted; a bad cell is named', async () => {
  const page = await at('engineer', '/alarm-definitions?node=acme/north/water/p-01')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const text = readFileSync(await (await download).path(), 'utf8')
  await page.getByRole('button', { name: 'Import CSV' }).click()
  const dialog = page.getByRole('dialog')
  const choose = (content: string) =>
    dialog.getByLabel(/^File/).setInputFiles({ name: 'alarms.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
  await choose(text)
  await dialog.getByLabel('Reason').fill('Yearly review')
  await dialog.getByRole('button', { name: 'Show what it would draft' }).click()
  await dialog.getByText('Nothing would be drafted: 1 line is as it was.').waitFor()
  await choose(text.replace(',high,40,', ',high,forty,'))
  await dialog.getByRole('button', { name: 'Show what it would draft' }).click()
  await dialog.getByText(/^line 2, limit: "forty" is no number/).waitFor()
  await choose(text.replace(',high,40,', ',high,42,'))
  await dialog.getByRole('button', { name: 'Show what it would draft' }).click()
  await dialog.getByText('1 draft; 0 lines are as they were.').waitFor()
  await expectAccessible(page, 'what an import would draft')
  await dialog.getByRole('button', { name: 'Draft 1' }).click()
  await dialog.getByText(/^1 draft waits/).waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await page.getByText('1 to be reviewed and released').waitFor()
  expect(await as('engineer')(listAlarmDefinitions, { name: 'p-01.high' })).toMatchObject([
    { version: 2, state: 'draft', condition: { limit: 42 }, changeReason: 'Yearly review' },
    { version: 1, state: 'released' },
  ])
})

test('the philosophy is changed with old and new side by side, after proving anew who it is', async () => {
  const page = await at('quality', '/alarm-philosophy')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  const form = page.getByRole('dialog', { name: 'Change the alarm philosophy' })
  await form.getByLabel('Longest shelving of 4 low, hours').fill('12')
  const changed = form.getByRole('row').filter({ hasText: 'Longest shelving, priority 4' })
  for (const hours of ['1 d 00 h', '12 h 00 min']) await changed.getByText(hours, { exact: false }).first().waitFor()
  await form.getByLabel('Reason').fill('A day is too long')
  await expectAccessible(page, 'the form of the philosophy')
  await form.getByRole('button', { name: 'Change the philosophy' }).click()
  await form.waitFor({ state: 'hidden' })
  await page.getByText(/^Version 1, .* by quality: A day is too long/).waitFor()
})

const everyPage = (definitionId: string): string[] => [
  '/alarms?node=acme/north/water/p-07',
  `/alarms/${definitionId}`,
  '/alarm-history',
  '/alarm-kpis?window=today',
  '/alarm-definitions?node=acme/north/water/p-01',
  '/alarm-definitions/p-01.high',
  '/alarm-philosophy',
  '/alarm-rosters',
]
/** What each page is there for; a page without it is not yet the page. */
const content = '.alarm-row, .alarm-group, .tl-table td, .performance-panel, .performance .tl-empty'

test('axe finds nothing on any page of the alarms, and none scrolls sideways on a narrow screen', async () => {
  const { definitionId } = await alarmOf('p-01.high')
  const page = await at('supervisor', '/alarms')
  for (const path of everyPage(definitionId)) {
    await page.goto(path)
    await live(page)
    await page.locator(content).first().waitFor()
    await expectAccessible(page, path)
    await expectReflow(page, path)
  }
})

test('[ALM-4] a thousand alarms in one second leave the page in use: it says so, groups them, and they are acknowledged together', async () => {
  const page = await at('operator', '/alarms')
  await tell('p-08', high)
  await page.getByText(/^Alarm flood:/).waitFor()
  const { total } = await waitFor(async () => {
    const answer = await as('operator')(listAlarms, { nodeId: nodeOf('p-08') })
    return answer.total === flooded ? answer : undefined
  }, 'all of them to be recorded')
  expect(total).toBe(flooded)
  await page.goto('/alarms?node=acme/north/water/p-08')
  await page.getByText(`The 200 most urgent of ${flooded} alarms are shown.`).waitFor()
  await page.getByText('One list').waitFor()
  await page.getByRole('button', { name: 'Acknowledge all shown (200)' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
  await page.getByText('200 of 200 acknowledged.').waitFor()
  await page.getByText(`${flooded - 200} not acknowledged`).waitFor()
})
