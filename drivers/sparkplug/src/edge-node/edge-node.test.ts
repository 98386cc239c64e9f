import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Broker } from '@throughline/broker'
import { LineProxy } from '@throughline/edge/contract'
import { fromMs, systemClock } from '@throughline/kernel'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Metric } from '../generated/sparkplug_b_pb.ts'
import type { MetricInit } from '../payload.ts'
import { encodePayload, has } from '../payload.ts'
import { encodeState } from '../state-message.ts'
import { credentials, payloadOf, startPlantBroker, urlOf, Witness } from '../testing/witness.ts'
import type { EdgeNodeOptions } from './edge-node.ts'
import { SparkplugEdgeNode } from './edge-node.ts'

let broker: Broker
let witness: Witness
let nodes: SparkplugEdgeNode[] = []
const faults: string[] = []

beforeEach(async () => {
  faults.length = 0
  broker = await startPlantBroker()
  witness = await Witness.join(broker)
})
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()))
  nodes = []
  await witness.leave()
  await broker.close()
})

function newNode(options: Partial<EdgeNodeOptions> = {}): SparkplugEdgeNode {
  const node = new SparkplugEdgeNode({
    url: urlOf(broker),
    ...credentials,
    group: 'AERO',
    node: 'LAY',
    clock: systemClock,
    reconnectMs: 10,
    metrics: [{ name: 'uptime', dataType: 'Int64', value: 5n }],
    devices: {
      room: [
        { name: 'temperature', dataType: 'Double', value: 21.5, unit: 'Cel' },
        { name: 'humidity', dataType: 'Float', value: null },
        { name: 'setpoint', dataType: 'Int32', value: -7 },
      ],
    },
    onFault: (cause) => faults.push(cause),
    ...options,
  })
  nodes.push(node)
  return node
}

async function born(options: Partial<EdgeNodeOptions> = {}): Promise<SparkplugEdgeNode> {
  const node = newNode(options)
  await node.connect()
  await until(() => expect(witness.all('DBIRTH')).toHaveLength(1))
  return node
}

const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 10_000, interval: 10 })
const metric = (metrics: readonly Metric[] | undefined, name: string): Metric | undefined =>
  metrics?.find((each) => each.name === name)
const command = (metrics: MetricInit[]): Buffer => encodePayload({ at: systemClock.now(), metrics })
/** What the host TL says of itself. */
const host = (online: boolean, timestamp: number): Promise<void> =>
  witness.say('spBv1.0/STATE/TL', encodeState({ online, timestamp }), { retain: true, qos: 1 })
const rebirthRequest = command([{ name: 'Node Control/Rebirth', value: { case: 'booleanValue', value: true } }])

test('[tck-id-topics-nbirth-topic] [tck-id-topics-nbirth-mqtt] [tck-id-topics-dbirth-topic] [tck-id-topics-dbirth-mqtt] births go out on their topics, QoS 0 and not retained', async () => {
  await born()
  expect(witness.heard.map(({ topic, qos, retain }) => ({ topic, qos, retain }))).toEqual([
    { topic: 'spBv1.0/AERO/NBIRTH/LAY', qos: 0, retain: false },
    { topic: 'spBv1.0/AERO/DBIRTH/LAY/room', qos: 0, retain: false },
  ])
})

test('[tck-id-topics-nbirth-seq-num] [tck-id-payloads-dbirth-seq-inc] [tck-id-payloads-sequence-num-incrementing] the sequence starts at 0 with the NBIRTH, counts every message, and follows 255 by 0', async () => {
  const node = await born()
  for (let i = 0; i < 300; i++) {
    if (i % 2) node.publish(null, [{ name: 'uptime', value: BigInt(i) }])
    else node.publish('room', [{ name: 'temperature', value: i }])
  }
  await until(() => expect(witness.heard).toHaveLength(302))
  const sequence = [...witness.payloads('NBIRTH'), ...witness.payloads('DBIRTH')].map(({ seq }) => Number(seq))
  expect(sequence).toEqual([0, 1])
  const both = witness.heard.filter(({ topic }) => topic.includes('DATA'))
  expect(both).toHaveLength(300)
  expect(both.map(({ bytes }) => Number(payloadOf(bytes).seq))).toEqual(
    Array.from({ length: 300 }, (_, index) => (index + 2) % 256),
  )
})

