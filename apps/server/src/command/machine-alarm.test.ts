import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { OpcUaTestServer } from '@throughline/driver-opcua/server'
import { startOpcUaServer } from '@throughline/driver-opcua/server'
import { ensureMachineAccount } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { plusMs, systemClock } from '@throughline/kernel'
import type { Alarm, AlarmTransition } from '@throughline/model'
import {
  acknowledgeAlarms,
  adoptAlarmDefinitions,
  getDiagnostics,
  listAlarmHistory,
  listAlarms,
  listAuditEntries,
  listDocuments,
  listInspections,
  listNodes,
  listUnmappedAlarmSources,
  wireTopics,
} from '@throughline/model'
import { systemActor } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../config.ts'
import type { Plant } from '../plant.ts'
import { startPlant } from '../plant.ts'

const home = mkdtempSync(join(tmpdir(), 'throughline-machine-alarm-'))
const agentHome = join(home, 'agent')
/** The agent is a process of its own, which takes its time to start. */
const patienceMs = 60_000
const operator = { ...systemActor('test'), name: 'olga' }
const sourceOf = (name: string): string => `filler/nsu=urn:throughline:test;s=Alarms.${name}`
/** Where a measuring machine drops its files, and how they are read. */
const drop = join(agentHome, 'drop')
const measured = `settleMs: 200, scanMs: 100, serial: Serial, characteristic: Name, value: Value, unit: Unit, status: Ok`
const names = ['Jam', 'Panel', 'Later', 'Unmapped']
vi.setConfig({ testTimeout: 2 * patienceMs })
let machine: OpcUaTestServer
let plant: Plant
let agent: ChildProcess

beforeAll(async () => {
  machine = await startOpcUaServer({ port: 0, homeDir: join(home, 'machine'), variables: {}, alarms: names })
  mkdirSync(drop, { recursive: true })
  const model = `
connections:
  - { name: filler, agent: edge-1, driver: opcua, endpoint: '${machine.endpoint}', options: { alarms: true } }
  - { name: cmm, agent: edge-1, driver: file, endpoint: '${pathToFileURL(drop)}', options: { ${measured} } }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin }
`
  const modelFile = join(home, 'model.yaml')
  writeFileSync(modelFile, model)
  const config = {
    ...readConfig({ THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }),
    modelFile,
  }
  plant = await startPlant(config, '0.0.0', systemClock, pino({ level: 'silent' }))
  const key = await ensureMachineAccount(plant.platform, 'edge-1', ['edge-agent'])
  mkdirSync(join(agentHome, 'keys'), { recursive: true })
  writeFileSync(join(agentHome, 'keys', 'edge-1.key'), `${key}\n`)
  const nodes = await plant.platform.run(listNodes, systemActor('test'), {})
  const nodeId = nodes.find(({ path }) => path === 'acme/north')?.id ?? ('' as Id<'EquipmentNode'>)
  await plant.platform.run(adoptAlarmDefinitions, systemActor('commissioning'), {
    definitions: names.slice(0, 3).map((name) => definitionOf(name, nodeId)),
    document: 'ALM-1 version 1',
    reason: 'commissioning',
  })
  await plant.platform.idle()
  agent = startAgent()
}, 120_000)
afterAll(async () => {
  await endAgent('SIGTERM')
  await plant?.stop()
  await machine?.close()
  rmSync(home, { recursive: true, force: true })
}, 60_000)

const definitionOf = (name: string, nodeId: Id<'EquipmentNode'>) => ({
  ...{ name: `FIL-01.${name}`, nodeId, tagId: null, message: `${name} at the filler` },
  condition: { kind: 'external' as const, source: sourceOf(name) },
  ...{ onDelaySeconds: 0, offDelaySeconds: 0, latched: false, cause: 'vial lies across', consequence: 'line stands' },
  ...{ response: 'clear it', severity: 'minor' as const, timeToRespond: '3-to-10-min' as const },
  ...{ qualityCritical: false, suppressWhile: null },
})

