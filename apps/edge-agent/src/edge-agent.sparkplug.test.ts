import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModbusServer, modbusDriver } from '@throughline/driver-modbus'
import { SparkplugEdgeNode, sparkplugDriver } from '@throughline/driver-sparkplug'
import { ListenerRecorder } from '@throughline/edge/contract'
import { newId, systemClock } from '@throughline/kernel'
import { AgentConfiguration, qualityOf } from '@throughline/model'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SparkplugConfig } from './config.ts'
import { EdgeAgent } from './edge-agent.ts'
import { apiKey, ServerDouble } from './testing/server-double.ts'

const logger = pino({ enabled: false })
const pressure = newId<'Tag'>()
const climate = newId<'Tag'>()
let home: string
let device: ModbusServer
let server: ServerDouble
let heard: ListenerRecorder
let ending: (() => Promise<unknown>)[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'throughline-agent-'))
  writeFileSync(join(home, 'key'), apiKey)
  device = new ModbusServer()
  await device.listen()
  device.set('holding/0/int16', 215)
  server = new ServerDouble({ version: '0', connections: [], tags: [] })
  await server.start()
  server.configuration = plant()
  heard = new ListenerRecorder()
  ending = []
})
afterEach(async () => {
  for (const end of ending.toReversed()) await end()
  await server.stop()
  await device.stop()
  rmSync(home, { recursive: true, force: true })
})

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 20_000, interval: 20 })

/** A Modbus device, and a host application on the broker that the agent publishes to. */
function plant(deadband = 0): AgentConfiguration {
  const connection = (name: string, driver: 'modbus' | 'sparkplug', endpoint: string, options = {}) => ({
    id: newId<'Connection'>(),
    name,
    agent: 'edge-1',
    driver,
    endpoint,
    options,
  })
  const tag = (id: string, path: string, from: string, address: string, scale = 1) => ({
    id: id as ReturnType<typeof newId<'Tag'>>,
    path,
    dataType: 'double' as const,
    rangeLow: null,
    rangeHigh: null,
    deadband,
    writable: true,
    source: { connection: from, address, scale, offset: 0, sampleMs: 20, staleAfterMs: 5000 },
  })
  return {
    version: `with deadband ${deadband}`,
    connections: [
      connection('frz', 'modbus', device.endpoint),
      connection('sparkplug', 'sparkplug', server.mqttUrl.replace('127.0.0.1', 'localhost'), {
        hostId: 'edge-1',
        username: 'edge-1',
        password: apiKey,
        rebirthIntervalMs: 100,
      }),
    ],
    tags: [
      tag(pressure, 'aurora/frz-01/pressure', 'frz', 'holding/0/int16', 0.1),
      tag(climate, 'aurora/lay/climate', 'sparkplug', 'AERO/LAY/room:climate'),
    ],
  }
}

async function startAgent(change: Partial<SparkplugConfig> = {}): Promise<EdgeAgent> {
  const account = { username: 'edge-1', passwordFile: join(home, 'key') }
  const config = {
    agent: 'edge-1',
    homeDir: join(home, 'edge'),
    serverUrl: server.url,
    mqttUrl: server.mqttUrl,
    apiKeyFile: join(home, 'key'),
    bufferMaxBytes: 1e9,
    sparkplug: { url: server.mqttUrl, group: 'Throughline', node: 'edge-1', ...account, ...change },
  }
  const agent = new EdgeAgent(config, [modbusDriver, sparkplugDriver], systemClock, logger)
  ending.push(() => agent.stop())
  await agent.start()
  return agent
}

/** A host application of somebody else's, which hears whatever is told on the broker. */
async function startReader() {
  const reader = sparkplugDriver.create({
    name: 'reader',
    endpoint: server.mqttUrl,
    options: { username: 'reader', password: apiKey, timeoutMs: 2_000, rebirthIntervalMs: 100 },
    clock: systemClock,
    homeDir: home,
  })
  ending.push(() => reader.close())
  await reader.connect(heard)
  return reader
}

const toldPressure = 'Throughline/edge-1/frz-01:pressure'

const line = (agent: EdgeAgent) => agent.status().connections.find(({ name }) => name === 'sparkplug-publisher')

