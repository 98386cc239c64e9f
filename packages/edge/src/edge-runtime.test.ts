import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { AgentConfiguration, Connection, Sample, SampleValue } from '@throughline/model'
import { decodeSampleBatch, sampleAt, statusCode } from '@throughline/model'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SampleBuffer } from './buffer/sample-buffer.ts'
import type { Driver, DriverConfig, DriverListener, DriverTag, DriverType } from './driver.ts'
import { EdgeRuntime } from './edge-runtime.ts'
import { FaultRegistry } from './fault/fault-registry.ts'

const start = 1_790_000_000_000_000

/** A device by the name of its connection, and all that drivers did to it. */
class ScriptedDevice implements DriverType {
  readonly name = 'modbus'
  readonly dialled: string[] = []
  readonly subscriptions: { connection: string; tags: readonly DriverTag[] }[] = []
  readonly listeners = new Map<string, DriverListener>()
  readonly unreachable = new Set<string>()
  readonly closed: string[] = []
  /** What a read is answered with. */
  answer: (tag: DriverTag) => Sample | undefined = () => undefined

  checkAddress(address: string): void {
    if (address.startsWith('nonsense')) throw new DomainError('invalid', 'test.address', `"${address}" is no address`)
  }

  create({ name }: DriverConfig): Driver {
    return {
      connect: async (listener) => {
        this.dialled.push(name)
        if (this.unreachable.has(name)) throw new DomainError('unavailable', 'test.down', `${name} is switched off`)
        this.listeners.set(name, listener)
      },
      subscribe: async (tags) => {
        this.subscriptions.push({ connection: name, tags })
      },
      read: async (tags) => tags.flatMap((tag) => this.answer(tag) ?? []),
      browse: () => {
        throw new Error('not asked for here')
      },
      write: () => Promise.reject(new Error('not asked for here')),
      close: async () => {
        this.closed.push(name)
      },
    }
  }
}

let now: Instant
let device: ScriptedDevice
let buffer: SampleBuffer
let runtime: EdgeRuntime
let homeDir: string
const clock = { now: () => now }

beforeEach(() => {
  now = start as Instant
  homeDir = mkdtempSync(join(tmpdir(), 'throughline-runtime-'))
  device = new ScriptedDevice()
  open()
})
afterEach(async () => {
  await runtime.stop()
  buffer.close()
  rmSync(homeDir, { recursive: true, force: true })
})

function open(): void {
  const logger = pino({ enabled: false })
  const faults = new FaultRegistry(clock, logger)
  buffer = new SampleBuffer({ file: join(homeDir, 'buffer.sqlite'), agent: 'edge-1', clock, faults })
  const backOff = { firstMs: 1, maxMs: 5 }
  runtime = new EdgeRuntime({ agent: 'edge-1', driverTypes: [device], clock, buffer, faults, logger, homeDir, backOff })
}

function connectionOf(name: string, change: Partial<Connection> = {}): Connection {
  const id = '018f0000-0000-7000-8000-000000000001' as Id<'Connection'>
  return { id, name, agent: 'edge-1', driver: 'modbus', endpoint: 'tcp://h:502', options: {}, ...change }
}

type ConfiguredTag = AgentConfiguration['tags'][number]

function tagOf(connection: string, address: string, change: Partial<ConfiguredTag> = {}): ConfiguredTag {
  const source = { connection, address, scale: 1, offset: 0, sampleMs: 1000, staleAfterMs: 5000 }
  const id = newId<'Tag'>(now)
  return {
    id,
    path: `p/${address}`,
    dataType: 'double',
    rangeLow: null,
    rangeHigh: null,
    deadband: 0,
    writable: false,
    source,
    ...change,
  }
}

let version = 0
const configured = (connections: Connection[], tags: ConfiguredTag[]): Promise<void> =>
  runtime.configure({ version: String(++version), connections, tags })

function turn(seconds: number): void {
  now = (now + seconds * 1e6) as Instant
  runtime.tick()
}

function heard(tag: string, value: SampleValue | null, change: Partial<Sample> = {}): Sample {
  return { tag, at: now, serverAt: now, value, status: statusCode.good, ...change }
}

