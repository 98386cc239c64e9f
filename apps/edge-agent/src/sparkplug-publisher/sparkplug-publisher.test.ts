import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Broker } from '@throughline/broker'
import { startBroker } from '@throughline/broker'
import { sparkplugDriver } from '@throughline/driver-sparkplug'
import type { Driver, DriverTag } from '@throughline/edge'
import { FaultRegistry } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import type { Instant } from '@throughline/kernel'
import { newId, plusMs, systemClock } from '@throughline/kernel'
import type { AgentConfiguration, DataType, Sample, SampleValue } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import type { MqttClient } from 'mqtt'
import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FreezableLine } from '../testing/freezable-line.ts'
import { SparkplugPublisher } from './sparkplug-publisher.ts'

const password = 'the password of the plant'
const logger = pino({ enabled: false })
const types = { temperature: 'double', count: 'int64', running: 'boolean', text: 'string' } as const
type Name = keyof typeof types
const ids: Record<Name, string> = { temperature: newId(), count: newId(), running: newId(), text: newId() }

let home: string
let broker: Broker
let faults: FaultRegistry
let heard: ListenerRecorder
let ending: (() => Promise<unknown>)[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'throughline-publisher-'))
  writeFileSync(join(home, 'password'), `${password}\n`)
  faults = new FaultRegistry(systemClock, logger)
  heard = new ListenerRecorder()
  ending = []
  broker = await newBroker()
})
afterEach(async () => {
  await Promise.all(ending.map((end) => end()))
  await broker.close()
  rmSync(home, { recursive: true, force: true })
})

const eventually = (condition: () => void) => vi.waitFor(condition, { timeout: 15_000, interval: 20 })

const newBroker = (port = 0): Promise<Broker> =>
  startBroker({
    port,
    folder: null,
    authenticate: async (name, given) =>
      given === password ? { publish: ['#'], subscribe: name === 'deaf' ? [] : ['#'] } : null,
    onFault: () => {},
  })

function newPublisher(change: { url?: string; username?: string; passwordFile?: string } = {}): SparkplugPublisher {
  const place = { url: `mqtt://127.0.0.1:${broker.port}`, group: 'Throughline', node: 'edge-1' }
  const account = { username: 'edge-1', passwordFile: join(home, 'password') }
  const rest = { agent: 'edge-1', clock: systemClock, faults, logger, homeDir: home }
  const publisher = new SparkplugPublisher({ ...place, ...account, ...rest, ...change })
  ending.push(() => publisher.stop())
  return publisher
}

/** A host application of somebody else's, which asks for these metrics of device br-01. */
async function newReader(names: readonly Name[] = Object.keys(types) as Name[]): Promise<Driver> {
  const reader = sparkplugDriver.create({
    name: 'reader',
    endpoint: `mqtt://127.0.0.1:${broker.port}`,
    options: { hostId: 'reader', username: 'reader', password, timeoutMs: 2_000, rebirthIntervalMs: 100 },
    clock: systemClock,
    homeDir: home,
  })
  ending.push(() => reader.close())
  await reader.connect(heard)
  await reader.subscribe(names.map(metric))
  return reader
}

const metric = (name: Name): DriverTag => ({
  tag: name,
  address: `Throughline/edge-1/br-01:${name}`,
  dataType: types[name],
  sampleMs: 100,
})

/** Plain MQTT: the kinds of all Sparkplug messages of our edge node, in order. */
async function listen(): Promise<{ kinds: string[]; client: MqttClient }> {
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { username: 'ear', password })
  ending.push(() => client.endAsync(true))
  const kinds: string[] = []
  client.on('message', (topic) => {
    kinds.push(topic.split('/').toSpliced(0, 2).join('/'))
  })
  await client.subscribeAsync('spBv1.0/Throughline/+/edge-1/#')
  return { kinds, client }
}

