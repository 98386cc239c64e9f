import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModbusServer, modbusDriver } from '@throughline/driver-modbus'
import { newId, systemClock } from '@throughline/kernel'
import type { AgentConfiguration } from '@throughline/model'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Config } from './config.ts'
import { EdgeAgent } from './edge-agent.ts'
import { apiKey, ServerDouble } from './testing/server-double.ts'

const tagId = newId<'Tag'>()
let device: ModbusServer
let server: ServerDouble
let config: Config
let agents: EdgeAgent[]

beforeEach(async () => {
  const home = mkdtempSync(join(tmpdir(), 'throughline-agent-'))
  writeFileSync(join(home, 'key'), `${apiKey}\n`)
  device = new ModbusServer()
  await device.listen()
  device.set('holding/0/int16', 0)
  server = new ServerDouble(configurationOf('1', 'holding/0/int16'))
  await server.start()
  agents = []
  config = {
    agent: 'edge-1',
    homeDir: join(home, 'edge'),
    serverUrl: server.url,
    mqttUrl: server.mqttUrl,
    apiKeyFile: join(home, 'key'),
    bufferMaxBytes: 1e9,
  }
  return async () => rmSync(home, { recursive: true, force: true })
})
afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.stop()))
  await server.stop()
  await device.stop()
})

function configurationOf(version: string, address: string): AgentConfiguration {
  const source = { connection: 'frz', address, scale: 0.1, offset: 0, sampleMs: 20, staleAfterMs: 5000 }
  return {
    version,
    connections: [
      { id: newId(), name: 'frz', agent: 'edge-1', driver: 'modbus', endpoint: device.endpoint, options: {} },
    ],
    tags: [
      {
        id: tagId,
        path: 'a/t',
        dataType: 'double',
        rangeLow: null,
        rangeHigh: null,
        deadband: 0,
        writable: false,
        source,
      },
    ],
  }
}

async function startAgent(change: Partial<Config> = {}): Promise<EdgeAgent> {
  const agent = new EdgeAgent({ ...config, ...change }, [modbusDriver], systemClock, pino({ enabled: false }))
  agents.push(agent)
  await agent.start()
  return agent
}

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 20_000, interval: 20 })

/** Sets raw values one after the other, each once the agent has laid the one before on its disk. */
async function measure(agent: EdgeAgent, values: number[]): Promise<void> {
  await until(() => expect(agent.status().lastSequence).toBeGreaterThan(0))
  for (const value of values) {
    const { lastSequence } = agent.status()
    device.set('holding/0/int16', value)
    await until(() => expect(agent.status().lastSequence).toBeGreaterThan(lastSequence))
  }
}

test('a value of the device reaches the server, is acknowledged, and leaves the buffer', async () => {
  device.set('holding/0/int16', -215)
  const agent = await startAgent()
  await until(() => expect(server.valuesOf(tagId)).toContain(-21.5))
  await until(() => expect(agent.status().bufferedSamples).toBe(0))
  expect(server.asked[0]).toEqual({ authorization: `Bearer ${apiKey}`, known: null })
  const connections = [{ name: 'frz', state: 'up' }]
  await until(() =>
    expect(server.statuses.at(-1)).toMatchObject({ online: true, configurationVersion: '1', connections }),
  )
})

test('[A11-16-1!, SR-5.2!] what was measured while the broker was away arrives afterwards, in order and once', async () => {
  const agent = await startAgent()
  await until(() => expect(server.valuesOf(tagId)).toContain(0))
  await server.stopBroker()
  await measure(agent, [10, 20, 30, 40])
  await until(() => expect(agent.status().bufferedSamples).toBeGreaterThanOrEqual(4))
  await server.startBroker()
  await until(() => expect(agent.status().bufferedSamples).toBe(0))
  const values = server.valuesOf(tagId).filter((value) => value !== 0 && value !== null)
  expect(values).toEqual([1, 2, 3, 4])
})