test('[tck-id-topics-nbirth-bdseq-included] [tck-id-topics-nbirth-rebirth-metric] [tck-id-operational-behavior-data-commands-rebirth-name-aliases] [tck-id-payloads-nbirth-bdseq] an NBIRTH tells bdSeq as Int64 and offers the rebirth switch, both without alias', async () => {
  await born()
  const [birth] = witness.payloads('NBIRTH')
  const bdSeq = metric(birth?.metrics, 'bdSeq')
  expect(bdSeq).toMatchObject({ datatype: 4, value: { case: 'longValue', value: 0n } })
  const rebirth = metric(birth?.metrics, 'Node Control/Rebirth')
  expect(rebirth).toMatchObject({ datatype: 11, value: { case: 'booleanValue', value: false } })
  expect([bdSeq, rebirth].map((each) => each && has(each, 'alias'))).toEqual([false, false])
})

test('[tck-id-topics-nbirth-metrics] [tck-id-topics-dbirth-metrics] [tck-id-payloads-alias-birth-requirement] [tck-id-payloads-metric-datatype-req] [tck-id-payloads-name-birth-data-requirement] every metric of a birth has name, alias, data type, time and value', async () => {
  await born()
  const [birth] = witness.payloads('DBIRTH')
  expect(birth?.metrics.map(({ name, datatype, value }) => ({ name, datatype, value }))).toEqual([
    { name: 'temperature', datatype: 10, value: { case: 'doubleValue', value: 21.5 } },
    { name: 'humidity', datatype: 9, value: { case: undefined } },
    { name: 'setpoint', datatype: 3, value: { case: 'intValue', value: 4_294_967_289 } },
  ])
  for (const each of birth?.metrics ?? []) expect(has(each, 'alias') && has(each, 'timestamp')).toBe(true)
})

test('[tck-id-operational-behavior-data-publish-dbirth-values] [tck-id-operational-behavior-data-publish-nbirth-values] an unknown value is sent as null with no value beside it', async () => {
  await born({ metrics: [{ name: 'uptime', dataType: 'Int64', value: null }] })
  const unknown = [
    metric(witness.payloads('NBIRTH')[0]?.metrics, 'uptime'),
    metric(witness.payloads('DBIRTH')[0]?.metrics, 'humidity'),
  ]
  for (const each of unknown) expect(each).toMatchObject({ isNull: true, value: { case: undefined } })
})

test('[tck-id-payloads-alias-uniqueness] an alias is unique over the edge node and its devices', async () => {
  await born()
  const metrics = [...witness.payloads('NBIRTH'), ...witness.payloads('DBIRTH')].flatMap(({ metrics }) => metrics)
  const aliases = metrics.filter((each) => has(each, 'alias')).map(({ alias }) => alias)
  expect(aliases).toHaveLength(4)
  expect(new Set(aliases).size).toBe(4)
})

test('[tck-id-payloads-alias-data-cmd-requirement] [tck-id-payloads-metric-datatype-not-req] [tck-id-topics-ddata-topic] [tck-id-topics-ddata-mqtt] [tck-id-topics-ddata-timestamp] data goes by alias alone, with the time of measurement and of sending', async () => {
  const node = await born()
  const at = fromMs(1_790_000_000_123)
  expect(node.publish('room', [{ name: 'temperature', value: 22, at }])).toBe(true)
  await until(() => expect(witness.all('DDATA')).toHaveLength(1))
  const [heard] = witness.all('DDATA')
  expect(heard).toMatchObject({ topic: 'spBv1.0/AERO/DDATA/LAY/room', qos: 0, retain: false })
  const [data] = witness.payloads('DDATA')
  const [value] = data?.metrics ?? []
  const known = metric(witness.payloads('DBIRTH')[0]?.metrics, 'temperature')
  expect(value).toMatchObject({ alias: known?.alias, timestamp: 1_790_000_000_123n })
  expect(value && [has(value, 'name'), has(value, 'datatype')]).toEqual([false, false])
  expect(data && has(data, 'timestamp')).toBe(true)
})