function configuration(paths: Partial<Record<Name, string>>, given: Partial<Record<Name, DataType>> = {}) {
  const source = { connection: 'c', address: 'x', scale: 1, offset: 0, sampleMs: 100, staleAfterMs: 5000 }
  const tags = (Object.keys(paths) as Name[]).map((name) => ({
    id: ids[name],
    path: paths[name],
    dataType: given[name] ?? types[name],
    rangeLow: null,
    rangeHigh: null,
    deadband: 0,
    writable: true,
    source,
  }))
  return { version: '1', connections: [], tags } as unknown as AgentConfiguration
}

const all = configuration({
  temperature: 'aurora/br-01/temperature',
  count: 'aurora/br-01/count',
  running: 'aurora/br-01/running',
  text: 'aurora/br-01/text',
})

function reading(name: Name, value: SampleValue | null, status: number = statusCode.good, at?: Instant): Sample {
  const now = systemClock.now()
  return { tag: ids[name], at: at ?? now, serverAt: now, value, status }
}

const untilState = (publisher: SparkplugPublisher, state: string) =>
  eventually(() =>
    expect(publisher.status()).toMatchObject({ name: 'sparkplug-publisher', driver: 'sparkplug', state }),
  )

const faultCounts = () =>
  Object.fromEntries(faults.list().map(({ source, cause, count }) => [`${source} ${cause}`, count]))

test.each<[Name, SampleValue]>([
  ['temperature', -21.5],
  ['count', 2n ** 53n + 1n],
  ['count', -(2n ** 63n)],
  ['running', true],
  ['text', 'Ünïcödé, line\nbreak'],
])('%s = %s arrives in its type with the time of measurement, as data and in a birth', async (name, value) => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  const early = await newReader()
  await heard.untilBad(name)
  const at = plusMs(systemClock.now(), 5)
  publisher.take([reading(name, value, statusCode.good, at)])
  expect((await heard.untilValue(name, value)).at).toBe(at)
  await early.close()
  heard = new ListenerRecorder()
  await newReader()
  expect((await heard.untilValue(name, value)).at).toBe(at)
})

test('qualities travel: uncertain with its value, bad without one, and good again, as data and in a birth', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  const early = await newReader()
  publisher.take([reading('temperature', 20)])
  await heard.untilValue('temperature', 20)
  const last = () => heard.samplesOf('temperature').at(-1)
  publisher.take([reading('temperature', 20, statusCode.uncertainUnitsExceeded)])
  await eventually(() => expect(last()).toMatchObject({ value: 20, status: statusCode.uncertainLastUsable }))
  publisher.take([reading('temperature', null, statusCode.badNoCommunication)])
  await eventually(() => expect(last()).toMatchObject({ value: null, status: statusCode.bad }))
  publisher.take([reading('temperature', 21)])
  await heard.untilValue('temperature', 21)
  publisher.take([reading('temperature', 22, statusCode.uncertainLastUsable), reading('count', null, statusCode.bad)])
  await eventually(() => expect(last()).toMatchObject({ value: 22, status: statusCode.uncertainLastUsable }))
  await early.close()
  heard = new ListenerRecorder()
  await newReader()
  await eventually(() => expect(last()).toMatchObject({ value: 22, status: statusCode.uncertainLastUsable }))
  expect(qualityOf((await heard.untilBad('count')).status)).toBe('bad')
})

test('a late reading is told as history and does not become the present value', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  const reader = await newReader()
  await heard.untilBad('temperature')
  const now = systemClock.now()
  publisher.take([reading('temperature', 30, statusCode.good, plusMs(now, 50))])
  publisher.take([reading('temperature', 10, statusCode.good, plusMs(now, -5000))])
  expect((await heard.untilValue('temperature', 10)).at).toBe(plusMs(now, -5000))
  expect((await reader.read([metric('temperature')]))[0]?.value).toBe(30)
})