test('what the agent reads, others read by Sparkplug, with the instant and the quality that the server gets', async () => {
  await startReader()
  const agent = await startAgent()
  const told = await heard.untilValue(toldPressure, 21.5)
  await until(() => expect(server.valuesOf(pressure)).toContain(21.5))
  const recorded = server.committed
    .flatMap(({ samples }) => samples)
    .find(({ tag, value }) => tag === pressure && value === 21.5)
  expect(told.at).toBe(Math.floor(Number(recorded?.at) / 1000) * 1000)
  await until(() =>
    expect(server.statuses.at(-1)?.connections.map(({ name }) => name)).toContain('sparkplug-publisher'),
  )
  expect(line(agent)).toMatchObject({ driver: 'sparkplug', state: 'up', reason: null })
  await device.stop()
  expect(qualityOf((await heard.untilBad(toldPressure)).status)).toBe('bad')
})

test('only what passes the deadband is told', async () => {
  const coarse = plant(5)
  const [tag] = coarse.tags
  const fine = { ...tag, id: newId<'Tag'>(), path: 'aurora/frz-01/fine', deadband: 0 }
  server.configuration = AgentConfiguration.parse({ ...coarse, tags: [...coarse.tags, fine] })
  await startReader()
  await startAgent()
  await heard.untilValue(toldPressure, 21.5)
  device.set('holding/0/int16', 230)
  // Read in the same round as the coarse one.
  await heard.untilValue('Throughline/edge-1/frz-01:fine', 23)
  device.set('holding/0/int16', 300)
  await heard.untilValue(toldPressure, 30)
  expect(heard.samplesOf(toldPressure).map(({ value }) => value)).not.toContain(23)
})

test('nothing goes round: what came from the broker is not published to it, what was published is not heard again', async () => {
  await startReader()
  const other = new SparkplugEdgeNode({
    url: server.mqttUrl,
    username: 'other',
    password: apiKey,
    group: 'AERO',
    node: 'LAY',
    clock: systemClock,
    metrics: [],
    devices: {
      room: [
        { name: 'climate', dataType: 'Double', value: 1 },
        { name: 'stray', dataType: 'Double', value: 5 },
      ],
    },
  })
  ending.push(() => other.close())
  await other.connect()
  await startAgent()
  await heard.untilValue(toldPressure, 21.5)
  // Told after our own metrics: once it is committed, the agent's host application has heard those as well.
  await until(() => expect(server.valuesOf(climate)).toContain(1))
  device.set('holding/0/int16', 300)
  await heard.untilValue(toldPressure, 30)
  other.publish('room', [
    { name: 'climate', value: 2 },
    { name: 'stray', value: 6 },
  ])
  await until(() => expect(server.valuesOf('edge-1/sparkplug/AERO/LAY/room:stray')).toContain(6))
  await until(() => expect(server.valuesOf(climate)).toContain(2))
  const tags = new Set(server.committed.flatMap(({ samples }) => samples.map(({ tag }) => tag)))
  expect([...tags].filter((tag) => tag.includes('Throughline'))).toEqual([])
  expect(heard.samplesOf('Throughline/edge-1/lay:climate')).toEqual([])
})

test('a broker for publishing that is away holds nothing up', async () => {
  const agent = await startAgent({ url: 'mqtt://127.0.0.1:9' })
  await until(() => expect(server.valuesOf(pressure)).toContain(21.5))
  device.set('holding/0/int16', 300)
  await until(() => expect(server.valuesOf(pressure)).toContain(30))
  await until(() => expect(agent.status().bufferedSamples).toBe(0))
  await until(() => expect(line(agent)).toMatchObject({ state: 'down', reason: expect.stringMatching(/ECONNREFUSED/) }))
})

test('[UA-4] a write from outside reaches no device and is counted', async () => {
  const reader = await startReader()
  const agent = await startAgent()
  await heard.untilValue(toldPressure, 21.5)
  const tag = { tag: 'pressure', address: toldPressure, dataType: 'double', sampleMs: 100 } as const
  expect(qualityOf((await reader.write(tag, 99)).status)).toBe('bad')
  expect(agent.status().faults).toMatchObject([
    { source: 'edge-1/sparkplug-publisher', cause: 'write-refused', count: 1 },
  ])
  expect(device.get('holding/0/int16')).toBe(215)
})