function startAgent(): ChildProcess {
  const main = fileURLToPath(new URL('../../../edge-agent/src/main.ts', import.meta.url))
  const env = {
    ...{ THROUGHLINE_HOME: agentHome, EDGE_AGENT: 'edge-1' },
    ...{ EDGE_SERVER_URL: plant.url, EDGE_MQTT_URL: plant.mqttUrl },
  }
  return spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function endAgent(signal: NodeJS.Signals): Promise<void> {
  if (agent === undefined || agent.exitCode !== null || agent.signalCode !== null) return
  const ended = once(agent, 'exit')
  agent.kill(signal)
  await ended
}

async function alarmOf(name: string): Promise<Alarm | undefined> {
  const { alarms } = await plant.platform.run(listAlarms, operator, { show: 'all' })
  return alarms.find((alarm) => alarm.name === `FIL-01.${name}`)
}
const untilState = (name: string, state: Alarm['state']) =>
  waitFor(async () => (await alarmOf(name))?.state === state, `${name} to be ${state}`, patienceMs)

async function acknowledgementOf(name: string): Promise<AlarmTransition | undefined> {
  const window = { from: plusMs(systemClock.now(), -3_600_000), to: plusMs(systemClock.now(), 3_600_000) }
  const { transitions } = await plant.platform.run(listAlarmHistory, operator, { window })
  return transitions.find((each) => each.name === `FIL-01.${name}` && each.event === 'acknowledge')
}
const untilMachine = (name: string, state: string) =>
  waitFor(async () => (await acknowledgementOf(name))?.machine?.state === state, `${name}: ${state}`, patienceMs)

async function acknowledge(name: string): Promise<void> {
  const definitionIds = [(await alarmOf(name))?.definitionId ?? '']
  await plant.platform.run(acknowledgeAlarms, operator, { definitionIds, comment: 'on my way' })
}

test('[ALM-1] an alarm of the machine stands here, and its acknowledgement here is confirmed by the machine', async () => {
  machine.alarms.raise('Jam', { severity: 700, message: 'Vials jam at the infeed' })
  await untilState('Jam', 'unacknowledged')
  expect(await alarmOf('Jam')).toMatchObject({ active: true, detail: 'Vials jam at the infeed' })
  await acknowledge('Jam')
  await untilMachine('Jam', 'confirmed')
  expect(machine.alarms.isAcknowledged('Jam')).toBe(true)
  expect(machine.alarms.comment('Jam')).toBe('olga: on my way')
  machine.alarms.end('Jam')
  await untilState('Jam', 'normal')
  const { rows } = await sql<Record<string, unknown>>`
    select kind, agent, requested_by, state from command.command`.execute(plant.platform.db)
  expect(rows).toEqual([{ kind: 'acknowledge-alarm', agent: 'edge-1', requested_by: 'olga', state: 'done' }])
  const trail = await plant.platform.run(listAuditEntries, operator, { operation: 'command.command.settle', limit: 5 })
  expect(trail).toMatchObject([{ actorKind: 'system', outcome: 'done', changes: 1 }])
})

test('what is acknowledged at the panel of the machine is acknowledged here, by the machine', async () => {
  machine.alarms.raise('Panel', { severity: 300, message: 'Filter is full' })
  await untilState('Panel', 'unacknowledged')
  machine.alarms.acknowledge('Panel', 'filter ordered')
  await untilState('Panel', 'acknowledged')
  expect(await acknowledgementOf('Panel')).toMatchObject({
    by: 'machine (filler)',
    comment: 'filter ordered',
    machine: null,
  })
})

test('[AL-O!] a file that a machine drops at an agent lies here as it was, in pieces over the wire and once, and what it measured is known', async () => {
  const rows = Array.from(
    { length: 150 },
    (_, index) => `BRK-77,Bore ${index},${4 + index / 1000},mm,pass,${'n'.repeat(3000)}`,
  )
  const text = ['Serial,Name,Value,Unit,Ok,Note', ...rows].join('\n')
  const hash = createHash('sha256').update(text).digest('hex')
  expect(text.length).toBeGreaterThan(256 * 1024)
  writeFileSync(join(drop, 'brk-77.csv'), text)
  const listed = () => plant.platform.run(listDocuments, operator, {})
  await waitFor(async () => (await listed()).total > 0, 'the document to arrive', patienceMs)
  expect((await listed()).documents).toMatchObject([{ hash, agent: 'edge-1', connection: 'cmm', size: text.length }])
  const kept = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
    (each) => each.endsWith(hash) && !each.startsWith('agent'),
  )
  expect(kept.map((each) => readFileSync(join(home, each), 'utf8') === text)).toEqual([true])
  await plant.platform.idle()
  const { inspections } = await plant.platform.run(listInspections, operator, { failedOnly: false })
  expect(inspections).toMatchObject([{ piece: 'BRK-77', document: hash, passed: true }])
  expect(inspections[0]?.results).toHaveLength(150)
  writeFileSync(join(drop, 'once-more.csv'), text)
  await waitFor(async () => !existsSync(join(drop, 'once-more.csv')), 'the copy to be put aside', patienceMs)
  expect((await listed()).total).toBe(1)
})