test('a new configuration is a rebirth in the same session: kept tags keep their values, new ones come, gone ones end', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  await newReader()
  const { kinds } = await listen()
  publisher.take([reading('temperature', 20), reading('count', 7n)])
  await heard.untilValue('count', 7n)
  heard.forgetSamples()
  publisher.configure(
    configuration({ temperature: 'aurora/br-01/temperature', count: 'aurora/cut-01/count', text: 'aurora/br-01/text' }),
  )
  expect((await heard.untilBad('count')).status).toBe(statusCode.badNodeIdUnknown)
  await heard.untilValue('Throughline/edge-1/cut-01:count', 7n)
  expect(heard.samplesOf('temperature').map(({ value }) => value)).not.toContain(null)
  publisher.take([reading('count', 8n), reading('temperature', 21)])
  await heard.untilValue('Throughline/edge-1/cut-01:count', 8n)
  await heard.untilValue('temperature', 21)

  publisher.configure(configuration({ temperature: 'aurora/br-01/temperature' }))
  await eventually(() => expect(kinds).toContain('DDEATH/edge-1/cut-01'))
  expect((await heard.untilBad('Throughline/edge-1/cut-01:count')).status).toBe(statusCode.badNoCommunication)
  expect(kinds).not.toContain('NDEATH/edge-1')
  expect(heard.faults.map(({ cause }) => cause)).not.toContain('alias-duplicate')
})

test('the same tags in a new configuration are not born again', async () => {
  const publisher = newPublisher()
  const { kinds } = await listen()
  publisher.configure(all)
  await eventually(() => expect(kinds).toEqual(['NBIRTH/edge-1', 'DBIRTH/edge-1/br-01']))
  publisher.configure({ ...all, version: '2' })
  publisher.take([reading('temperature', 1)])
  await eventually(() => expect(kinds).toContain('DDATA/edge-1/br-01'))
  expect(kinds).toHaveLength(3)
})

test('while the broker is away nothing waits and only the newest is kept; it comes back by itself and tells it', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  const { port } = broker
  await broker.close()
  await untilState(publisher, 'down')
  expect(publisher.status().reason).toBeTruthy()
  for (const value of [1, 2, 3]) publisher.take([reading('temperature', value)])
  broker = await newBroker(port)
  await newReader()
  await untilState(publisher, 'up')
  expect(publisher.status().reason).toBeNull()
  await heard.untilValue('temperature', 3)
  const values = heard.samplesOf('temperature').map(({ value }) => value)
  expect(values).not.toContain(1)
  expect(values).not.toContain(2)
})

test('a broker that stops reading is told nothing more until it reads again, and then the newest only', async () => {
  const line = await FreezableLine.to(broker.port)
  ending.push(() => line.close())
  const publisher = newPublisher({ url: line.url })
  publisher.configure(all)
  await untilState(publisher, 'up')
  await newReader()
  await heard.untilBad('text')
  line.freeze()
  const long = 'x'.repeat(10_000)
  let told = 0
  await eventually(() => {
    for (let i = 0; i < 100; i++) publisher.take([reading('text', `${told++}${long}`)])
    expect(publisher.status()).toMatchObject({ state: 'silent', reason: expect.stringContaining('does not read') })
  })
  for (let i = 0; i < 2000; i++) publisher.take([reading('text', `${told++}${long}`)])
  publisher.take([reading('text', 'the last')])
  line.thaw()
  await heard.untilValue('text', 'the last')
  await untilState(publisher, 'up')
  expect(heard.samplesOf('text').length).toBeLessThan(told - 1900)
})

test('stopping does not wait for a broker that is frozen', { timeout: 10_000 }, async () => {
  const line = await FreezableLine.to(broker.port)
  ending.push(() => line.close())
  const publisher = newPublisher({ url: line.url })
  publisher.configure(all)
  await untilState(publisher, 'up')
  line.freeze()
  await publisher.stop()
  expect(publisher.status().state).toBe('down')
})

test('stopping tells hosts that every tag is gone', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  await newReader()
  publisher.take([reading('temperature', 20)])
  await heard.untilValue('temperature', 20)
  await publisher.stop()
  await eventually(() => {
    expect(heard.samplesOf('temperature').at(-1)).toMatchObject({ status: statusCode.badNoCommunication })
  })
})