test('[tck-id-topics-ndata-topic] [tck-id-topics-ndata-mqtt] [tck-id-topics-ndata-payload] metrics of the edge node itself go out as NDATA with what changed alone', async () => {
  const node = await born()
  node.publish(null, [{ name: 'uptime', value: 6n }])
  await until(() => expect(witness.all('NDATA')).toHaveLength(1))
  expect(witness.all('NDATA')[0]).toMatchObject({ topic: 'spBv1.0/AERO/NDATA/LAY', qos: 0, retain: false })
  expect(witness.payloads('NDATA')[0]?.metrics).toHaveLength(1)
})

test('late readings are marked historical and leave the current value alone', async () => {
  const node = await born()
  node.publish('room', [{ name: 'temperature', value: 1, at: fromMs(1_790_000_000_000), historical: true }])
  await until(() => expect(witness.payloads('DDATA')[0]?.metrics[0]?.isHistorical).toBe(true))
  expect(node.valueOf('room', 'temperature')).toBe(21.5)
})

test('[tck-id-payloads-propertyset-quality-value-type] [tck-id-payloads-propertyset-quality-value-value] a quality travels as an Int32 property of 0, 192 or 500, and its end is told too', async () => {
  const node = await born()
  node.publish('room', [{ name: 'temperature', value: 1, quality: 'bad' }])
  node.publish('room', [{ name: 'temperature', value: 1, quality: 'stale' }])
  node.publish('room', [{ name: 'temperature', value: 2 }])
  node.publish('room', [{ name: 'temperature', value: 3 }])
  await until(() => expect(witness.all('DDATA')).toHaveLength(4))
  const qualities = witness.payloads('DDATA').map(({ metrics }) => metrics[0]?.properties)
  const told = (value: number): unknown => ({
    keys: ['Quality'],
    values: [{ type: 3, value: { case: 'intValue', value } }],
  })
  expect(qualities).toMatchObject([told(0), told(500), told(192), undefined])
})

test('[tck-id-payloads-ndeath-will-message] [tck-id-payloads-ndeath-will-message-qos] [tck-id-payloads-ndeath-bdseq] [tck-id-topics-ndeath-topic] [tck-id-topics-ndeath-payload] [tck-id-topics-ndeath-seq] when the line breaks the broker tells the death: one metric, bdSeq of that birth, no sequence', async () => {
  const node = await born()
  node.dropConnection()
  await until(() => expect(witness.all('NDEATH')).toHaveLength(1))
  expect(witness.all('NDEATH')[0]).toMatchObject({ topic: 'spBv1.0/AERO/NDEATH/LAY', retain: false })
  const [death] = witness.payloads('NDEATH')
  expect(death?.metrics).toMatchObject([{ name: 'bdSeq', datatype: 4, value: { case: 'longValue', value: 0n } }])
  expect(death && has(death, 'seq')).toBe(false)
})

test('[tck-id-topics-nbirth-bdseq-increment] [tck-id-topics-nbirth-bdseq-matching] [tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq] it connects again by itself, and each connect counts bdSeq up by one', async () => {
  const node = await born()
  for (const count of [2, 3]) {
    node.dropConnection()
    await until(() => expect(witness.all('NBIRTH')).toHaveLength(count))
  }
  const counts = (kind: string): unknown[] =>
    witness.payloads(kind).map(({ metrics }) => metric(metrics, 'bdSeq')?.value.value)
  expect(counts('NBIRTH')).toEqual([0n, 1n, 2n])
  expect(counts('NDEATH')).toEqual([0n, 1n])
})