test('while the agent is gone the machine has not confirmed; once it is back, it has', async () => {
  machine.alarms.raise('Later', { severity: 300, message: 'Hopper is low' })
  await untilState('Later', 'unacknowledged')
  await endAgent('SIGKILL')
  await acknowledge('Later')
  await untilMachine('Later', 'asked')
  expect(machine.alarms.isAcknowledged('Later')).toBe(false)
  agent = startAgent()
  await untilMachine('Later', 'confirmed')
  expect(machine.alarms.isAcknowledged('Later')).toBe(true)
  // What nobody could hear was not known, and is no second alarm.
  await waitFor(async () => (await alarmOf('Later'))?.active === true, 'the alarm to be known again')
  expect(await alarmOf('Later')).toMatchObject({ state: 'acknowledged', occurrencesLastHour: 1 })
})

test('an alarm without a definition here is counted and listed', async () => {
  machine.alarms.raise('Unmapped', { severity: 300, message: 'nobody knows me' })
  const listed = async () => (await plant.platform.run(listUnmappedAlarmSources, operator, {})).sources
  await waitFor(async () => (await listed()).length > 0, 'the unmapped source', patienceMs)
  expect(await listed()).toMatchObject([{ source: sourceOf('Unmapped') }])
})

test('[SR-3.1!] another agent raises no alarm of this machine, answers for it no command, and garbage is counted', async () => {
  const key = await ensureMachineAccount(plant.platform, 'edge-9', ['edge-agent'])
  const other = await mqtt.connectAsync(plant.mqttUrl, { username: 'edge-9', password: key ?? '', reconnectPeriod: 0 })
  const at = plusMs(systemClock.now(), 1000)
  const alarm = {
    ...{ connection: 'filler', condition: 'nsu=urn:throughline:test;s=Alarms.Jam', active: true, acknowledged: false },
    ...{ severity: 1, message: 'forged', comment: '', at, handle: null },
  }
  await other.publishAsync(wireTopics.alarms('edge-9'), JSON.stringify({ sequence: 1, alarms: [alarm] }), { qos: 1 })
  await other.publishAsync(wireTopics.alarms('edge-9'), '{"sequence":', { qos: 1 })
  await other.publishAsync(wireTopics.commandReply('edge-9'), '[]', { qos: 1 })
  const causes = async () =>
    (await plant.platform.run(getDiagnostics, operator, {})).faults
      .filter(({ source }) => source === 'edge-9')
      .map(({ cause }) => cause)
  await waitFor(async () => (await causes()).length === 3, 'the faults')
  expect(await causes()).toEqual(
    expect.arrayContaining(['alarm-of-another-agent', 'alarms-malformed', 'command-reply-malformed']),
  )
  expect((await alarmOf('Jam'))?.state).toBe('normal')
  await other.endAsync()
})