test('[UA-4] a write from outside is refused, counted, and changes nothing', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  const reader = await newReader()
  publisher.take([reading('temperature', 20)])
  await heard.untilValue('temperature', 20)
  const result = await reader.write(metric('temperature'), 99)
  expect(qualityOf(result.status)).toBe('bad')
  expect(faultCounts()).toEqual({ 'edge-1/sparkplug-publisher write-refused': 1 })
  expect((await reader.read([metric('temperature')]))[0]?.value).toBe(20)
})

test('commands that make no sense are counted and the publisher goes on', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  const { client } = await listen()
  await client.publishAsync('spBv1.0/Throughline/NCMD/edge-1', Buffer.from('ffff', 'hex'))
  await client.publishAsync('spBv1.0/Throughline/DCMD/edge-1/nobody', Buffer.alloc(0))
  await eventually(() =>
    expect(faultCounts()).toEqual({
      'edge-1/sparkplug-publisher payload-malformed': 1,
      'edge-1/sparkplug-publisher command-device-unknown': 1,
    }),
  )
  expect(publisher.status().state).toBe('up')
})

test('a value of another type than the one announced is told as bad and counted', async () => {
  const publisher = newPublisher()
  publisher.configure(all)
  await untilState(publisher, 'up')
  await newReader()
  publisher.take([reading('count', 7n)])
  await heard.untilValue('count', 7n)
  publisher.take([reading('count', 'seven'), reading('temperature', 20)])
  await heard.untilValue('temperature', 20)
  expect(qualityOf((await heard.untilBad('count')).status)).toBe('bad')
  expect(faultCounts()).toEqual({ 'edge-1/sparkplug-publisher type-mismatch': 1 })
})

test('a tag that changes its data type is announced anew without its old value', async () => {
  const publisher = newPublisher()
  publisher.configure(configuration({ count: 'aurora/br-01/count' }, { count: 'string' }))
  await untilState(publisher, 'up')
  publisher.take([reading('count', 'seven')])
  publisher.configure(configuration({ count: 'aurora/br-01/count' }))
  await newReader(['count'])
  await heard.untilBad('count')
  publisher.take([reading('count', 7n)])
  await heard.untilValue('count', 7n)
  expect(faultCounts()).toEqual({})
})

test('a tag whose path names no metric is counted and spares the others', async () => {
  const publisher = newPublisher()
  publisher.configure(configuration({ temperature: 'aurora/br-01/temperature', count: 'lonely' }))
  await untilState(publisher, 'up')
  await newReader(['temperature'])
  publisher.take([reading('temperature', 20), reading('count', 1n)])
  await heard.untilValue('temperature', 20)
  expect(faultCounts()).toEqual({ 'edge-1/sparkplug-publisher path-unpublishable': 1 })
})

test('a missing password is told in the connection line with its file, and taken once it is there', async () => {
  const passwordFile = join(home, 'later')
  const publisher = newPublisher({ passwordFile })
  publisher.configure(all)
  await untilState(publisher, 'down')
  expect(publisher.status().reason).toContain(passwordFile)
  writeFileSync(passwordFile, 'an old one')
  await eventually(() => expect(publisher.status().reason).toMatch(/refused/i))
  writeFileSync(passwordFile, password)
  await untilState(publisher, 'up')
})

test('an account that may not hear commands is told in the connection line and counted; nothing is published', async () => {
  const { kinds } = await listen()
  const publisher = newPublisher({ username: 'deaf' })
  publisher.configure(all)
  await untilState(publisher, 'down')
  await eventually(() => expect(Object.keys(faultCounts())).toEqual(['edge-1/sparkplug-publisher subscribe-refused']))
  expect(publisher.status().reason).toBeTruthy()
  expect(kinds.filter((kind) => !kind.startsWith('NDEATH'))).toEqual([])
})