function recorded(tag: string): { value: SampleValue | null; status: number; at: Instant }[] {
  buffer.flush()
  return buffer.batchesAfter(0, 1e6).flatMap(({ bytes }) => {
    const batch = decodeSampleBatch(bytes)
    const samples = Array.from({ length: batch.count }, (_, row) => sampleAt(batch, row))
    return samples.filter((sample) => sample.tag === tag).map(({ value, status, at }) => ({ value, status, at }))
  })
}

const stateOf = (name: string) => runtime.status().connections.find((connection) => connection.name === name)
/** The limit ends a hopeless wait, no more. */
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 20_000, interval: 10 })
const isUp = (name: string) => until(() => expect(stateOf(name)?.state).toBe('up'))
const told = (name: string, samples: Sample[]) => device.listeners.get(name)?.samples(samples)
const faultCauses = () => runtime.status().faults.map((fault) => fault.cause)

test('readings of a subscribed tag reach the buffer scaled and judged, under the tag’s id', async () => {
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [{ ...tag, source: { ...tag.source, scale: 0.5 }, rangeHigh: 10 }])
  await isUp('wfi')
  told('wfi', [heard(tag.id, 12)])
  turn(1)
  told('wfi', [heard(tag.id, 40), heard(tag.id, Number.NaN, { at: (now + 1) as Instant })])
  expect(recorded(tag.id)).toMatchObject([
    { value: 6, status: statusCode.good },
    { value: 20, status: statusCode.uncertainUnitsExceeded },
    { value: null, status: statusCode.badOutOfRange },
  ])
  expect(faultCauses()).toContain('not-a-number')
})

test('a metric that no tag asks for is parked under agent, connection and address', async () => {
  await configured([connectionOf('wfi')], [])
  await isUp('wfi')
  told('wfi', [heard('BIO/AGV-01:Battery', 81n)])
  expect(recorded('edge-1/wfi/BIO/AGV-01:Battery')).toMatchObject([{ value: 81n }])
})

test('[AL-Complete!] a lost session is a gap for each of its tags at the moment of loss, and the connection comes back by itself', async () => {
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [tag])
  await isUp('wfi')
  told('wfi', [heard(tag.id, 1)])
  device.unreachable.add('wfi')
  turn(2)
  const lostAt = now
  device.listeners.get('wfi')?.lost('cable cut')
  await until(() => expect(device.dialled.length).toBeGreaterThan(4))
  expect(stateOf('wfi')).toMatchObject({ state: 'down', reason: 'wfi is switched off' })
  expect(recorded(tag.id).slice(1)).toEqual([{ value: null, status: statusCode.badNoCommunication, at: lostAt }])
  device.unreachable.clear()
  await isUp('wfi')
  turn(1)
  told('wfi', [heard(tag.id, 1)])
  expect(recorded(tag.id).at(-1)).toMatchObject({ value: 1, status: statusCode.good, at: now })
})

test('a device that was never reached is a gap too', async () => {
  device.unreachable.add('wfi')
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [tag])
  await until(() => expect(device.dialled.length).toBeGreaterThan(3))
  expect(recorded(tag.id)).toMatchObject([{ value: null, status: statusCode.badNoCommunication }])
})

test('a source that is connected but silent turns stale, its connection silent, and both recover', async () => {
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [tag])
  await isUp('wfi')
  told('wfi', [heard(tag.id, 1)])
  turn(5.1)
  expect(recorded(tag.id).at(-1)).toMatchObject({ value: 1, status: statusCode.uncertainLastUsable, at: now })
  expect(stateOf('wfi')?.state).toBe('silent')
  turn(1)
  told('wfi', [heard(tag.id, 1)])
  expect(recorded(tag.id).at(-1)).toMatchObject({ value: 1, status: statusCode.good })
  expect(stateOf('wfi')?.state).toBe('up')
})

test('a value that rests is asked for and does not turn stale while the device answers', async () => {
  const tag = tagOf('wfi', 'a')
  const since = now
  device.answer = (asked) => heard(asked.tag, 1, { at: since })
  await configured([connectionOf('wfi')], [tag])
  await isUp('wfi')
  told('wfi', [heard(tag.id, 1)])
  for (let i = 0; i < 10; i++) {
    turn(3)
    await Promise.resolve()
    await new Promise(setImmediate)
  }
  expect(recorded(tag.id)).toMatchObject([{ value: 1, status: statusCode.good }])
})