test('with a file, bdSeq goes on after a restart, and 255 is followed by 0', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-node-'))
  try {
    const bdSeqFile = join(folder, 'bdseq')
    const { BdSeqCounter } = await import('./bd-seq.ts')
    expect(Array.from({ length: 3 }, () => new BdSeqCounter(bdSeqFile).take())).toEqual([0, 1, 2])
    const counter = new BdSeqCounter(bdSeqFile)
    expect(Array.from({ length: 254 }, () => counter.take()).at(-1)).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('[tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath] [tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt311] closing says NDEATH once before it disconnects', async () => {
  const node = await born()
  await Promise.all([node.close(), node.close()])
  await until(() => expect(witness.all('NDEATH')).toHaveLength(1))
  const after = await Witness.join(broker)
  await after.say('spBv1.0/AERO/NCMD/LAY', rebirthRequest, { qos: 1 })
  await until(() => expect(witness.all('NCMD')).toHaveLength(1))
  expect(witness.all('NDEATH')).toHaveLength(1)
  expect(witness.all('NBIRTH')).toHaveLength(1)
  await after.leave()
})

test('[tck-id-operational-behavior-data-commands-rebirth-action-2] [tck-id-operational-behavior-data-commands-rebirth-action-3] [tck-id-payloads-sequence-num-req-nbirth] a rebirth request brings all births again, from sequence 0, with the same bdSeq and current values', async () => {
  const node = await born()
  node.publish('room', [{ name: 'temperature', value: 30 }])
  await witness.say('spBv1.0/AERO/NCMD/LAY', rebirthRequest)
  await until(() => expect(witness.all('DBIRTH')).toHaveLength(2))
  const births = witness.payloads('NBIRTH')
  expect(births.map(({ seq }) => seq)).toEqual([0n, 0n])
  expect(births.map(({ metrics }) => metric(metrics, 'bdSeq')?.value.value)).toEqual([0n, 0n])
  const [, device] = witness.payloads('DBIRTH')
  expect(device?.seq).toBe(1n)
  expect(metric(device?.metrics, 'temperature')?.value.value).toBe(30)
})

test('[tck-id-operational-behavior-device-ddeath] [tck-id-topics-ddeath-topic] [tck-id-topics-ddeath-mqtt] [tck-id-payloads-ddeath-seq-inc] [tck-id-payloads-ddeath-timestamp] a lost device gets its DDEATH in sequence, is silent, and is born again when it is back', async () => {
  const node = await born()
  node.deviceDown('room')
  node.deviceDown('room')
  expect(node.publish('room', [{ name: 'temperature', value: 40 }])).toBe(false)
  node.deviceUp('room')
  await until(() => expect(witness.all('DBIRTH')).toHaveLength(2))
  expect(witness.all('DDEATH')).toMatchObject([{ topic: 'spBv1.0/AERO/DDEATH/LAY/room', qos: 0, retain: false }])
  expect(witness.payloads('DDEATH').map(({ seq, timestamp }) => [seq, timestamp > 0n])).toEqual([[2n, true]])
  expect(metric(witness.payloads('DBIRTH')[1]?.metrics, 'temperature')?.value.value).toBe(40)
  expect(witness.all('DDATA')).toEqual([])
})

test('[tck-id-message-flow-edge-node-ncmd-subscribe] [tck-id-message-flow-device-dcmd-subscribe] a write reaches the device by name or alias, in its own type, and what came of it is told', async () => {
  const writes: unknown[] = []
  await born({
    onWrite: (write) => {
      writes.push([write.device, write.name, write.value])
      return write.name === 'setpoint' ? 12 : write.value
    },
  })
  const alias = metric(witness.payloads('DBIRTH')[0]?.metrics, 'setpoint')?.alias ?? 0n
  const minusNine = { case: 'intValue' as const, value: 4_294_967_287 }
  await witness.say('spBv1.0/AERO/DCMD/LAY/room', command([{ alias, value: minusNine }]))
  await witness.say('spBv1.0/AERO/NCMD/LAY', command([{ name: 'uptime', value: { case: 'longValue', value: 9n } }]))
  await until(() => expect(witness.all('NDATA')).toHaveLength(1))
  expect(writes).toEqual([
    ['room', 'setpoint', -9n],
    [null, 'uptime', 9n],
  ])
  await until(() => expect(witness.payloads('DDATA')[0]?.metrics[0]?.value.value).toBe(12))
})

test('commands that make no sense change nothing, are counted by cause, and the session goes on', async () => {
  const node = await born({ onWrite: ({ name }) => (name === 'setpoint' ? null : Promise.reject(new Error('jammed'))) })
  const dcmd = 'spBv1.0/AERO/DCMD/LAY/room'
  await witness.say(dcmd, Buffer.from('ffff', 'hex'))
  await witness.say(dcmd, command([{ name: 'no such', value: { case: 'intValue', value: 1 } }]))
  await witness.say(dcmd, command([{ name: 'temperature', value: { case: 'stringValue', value: 'hot' } }]))
  await witness.say(dcmd, command([{ name: 'setpoint', value: { case: 'intValue', value: 1 } }]))
  await witness.say(dcmd, command([{ name: 'temperature', value: { case: 'doubleValue', value: 1 } }]))
  await witness.say('spBv1.0/AERO/DCMD/LAY/nobody', command([]))
  await until(() => expect(faults).toHaveLength(6))
  expect(faults.toSorted()).toEqual([
    'command-device-unknown',
    'command-failed',
    'command-metric-unknown',
    'command-refused',
    'command-value-type-mismatch',
    'payload-malformed',
  ])
  expect(node.valueOf('room', 'temperature')).toBe(21.5)
  expect(node.publish('room', [{ name: 'temperature', value: 23 }])).toBe(true)
})

test('a metric that was not announced, or a value that does not fit it, is refused and nothing of that message is taken', async () => {
  const node = await born()
  const good = { name: 'temperature', value: 99 }
  expect(() => node.publish('room', [good, { name: 'pressure', value: 1 }])).toThrow(
    expect.objectContaining({ code: 'sparkplug.metric-unknown' }),
  )
  expect(() => node.publish('room', [good, { name: 'setpoint', value: 2 ** 31 }])).toThrow(
    expect.objectContaining({ code: 'sparkplug.value-does-not-fit' }),
  )
  expect(() => node.publish('cellar', [])).toThrow(expect.objectContaining({ code: 'sparkplug.device-unknown' }))
  expect(node.valueOf('room', 'temperature')).toBe(21.5)
})

test.each(['', 'a/b', 'a+', '#'])(
  '[tck-id-topic-structure-namespace-valid-group-id] [tck-id-topic-structure-namespace-valid-edge-node-id] [tck-id-topic-structure-namespace-valid-device-id] the id %j is refused',
  (id) => {
    const refused = expect.objectContaining({ code: 'sparkplug.id-invalid' })
    expect(() => newNode({ group: id })).toThrow(refused)
    expect(() => newNode({ node: id })).toThrow(refused)
    expect(() => newNode({ devices: { [id]: [] } })).toThrow(refused)
  },
)

test('[tck-id-message-flow-edge-node-birth-publish-phid-wait] [tck-id-message-flow-edge-node-birth-publish-phid-wait-id] [tck-id-message-flow-edge-node-birth-publish-phid-wait-online] with a primary host it is born when that host is online, not before and for no other', async () => {
  const node = newNode({ primaryHostId: 'TL' })
  const connected = node.connect()
  await witness.say('spBv1.0/STATE/other', encodeState({ online: true, timestamp: 1 }), { retain: true, qos: 1 })
  await witness.say('spBv1.0/STATE/TL', encodeState({ online: false, timestamp: 1 }), { retain: true, qos: 1 })
  await witness.say('spBv1.0/STATE/TL', 'no json', { retain: true, qos: 1 })
  await until(() => expect(faults).toContain('state-malformed'))
  expect(node.online).toBe(false)
  expect(witness.all('NBIRTH')).toEqual([])
  await witness.say('spBv1.0/STATE/TL', encodeState({ online: true, timestamp: 2 }), { retain: true, qos: 1 })
  await connected
  await until(() => expect(witness.all('NBIRTH')).toHaveLength(1))
})

test('[tck-id-operational-behavior-edge-node-termination-host-offline] [tck-id-operational-behavior-edge-node-termination-host-offline-reconnect] [tck-id-operational-behavior-edge-node-termination-host-offline-timestamp] [tck-id-message-flow-edge-node-birth-publish-phid-wait-timestamp] it ends its session when its host goes, not for an outdated notice, and is born again when the host is back', async () => {
  await host(true, 10)
  const node = await born({ primaryHostId: 'TL' })
  await host(false, 9)
  node.publish(null, [{ name: 'uptime', value: 1n }])
  await until(() => expect(witness.all('NDATA')).toHaveLength(1))
  expect(witness.all('NDEATH')).toEqual([])
  await host(false, 10)
  await until(() => expect(witness.all('NDEATH')).toHaveLength(1))
  expect(node.online).toBe(false)
  await host(true, 11)
  await until(() => expect(witness.all('NBIRTH')).toHaveLength(2))
})

/** Births and deaths of the edge node as hosts hear them, each with its bdSeq. */
const lives = (): (readonly [string | undefined, unknown])[] =>
  witness.heard
    .filter(({ topic }) => /\/N(BIRTH|DEATH)\//.test(topic))
    .map(({ topic, bytes }) => [topic.split('/')[2], metric(payloadOf(bytes).metrics, 'bdSeq')?.value.value] as const)

test('[tck-id-operational-behavior-edge-node-termination-host-offline-reconnect] a host that goes and comes back in one breath hears the death, and the next birth is that of the next session', async () => {
  await host(true, 10)
  const sessions: boolean[] = []
  await born({ primaryHostId: 'TL', onSession: (online) => sessions.push(online) })
  await Promise.all([host(false, 11), host(true, 12)])
  await until(() => expect(lives()).toContainEqual(['NBIRTH', 1n]))
  expect(lives()).toEqual([
    ['NBIRTH', 0n],
    ['NDEATH', 0n],
    ['NBIRTH', 1n],
  ])
  expect(sessions).toEqual([true, false, true])
})

test('closed while it leaves a host that went, it says its death once, and no birth after it', async () => {
  await host(true, 10)
  const closed = Promise.withResolvers<void>()
  const node = await born({
    primaryHostId: 'TL',
    onSession: (online) => {
      if (!online) closed.resolve(node.close())
    },
  })
  await Promise.all([host(false, 11), host(true, 12)])
  await closed.promise
  await witness.say('spBv1.0/AERO/NCMD/LAY', rebirthRequest, { qos: 1 })
  await until(() => expect(witness.all('NCMD')).toHaveLength(1))
  expect(lives()).toEqual([
    ['NBIRTH', 0n],
    ['NDEATH', 0n],
  ])
})

test('[tck-id-message-flow-edge-node-birth-publish-phid-wait-online] a host that went while the line was down is waited for again: what it was before counts for nothing', async () => {
  await host(true, 10)
  const proxy = new LineProxy(broker.port)
  await proxy.start()
  try {
    await born({ primaryHostId: 'TL', url: urlOf(proxy) })
    await proxy.stop()
    await until(() => expect(witness.all('NDEATH')).toHaveLength(1))
    await host(false, 11)
    await proxy.start()
    await vi.waitFor(async () => {
      await witness.say('spBv1.0/AERO/NCMD/LAY', Buffer.from('ffff', 'hex'))
      expect(faults).toContain('payload-malformed')
    }, 10_000)
    await host(true, 12)
    await until(() => expect(witness.all('NBIRTH')).toHaveLength(2))
    expect(lives().map(([kind]) => kind)).toEqual(['NBIRTH', 'NDEATH', 'NBIRTH'])
  } finally {
    await proxy.stop()
  }
})

test('a broker that refuses it is tried again and again, each refusal counted, and closing ends the waiting', async () => {
  const node = newNode({ password: 'wrong' })
  const connected = node.connect()
  await until(() => expect(faults.filter((cause) => cause === 'session-failed').length).toBeGreaterThan(2))
  await node.close()
  await expect(connected).rejects.toMatchObject({ kind: 'unavailable', code: 'sparkplug.edge-node-closed' })
})

test('[tck-id-payloads-alias-uniqueness] redefined, it is born again in the same session with aliases that were never given, and a device that is gone dies first', async () => {
  const node = newNode({ devices: { room: [], cellar: [{ name: 'level', dataType: 'Double', value: 1 }] } })
  await node.connect()
  await until(() => expect(witness.all('DBIRTH')).toHaveLength(2))
  const at = fromMs(1_790_000_000_123)
  const speed = { name: 'speed', dataType: 'Double', value: 2, at, quality: 'stale' } as const
  node.redefine([{ name: 'uptime', dataType: 'Int64', value: 6n }], { room: [], belt: [speed] })
  await until(() => expect(witness.all('DBIRTH')).toHaveLength(4))
  expect(witness.heard.slice(3).map(({ topic }) => topic.slice('spBv1.0/AERO/'.length))).toEqual([
    'DDEATH/LAY/cellar',
    'NBIRTH/LAY',
    'DBIRTH/LAY/room',
    'DBIRTH/LAY/belt',
  ])
  const births = witness.payloads('NBIRTH')
  expect(births.map(({ metrics }) => metric(metrics, 'bdSeq')?.value.value)).toEqual([0n, 0n])
  expect(births[1]?.seq).toBe(0n)
  const told = metric(witness.payloads('DBIRTH').at(-1)?.metrics, 'speed')
  expect(told).toMatchObject({ timestamp: 1_790_000_000_123n, value: { case: 'doubleValue', value: 2 } })
  expect(told?.properties?.values[0]?.value.value).toBe(500)
  const given = [...births, ...witness.payloads('DBIRTH')].flatMap(({ metrics }) => metrics)
  const aliases = given.filter((each) => has(each, 'alias')).map(({ alias }) => alias)
  expect(new Set(aliases).size).toBe(aliases.length)
})

test('what cannot be announced is refused, and the node goes on as it was', async () => {
  const node = await born()
  const twice = { name: 'level', dataType: 'Double', value: 1 } as const
  expect(() => node.redefine([], { 'a/b': [] })).toThrow(expect.objectContaining({ code: 'sparkplug.id-invalid' }))
  expect(() => node.redefine([], { tank: [twice, twice] })).toThrow(
    expect.objectContaining({ code: 'sparkplug.metric-name-invalid' }),
  )
  expect(node.publish('room', [{ name: 'temperature', value: 23 }])).toBe(true)
  await until(() => expect(witness.all('DDATA')).toHaveLength(1))
  expect(witness.all('NBIRTH')).toHaveLength(1)
})

test('redefined before it is connected, it is born with the new metrics alone', async () => {
  const node = newNode()
  node.redefine([], { belt: [{ name: 'speed', dataType: 'Double', value: 2 }] })
  await node.connect()
  await until(() => expect(witness.all('DBIRTH').map(({ topic }) => topic)).toEqual(['spBv1.0/AERO/DBIRTH/LAY/belt']))
})

test('its owner hears each session begin and end; a rebirth is no new one', async () => {
  const sessions: boolean[] = []
  const node = await born({ onSession: (online) => sessions.push(online) })
  await witness.say('spBv1.0/AERO/NCMD/LAY', rebirthRequest)
  await until(() => expect(witness.all('NBIRTH')).toHaveLength(2))
  expect(sessions).toEqual([true])
  node.dropConnection()
  await until(() => expect(sessions).toEqual([true, false, true]))
  await node.close()
  expect(sessions).toEqual([true, false, true, false])
})

test('a password is asked for at each dial; one that cannot be had is a failed dial, not the end', async () => {
  let asked = 0
  const password = () => {
    asked += 1
    if (asked === 1) throw new Error('no such file')
    return asked === 2 ? 'wrong' : credentials.password
  }
  await born({ password })
  expect(asked).toBe(3)
  expect(faults).toEqual(['session-failed', 'session-failed'])
})

// Without the limit of its own it would end with the keep-alive, 15 s later.
test('closing does not wait for a broker that is frozen', { timeout: 10_000 }, async () => {
  const proxy = new LineProxy(broker.port)
  await proxy.start()
  try {
    const node = await born({ url: urlOf(proxy) })
    proxy.freeze()
    await node.close()
    expect(node.publish('room', [{ name: 'temperature', value: 1 }])).toBe(false)
  } finally {
    await proxy.stop()
  }
})
