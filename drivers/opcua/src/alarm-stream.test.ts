import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlarmReport, Driver } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { opcuaDriver } from './index.ts'
import type { OpcUaTestServer } from './testing/server.ts'
import { startOpcUaServer } from './testing/server.ts'

const home = mkdtempSync(join(tmpdir(), 'throughline-opcua-alarms-'))
const names = ['Jam', 'Guard', 'Early', 'Panel', 'Text', 'Bad', 'Gone', 'Off']
const nodeOf = (name: string): string => `nsu=urn:throughline:test;s=Alarms.${name}`
const drivers: Driver[] = []
const eventually = <T>(look: () => T): Promise<T> => vi.waitFor(look, { timeout: 15_000, interval: 20 })
let server: OpcUaTestServer

beforeAll(async () => {
  const variables = { Running: { dataType: 'Boolean', value: true } } as const
  server = await startOpcUaServer({ port: 0, homeDir: home, variables, alarms: names })
}, 60_000)
afterEach(async () => {
  await Promise.all(drivers.splice(0).map(async (driver) => await driver.close()))
})
afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

async function connected(options = { alarms: true }): Promise<{ driver: Driver; heard: ListenerRecorder }> {
  const { endpoint } = server
  const driver = opcuaDriver.create({ name: 'filler', endpoint, options, clock: systemClock, homeDir: home })
  drivers.push(driver)
  const heard = new ListenerRecorder()
  await driver.connect(heard)
  if (options.alarms) await eventually(() => expect(heard.alarmPictures).toHaveLength(1))
  return { driver, heard }
}

const untilTold = (heard: ListenerRecorder, name: string, state: Partial<AlarmReport>): Promise<AlarmReport> =>
  eventually(() => {
    const last = heard.alarmReports.findLast(({ condition }) => condition === nodeOf(name))
    expect(last).toMatchObject(state)
    return last as AlarmReport
  })

test('an alarm is told with the words, severity and time of the machine, and again when it ends', async () => {
  const { heard } = await connected()
  const at = new Date(Date.now() - 5000)
  server.alarms.raise('Jam', { severity: 700, message: 'Vials jam at the infeed', at })
  const raised = await untilTold(heard, 'Jam', { active: true })
  expect(raised).toMatchObject({ acknowledged: false, severity: 700, message: 'Vials jam at the infeed', comment: '' })
  expect(raised.at).toBe(at.getTime() * 1000)
  expect(raised.handle).toBeTruthy()
  server.alarms.end('Jam')
  await untilTold(heard, 'Jam', { active: false, acknowledged: false })
  expect(heard.faults).toEqual([])
})

test('what stands when the session begins is told at once, and what ended meanwhile is not among it', async () => {
  server.alarms.raise('Early', { severity: 300, message: 'Hopper is low' })
  server.alarms.raise('Gone', { severity: 300, message: 'Door is open' })
  const first = await connected()
  await untilTold(first.heard, 'Early', { active: true, message: 'Hopper is low' })
  expect(first.heard.alarmPictures[0]).toEqual(expect.arrayContaining([nodeOf('Early'), nodeOf('Gone')]))
  await first.driver.close()
  server.alarms.end('Gone')
  server.alarms.acknowledge('Gone', 'closed')
  const second = await connected()
  expect(second.heard.alarmPictures[0]).toContain(nodeOf('Early'))
  expect(second.heard.alarmPictures[0]).not.toContain(nodeOf('Gone'))
})

test('an acknowledgement goes to the machine with its comment, and comes back as told by the machine', async () => {
  const { driver, heard } = await connected()
  server.alarms.raise('Guard', { severity: 500, message: 'Guard is open' })
  const { handle } = await untilTold(heard, 'Guard', { active: true })
  await driver.acknowledge?.(nodeOf('Guard'), handle ?? '', 'ada: seen')
  expect(server.alarms.isAcknowledged('Guard')).toBe(true)
  expect(server.alarms.comment('Guard')).toBe('ada: seen')
  const told = await untilTold(heard, 'Guard', { active: true, acknowledged: true, handle: null })
  expect(told.comment).toContain('ada: seen')
  // A second time changes nothing and is no failure: an answer may have been lost.
  await driver.acknowledge?.(nodeOf('Guard'), handle ?? '', 'ada: seen').catch((error: unknown) => {
    expect(error).toMatchObject({ kind: 'conflict' })
  })
})

test('an acknowledgement at the panel of the machine is told with what was said there, and with its time', async () => {
  const { heard } = await connected()
  const at = new Date(Date.now() - 60_000)
  server.alarms.raise('Panel', { severity: 500, message: 'Filter is full', at })
  await untilTold(heard, 'Panel', { active: true })
  server.alarms.acknowledge('Panel', 'changed at the panel')
  const told = await untilTold(heard, 'Panel', { acknowledged: true, comment: 'changed at the panel' })
  expect(told.at).toBeGreaterThan(at.getTime() * 1000 + 30_000_000)
})

test('who acknowledged an alarm whose text changed meanwhile has acknowledged it; one that came anew they have not', async () => {
  const { driver, heard } = await connected()
  server.alarms.raise('Text', { severity: 500, message: 'Jam at gate 1' })
  const first = await untilTold(heard, 'Text', { active: true })
  server.alarms.raise('Text', { severity: 600, message: 'Jam at gates 1 and 2' })
  await untilTold(heard, 'Text', { severity: 600 })
  await driver.acknowledge?.(nodeOf('Text'), first.handle ?? '', 'seen')
  const acked = await untilTold(heard, 'Text', { acknowledged: true })
  expect(acked.message).toBe('Jam at gates 1 and 2')
  server.alarms.end('Text')
  await untilTold(heard, 'Text', { active: false })
  server.alarms.raise('Text', { severity: 500, message: 'Jam at gate 3' })
  await untilTold(heard, 'Text', { active: true })
  await expect(driver.acknowledge?.(nodeOf('Text'), first.handle ?? '', 'seen')).rejects.toMatchObject({
    code: 'opcua.alarm-changed',
  })
  expect(server.alarms.isAcknowledged('Text')).toBe(false)
})

test('[ALM-9] an alarm judged by a bad signal is told as not known', async () => {
  const { heard } = await connected()
  server.alarms.raise('Bad', { severity: 500, message: 'Pressure high' })
  await untilTold(heard, 'Bad', { active: true })
  server.alarms.spoil('Bad')
  await untilTold(heard, 'Bad', { active: null })
})

test('without the option no alarm is told, and none is acknowledged', async () => {
  const { driver, heard } = await connected({ alarms: false })
  server.alarms.raise('Off', { severity: 500, message: 'unheard' })
  await expect(driver.acknowledge?.(nodeOf('Off'), 'AAAA', '')).rejects.toMatchObject({ code: 'opcua.alarms-off' })
  expect(heard.alarmReports).toEqual([])
  const refused = () =>
    opcuaDriver.create({
      ...{ name: 'filler', endpoint: server.endpoint, clock: systemClock, homeDir: home },
      options: { alarms: 'yes' },
    })
  expect(refused).toThrow('option alarms is "yes" and must be true or false')
})
