import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { fromMs, systemClock } from '@throughline/kernel'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MtConnectAgent } from './agent/agent.ts'
import { mtconnectDriver } from './driver.ts'
import { mill } from './testing/mill.ts'

const homeDir = mkdtempSync(join(tmpdir(), 'mtconnect-alarms-'))
const at = (seconds: number) => fromMs(Date.parse('2026-11-22T10:00:00Z') + seconds * 1000)
const drivers: Driver[] = []
let agent: MtConnectAgent

beforeEach(async () => {
  agent = new MtConnectAgent({ devices: [mill], clock: systemClock })
  await agent.listen()
})
afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.close()))
  await agent.stop()
})
afterAll(() => rmSync(homeDir, { recursive: true, force: true }))

async function following(options: Record<string, boolean> = { alarms: true }) {
  const given = { timeoutMs: 2000, heartbeatMs: 200, ...options }
  const driver = mtconnectDriver.create({
    name: 'mill',
    endpoint: agent.endpoint,
    options: given,
    clock: systemClock,
    homeDir,
  })
  drivers.push(driver)
  const heard = new ListenerRecorder()
  await driver.connect(heard)
  await driver.subscribe([{ tag: 'system', address: 'system', dataType: 'string', sampleMs: 50 }])
  const last = () =>
    Object.fromEntries(heard.alarmReports.map(({ condition, active, severity }) => [condition, [active, severity]]))
  return {
    driver,
    heard,
    until: (state: object) => vi.waitFor(() => expect(last()).toEqual(state), { timeout: 15_000 }),
  }
}
const fault = (nativeCode: string, text: string) => ({ level: 'Fault' as const, nativeCode, text })

test('each native code of a condition is an alarm of its own, and ends alone or with all', async () => {
  const { heard, until } = await following()
  agent.set('mill_system', fault('SP02', 'Spindle overload'), at(1))
  agent.set('mill_system', { level: 'Warning', nativeCode: 'CO1', text: 'Coolant low' }, at(2))
  await until({ 'mill_system:SP02': [true, 800], 'mill_system:CO1': [true, 400] })
  expect(heard.alarmReports[0]).toMatchObject({
    message: 'Spindle overload',
    at: at(1),
    acknowledged: null,
    handle: null,
  })
  agent.set('mill_system', { level: 'Normal', nativeCode: 'SP02', text: '' }, at(3))
  await until({ 'mill_system:SP02': [false, 800], 'mill_system:CO1': [true, 400] })
  agent.set('mill_system', { level: 'Normal', nativeCode: '', text: '' }, at(4))
  await until({ 'mill_system:SP02': [false, 800], 'mill_system:CO1': [false, 400] })
  // The tag of the condition goes on telling the worst of them.
  await heard.untilValue('system', 'NORMAL')
})

test('[ALM-9] what stands at the beginning is told; while the machine is unavailable nothing is known, and nothing has ended', async () => {
  agent.set('mill_system', fault('SP02', 'Spindle overload'), at(1))
  const first = await following()
  await first.until({ 'mill_system:SP02': [true, 800] })
  expect(first.heard.alarmPictures).toEqual([['mill_system:SP02']])
  agent.set('mill_system', null, at(2))
  await first.until({ 'mill_system:SP02': [null, 800] })
  const second = await following()
  expect(second.heard.alarmPictures).toEqual([])
  agent.set('mill_system', fault('SP02', 'Spindle overload'), at(3))
  await second.until({ 'mill_system:SP02': [true, 800] })
  await vi.waitFor(() => expect(second.heard.alarmPictures).toEqual([['mill_system:SP02']]))
})

test('without the option conditions are told as tags alone', async () => {
  const { heard } = await following({})
  agent.set('mill_system', fault('SP02', 'Spindle overload'), at(1))
  await heard.untilValue('system', 'FAULT')
  expect(heard.alarmReports).toEqual([])
})