test('a changed configuration leaves unchanged connections alone', async () => {
  const [kept, moved, dropped] = [tagOf('wfi', 'a'), tagOf('frz', 'b'), tagOf('old', 'c')]
  await configured([connectionOf('wfi'), connectionOf('frz'), connectionOf('old')], [kept, moved, dropped])
  await Promise.all(['wfi', 'frz', 'old'].map(isUp))
  const elsewhere = connectionOf('frz', { endpoint: 'tcp://h:503' })
  const added = tagOf('wfi', 'd')
  await configured([connectionOf('wfi'), elsewhere, connectionOf('new')], [kept, added, moved])
  await Promise.all(['wfi', 'frz', 'new'].map(isUp))
  expect(device.dialled.filter((name) => name === 'wfi')).toHaveLength(1)
  expect(device.dialled.filter((name) => name === 'frz')).toHaveLength(2)
  expect(device.closed.toSorted()).toEqual(['frz', 'old'])
  expect(stateOf('old')).toBeUndefined()
  const asked = device.subscriptions.findLast((one) => one.connection === 'wfi')?.tags.map((tag) => tag.tag)
  expect(asked).toEqual([kept.id, added.id])
  expect(recorded(dropped.id).at(-1)?.status).toBe(statusCode.badNoCommunication)
})

test('a change of deadband alone does not ask the device anew', async () => {
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [tag])
  await isUp('wfi')
  await configured([connectionOf('wfi')], [{ ...tag, deadband: 5 }])
  told('wfi', [heard(tag.id, 1)])
  turn(1)
  told('wfi', [heard(tag.id, 3)])
  expect(device.subscriptions).toHaveLength(1)
  expect(recorded(tag.id).map((sample) => sample.value)).toEqual([1])
})

test('what is wrong in a configuration is told and spares the rest', async () => {
  const good = tagOf('wfi', 'a')
  const nonsense = tagOf('wfi', 'nonsense')
  const orphan = tagOf('nowhere', 'a')
  await configured([connectionOf('wfi'), connectionOf('plc', { driver: 'opcua' })], [good, nonsense, orphan])
  await isUp('wfi')
  expect(device.subscriptions.at(-1)?.tags.map((tag) => tag.tag)).toEqual([good.id])
  expect(recorded(nonsense.id)).toMatchObject([{ value: null, status: statusCode.badNodeIdUnknown }])
  expect(faultCauses().toSorted()).toEqual(['address-invalid', 'connection-unknown', 'driver-unknown'])
})

test('[AL-Complete!] after a crash every known tag has a gap from just after the last sign of life', async () => {
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [tag])
  await isUp('wfi')
  told('wfi', [heard(tag.id, 1)])
  buffer.flush()
  const lastSeen = now
  now = (now + 600e6) as Instant
  // The files as a crash would leave them now.
  const crashed = [runtime, buffer, homeDir] as const
  homeDir = mkdtempSync(join(tmpdir(), 'throughline-runtime-'))
  cpSync(crashed[2], homeDir, { recursive: true })
  open()
  await configured([connectionOf('wfi')], [tag])
  expect(recorded(tag.id)).toContainEqual({ value: null, status: statusCode.badNoCommunication, at: lastSeen + 1 })
  expect(faultCauses()).toContain('agent-crashed')
  await crashed[0].stop()
  crashed[1].close()
  rmSync(crashed[2], { recursive: true, force: true })
})

test('a clean stop is a gap as well, and no crash', async () => {
  const tag = tagOf('wfi', 'a')
  await configured([connectionOf('wfi')], [tag])
  await isUp('wfi')
  told('wfi', [heard(tag.id, 1)])
  turn(1)
  await runtime.stop()
  expect(recorded(tag.id).at(-1)).toEqual({ value: null, status: statusCode.badNoCommunication, at: now })
  buffer.close()
  open()
  await configured([connectionOf('wfi')], [tag])
  expect(faultCauses()).toEqual([])
})