test('[A11-16-1!, AL-Enduring!] what the server did not commit is kept, over a restart of the agent too', async () => {
  server.committing = false
  const first = await startAgent()
  await measure(first, [10, 20])
  await until(() => expect(first.status().bufferedSamples).toBeGreaterThanOrEqual(2))
  await first.stop()
  server.committing = true
  const second = await startAgent()
  await until(() => expect(second.status().bufferedSamples).toBe(0))
  expect(server.valuesOf(tagId)).toEqual(expect.arrayContaining([1, 2]))
  const senders = new Set(server.committed.map((one) => one.sender))
  expect(senders.size).toBe(1)
})

test('a server that lost what it had committed gets all that is still here from a new sender', async () => {
  const agent = await startAgent()
  await measure(agent, [10, 20])
  await until(() => expect(agent.status().bufferedSamples).toBe(0))
  // The server came back from an old copy: it knows the first batch only.
  server.committed.splice(1)
  await measure(agent, [30, 40])
  await until(() => expect(agent.status().bufferedSamples).toBe(0))
  expect(server.valuesOf(tagId)).toEqual(expect.arrayContaining([3, 4]))
  expect(new Set(server.committed.map((one) => one.sender)).size).toBe(2)
  expect(agent.status().faults.map((fault) => fault.cause)).toContain('sequence-estranged')
})

test('a changed configuration takes effect without a restart', async () => {
  await startAgent()
  await until(() => expect(server.valuesOf(tagId)).toContain(0))
  device.set('holding/5/int16', 77)
  server.configuration = configurationOf('2', 'holding/5/int16')
  await until(() => expect(server.valuesOf(tagId)).toContain(7.7))
  await until(() => expect(server.asked.at(-1)?.known).toBe('2'))
})

test('[SR-5.2!, SR-5.4] without a server the agent works from the copy it kept', async () => {
  const first = await startAgent()
  await until(() => expect(server.valuesOf(tagId)).toContain(0))
  await first.stop()
  server.stopHttp()
  device.set('holding/0/int16', 55)
  const second = await startAgent()
  await until(() => expect(server.valuesOf(tagId)).toContain(5.5))
  await until(() => expect(second.status().faults.map((fault) => fault.cause)).toContain('configuration-unavailable'))
})

test('an agent that stops says that it is gone', async () => {
  const agent = await startAgent()
  await until(() => expect(server.statuses.at(-1)?.online).toBe(true))
  await agent.stop()
  await until(() => expect(server.statuses.at(-1)?.online).toBe(false))
  expect(device.openSessions).toBe(0)
})

test('a key that the broker refuses is no end: the agent keeps its samples and dials on', async () => {
  const agent = await startAgent()
  await until(() => expect(server.valuesOf(tagId)).toContain(0))
  await server.stopBroker()
  writeFileSync(config.apiKeyFile, 'an old key')
  await server.startBroker()
  await measure(agent, [10])
  writeFileSync(config.apiKeyFile, apiKey)
  await until(() => expect(server.valuesOf(tagId)).toContain(1))
})

test('a missing or empty key is named before anything starts', () => {
  const start = (apiKeyFile: string) => () =>
    new EdgeAgent({ ...config, apiKeyFile }, [modbusDriver], systemClock, pino({ enabled: false }))
  expect(start('/nowhere/key')).toThrow(/The API key file \/nowhere\/key cannot be read/)
  writeFileSync(config.apiKeyFile, '\n')
  expect(start(config.apiKeyFile)).toThrow(/is empty/)
})

test('a home that cannot be written is named', () => {
  const start = () =>
    new EdgeAgent({ ...config, homeDir: '/dev/null/edge' }, [modbusDriver], systemClock, pino({ enabled: false }))
  expect(start).toThrow(/\/dev\/null\/edge.*THROUGHLINE_HOME/)
})
