import type { Broker } from '@throughline/broker'
import type { Driver, DriverConfig, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { fromMs, plusMs, systemClock, toMs } from '@throughline/kernel'
import { qualityOf, statusCode } from '@throughline/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MetricInit } from '../payload.ts'
import { encodePayload, has } from '../payload.ts'
import { encodeState } from '../state-message.ts'
import { credentials, deafCredentials, startPlantBroker, urlOf, Witness } from '../testing/witness.ts'
import { sparkplugDriver } from './driver.ts'

let broker: Broker
let witness: Witness
let drivers: Driver[] = []
let heard: ListenerRecorder

beforeEach(async () => {
  broker = await startPlantBroker()
  witness = await Witness.join(broker)
  heard = new ListenerRecorder()
})
afterEach(async () => {
  await Promise.all(drivers.map((driver) => driver.close()))
  drivers = []
  await witness.leave()
  await broker.close()
})

function newDriver(options: DriverConfig['options'] = {}, config: Partial<DriverConfig> = {}): Driver {
  const driver = sparkplugDriver.create({
    name: 'host',
    endpoint: urlOf(broker),
    options: { ...credentials, hostId: 'TL', timeoutMs: 10_000, rebirthIntervalMs: 60_000, ...options },
    clock: systemClock,
    homeDir: '/',
    ...config,
  })
  drivers.push(driver)
  return driver
}

async function connected(options: DriverConfig['options'] = {}): Promise<Driver> {
  const driver = newDriver(options)
  await driver.connect(heard)
  return driver
}

const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 10_000, interval: 10 })
const tag = (address: string, dataType: DriverTag['dataType'] = 'double'): DriverTag => ({
  tag: `tag of ${address}`,
  address,
  dataType,
  sampleMs: 100,
})
const now = (): bigint => BigInt(Math.floor(systemClock.now() / 1000))
const double = (value: number) => ({ case: 'doubleValue' as const, value })

async function say(path: string, seq: number | undefined, metrics: MetricInit[]): Promise<void> {
  const bytes = encodePayload({ at: systemClock.now(), ...(seq === undefined ? {} : { seq }), metrics })
  await witness.say(`spBv1.0/${path}`, bytes)
}

/** A hand-made edge node G/N: `level` goes by alias, `mode` by name. */
async function bear(): Promise<void> {
  await say('G/NBIRTH/N', 0, [
    { name: 'bdSeq', datatype: 4, value: { case: 'longValue', value: 0n } },
    { name: 'Node Control/Rebirth', datatype: 11, value: { case: 'booleanValue', value: false } },
    { name: 'level', alias: 3n, datatype: 10, timestamp: now(), value: double(1) },
    { name: 'mode', datatype: 3, timestamp: now(), value: { case: 'intValue', value: 2 } },
  ])
}

const states = (): unknown[] => witness.all('STATE').map(({ bytes }) => JSON.parse(bytes.toString()))

test('[tck-id-host-topic-phid-birth-topic] [tck-id-host-topic-phid-birth-payload] [tck-id-host-topic-phid-birth-qos] [tck-id-host-topic-phid-birth-message] [tck-id-conformance-primary-host] on connect it says its birth first, at QoS 1', async () => {
  await connected()
  await until(() => expect(witness.heard).toHaveLength(1))
  expect(witness.heard[0]).toMatchObject({ topic: 'spBv1.0/STATE/TL', qos: 1 })
  expect(states()).toEqual([{ online: true, timestamp: expect.any(Number) }])
})

test('[tck-id-host-topic-phid-birth-retain] [tck-id-operational-behavior-host-application-connect-birth-retained] its birth is retained for whoever comes later', async () => {
  await connected()
  const late = await Witness.join(broker)
  await until(() => expect(late.all('STATE')).toMatchObject([{ retain: true }]))
  await late.leave()
})

test('[tck-id-host-topic-phid-death-topic] [tck-id-host-topic-phid-death-payload] [tck-id-host-topic-phid-death-required] [tck-id-host-topic-phid-death-qos] [tck-id-payloads-state-birth-payload] [tck-id-host-topic-phid-birth-payload-timestamp] when the line breaks the broker says its death with the timestamp of its birth', async () => {
  await connected()
  await until(() => expect(states()).toHaveLength(1))
  await broker.kick(credentials.username)
  const late = await Witness.join(broker)
  await until(() => expect(late.all('STATE')).toHaveLength(1))
  const [death] = late.all('STATE')
  expect(death).toMatchObject({ topic: 'spBv1.0/STATE/TL', qos: 1, retain: true })
  const [birth] = states() as { timestamp: number }[]
  expect(JSON.parse(String(death?.bytes))).toEqual({ online: false, timestamp: birth?.timestamp })
  await heard.untilLost()
  await late.leave()
})

test('[tck-id-operational-behavior-host-application-termination] [tck-id-host-topic-phid-death-payload-timestamp-disconnect-clean] [tck-id-operational-behavior-host-application-death-qos] closing says its death with the time of closing', async () => {
  const driver = await connected()
  const closedAfter = Number(now())
  await driver.close()
  await until(() => expect(states()).toHaveLength(2))
  const [, death] = states() as { online: boolean; timestamp: number }[]
  expect(death?.online).toBe(false)
  expect(death?.timestamp).toBeGreaterThanOrEqual(closedAfter)
  expect(witness.all('STATE')[1]).toMatchObject({ qos: 1 })
  expect(heard.lostReasons).toEqual([])
})

test.each([
  ['a late death certificate', encodeState({ online: false, timestamp: 5 })],
  ['nonsense', 'offline'],
  ['a cleared message', ''],
])(
  '[tck-id-message-flow-hid-sparkplug-state-message-delivered] %s on its topic is overwritten at once by its own birth',
  async (_what, payload) => {
    await connected()
    await until(() => expect(witness.all('STATE')).toHaveLength(1))
    await witness.say('spBv1.0/STATE/TL', payload, { qos: 1, retain: true })
    await until(() => expect(witness.all('STATE')).toHaveLength(3))
    const [birth, , again] = witness.all('STATE')
    expect(String(again?.bytes)).toBe(String(birth?.bytes))
    expect(heard.faults.map(({ cause }) => cause)).toEqual(['state-overwritten'])
  },
)

test('a death that the broker kept of an earlier session is no fault: the birth replaces it', async () => {
  await witness.say('spBv1.0/STATE/TL', encodeState({ online: false, timestamp: 5 }), { qos: 1, retain: true })
  await until(() => expect(states()).toHaveLength(1))
  await connected()
  await until(() => expect(states()).toHaveLength(2))
  expect(states()[1]).toMatchObject({ online: true })
  expect(heard.faults).toEqual([])
})

test('another host with the same id is told, and no war over the topic begins', async () => {
  await connected()
  await until(() => expect(states()).toHaveLength(1))
  await witness.say('spBv1.0/STATE/TL', encodeState({ online: true, timestamp: 5 }), { qos: 1, retain: true })
  await until(() => expect(heard.faults.map(({ cause }) => cause)).toEqual(['host-id-shared']))
  expect(states()).toHaveLength(2)
})

test('[tck-id-operational-behavior-data-commands-ncmd-rebirth-verb] [tck-id-operational-behavior-data-commands-ncmd-rebirth-name] [tck-id-operational-behavior-data-commands-ncmd-rebirth-value] [tck-id-topics-ncmd-topic] [tck-id-topics-ncmd-mqtt] [tck-id-topics-ncmd-timestamp] [tck-id-payloads-ncmd-seq] a node that was never born is asked for its births, once for many messages', async () => {
  await connected()
  for (const seq of [4, 5, 6]) await say('G/NDATA/N', seq, [{ alias: 3n, timestamp: now(), value: double(1) }])
  await until(() => expect(heard.faults).toHaveLength(3))
  await until(() => expect(witness.all('NCMD')).toHaveLength(1))
  expect(witness.all('NCMD')[0]).toMatchObject({ topic: 'spBv1.0/G/NCMD/N', qos: 0, retain: false })
  const [request] = witness.payloads('NCMD')
  expect(request?.metrics).toMatchObject([
    { name: 'Node Control/Rebirth', value: { case: 'booleanValue', value: true } },
  ])
  expect(request && [has(request, 'seq'), has(request, 'timestamp')]).toEqual([false, true])
  await bear()
  await heard.untilValue('G/N:level', 1)
})

test('a rebirth that was held back is asked for after the interval, unless the birth came by itself', async () => {
  await connected({ rebirthIntervalMs: 50 })
  await say('G/NDATA/N', 4, [])
  await say('G/NDATA/N', 5, [])
  await until(() => expect(witness.all('NCMD')).toHaveLength(2))
  await bear()
  await heard.untilValue('G/N:level', 1)
})

test('a tag of a node that nobody has heard yet leads to a rebirth request, and its value comes with the birth', async () => {
  const driver = await connected()
  await driver.subscribe([tag('G/N:level')])
  await until(() => expect(witness.all('NCMD')).toHaveLength(1))
  expect((await driver.read([tag('G/N:level')]))[0]).toMatchObject({
    value: null,
    status: statusCode.badWaitingForInitialData,
  })
  await bear()
  await heard.untilValue('tag of G/N:level', 1)
})

test('whoever reads before the birth is here reads the birth and the data of that same millisecond afterwards', async () => {
  const at = plusMs(fromMs(Number(now())), 0.4)
  const driver = newDriver({}, { clock: { now: () => at } })
  await driver.connect(heard)
  expect((await driver.read([tag('G/N:level')]))[0]?.status).toBe(statusCode.badWaitingForInitialData)
  const timestamp = BigInt(Math.floor(toMs(at)))
  await say('G/NBIRTH/N', 0, [{ name: 'level', alias: 3n, datatype: 10, timestamp, value: double(1) }])
  await say('G/NDATA/N', 1, [{ alias: 3n, timestamp, value: double(2) }])
  await heard.untilValue('G/N:level', 2)
  expect((await driver.read([tag('G/N:level')]))[0]).toMatchObject({ value: 2, status: statusCode.good })
})

test('a metric that no tag asks for is told under its address, in its own type, unless discovery is off', async () => {
  const driver = await connected()
  await driver.subscribe([tag('G/N:level')])
  await bear()
  await heard.untilValue('G/N:mode', 2n)
  expect(heard.samplesOf('G/N:level')).toEqual([])
  await driver.close()

  heard = new ListenerRecorder()
  const deaf = await connected({ discover: false })
  await deaf.subscribe([tag('G/N:level')])
  await bear()
  await heard.untilValue('tag of G/N:level', 1)
  expect(heard.samplesOf('G/N:mode')).toEqual([])
})

test('a tag asks for the type it needs: Int32 as double is a number, as text it is bad and counted', async () => {
  const driver = await connected()
  await driver.subscribe([tag('G/N:mode'), { ...tag('G/N:mode', 'string'), tag: 'as text' }])
  await bear()
  await heard.untilValue('tag of G/N:mode', 2)
  expect((await heard.untilBad('as text')).status).toBe(statusCode.badTypeMismatch)
  expect(heard.faults.map(({ cause }) => cause)).toEqual(['value-type-mismatch'])
})

test('only the chosen group is heard', async () => {
  await connected({ group: 'G' })
  await say('OTHER/NBIRTH/N', 0, [{ name: 'x', datatype: 10, timestamp: now(), value: double(1) }])
  await bear()
  await heard.untilValue('G/N:level', 1)
  expect(heard.samplesOf('OTHER/N:x')).toEqual([])
})

test('[tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale] a death makes subscribed tags bad, and a write to the dead is refused at once', async () => {
  const driver = await connected()
  await driver.subscribe([tag('G/N:level')])
  await bear()
  await heard.untilValue('tag of G/N:level', 1)
  await say('G/NDEATH/N', undefined, [{ name: 'bdSeq', datatype: 4, value: { case: 'longValue', value: 0n } }])
  const bad = await heard.untilBad('tag of G/N:level')
  expect(bad.status).toBe(statusCode.badNoCommunication)
  const result = await driver.write(tag('G/N:level'), 5)
  expect(result).toMatchObject({ status: statusCode.badNoCommunication, readBack: { value: null } })
  expect(witness.all('NCMD').filter(({ bytes }) => !bytes.includes('Rebirth'))).toEqual([])
})

test('[tck-id-operational-behavior-data-commands-ncmd-verb] [tck-id-operational-behavior-data-commands-ncmd-metric-name] [tck-id-topics-ncmd-payload] a write goes by alias where the birth gave one and by name where it did not', async () => {
  const driver = await connected()
  await bear()
  await heard.untilValue('G/N:level', 1)
  const writes = [driver.write(tag('G/N:level'), 7), driver.write(tag('G/N:mode', 'int64'), -3n)]
  const commands = (): unknown[] =>
    witness.payloads('NCMD').flatMap(({ metrics }) => metrics.filter(({ name }) => name !== 'Node Control/Rebirth'))
  await until(() => expect(commands()).toHaveLength(2))
  expect(commands()).toMatchObject([
    { name: '', alias: 3n, value: { case: 'doubleValue', value: 7 } },
    { name: 'mode', value: { case: 'intValue', value: 4_294_967_293 } },
  ])
  await say('G/NDATA/N', 1, [
    { alias: 3n, timestamp: now(), value: double(7) },
    { name: 'mode', timestamp: now(), value: { case: 'intValue', value: 4_294_967_293 } },
  ])
  const results = await Promise.all(writes)
  expect(results).toMatchObject([
    { status: statusCode.good, readBack: { value: 7 } },
    { status: statusCode.good, readBack: { value: -3n } },
  ])
})

test('[tck-id-operational-behavior-data-commands-dcmd-verb] [tck-id-topics-dcmd-topic] [tck-id-topics-dcmd-mqtt] [tck-id-topics-dcmd-timestamp] [tck-id-payloads-dcmd-seq] a write to a device is a DCMD; another value read back is a bad status with that value', async () => {
  const driver = await connected()
  await bear()
  await say('G/DBIRTH/N/D', 1, [
    { name: 'flow', alias: 9n, datatype: 9, timestamp: now(), value: { case: 'floatValue', value: 1 } },
  ])
  await heard.untilValue('G/N/D:flow', 1)
  const write = driver.write(tag('G/N/D:flow'), 0.1)
  await until(() => expect(witness.all('DCMD')).toHaveLength(1))
  expect(witness.all('DCMD')[0]).toMatchObject({ topic: 'spBv1.0/G/DCMD/N/D', qos: 0, retain: false })
  const [command] = witness.payloads('DCMD')
  expect(command && [has(command, 'seq'), has(command, 'timestamp')]).toEqual([false, true])
  await say('G/DDATA/N/D', 2, [{ alias: 9n, timestamp: now(), value: { case: 'floatValue', value: 0.5 } }])
  expect(await write).toMatchObject({ status: statusCode.badOutOfRange, readBack: { value: 0.5 } })

  const again = driver.write(tag('G/N/D:flow'), 0.1)
  await until(() => expect(witness.all('DCMD')).toHaveLength(2))
  await say('G/DDATA/N/D', 3, [{ alias: 9n, timestamp: now(), value: { case: 'floatValue', value: 0.1 } }])
  expect(await again).toMatchObject({ status: statusCode.good, readBack: { value: Math.fround(0.1) } })
})

test('a write that nobody answers is a bad status at the time-out, and one to an unknown metric at once', async () => {
  const driver = await connected({ timeoutMs: 2_000 })
  await bear()
  await heard.untilValue('G/N:level', 1)
  expect(await driver.write(tag('G/N:level'), 7)).toMatchObject({
    status: statusCode.badNoCommunication,
    readBack: { value: 1 },
  })
  const unknown = await driver.write(tag('G/N:nothing'), 7)
  expect(unknown).toMatchObject({ status: statusCode.badNodeIdUnknown, readBack: { value: null } })
})

test('a write that waits when the session ends fails as unavailable', async () => {
  const driver = await connected()
  await bear()
  await heard.untilValue('G/N:level', 1)
  const write = driver.write(tag('G/N:level'), 7)
  const outcome = expect(write).rejects.toMatchObject({ kind: 'unavailable', code: 'sparkplug.not-connected' })
  await driver.close()
  await outcome
})

test('a topic and a payload that are none of Sparkplug are counted and the plant goes on', async () => {
  await connected()
  await witness.say('spBv1.0/G/NDATA/', 'x')
  await witness.say('spBv1.0/G/NDATA/N', Buffer.from('ffff', 'hex'))
  await bear()
  await heard.untilValue('G/N:level', 1)
  expect(heard.faults.map(({ cause }) => cause)).toEqual(['topic-unknown', 'payload-malformed'])
})

test('a wrong password is forbidden, a password file that is not there invalid; neither is tried again for ever', async () => {
  const wrong = newDriver({ password: 'wrong' }).connect(heard)
  await expect(wrong).rejects.toMatchObject({ kind: 'forbidden', code: 'sparkplug.broker-refused' })
  const deaf = newDriver(deafCredentials).connect(heard)
  await expect(deaf).rejects.toMatchObject({ kind: 'forbidden', code: 'sparkplug.subscribe-refused' })
  const { username } = credentials
  const config = { options: { username, passwordFile: '/nowhere/password' } }
  const missing = newDriver({}, config).connect(heard)
  await expect(missing).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('/nowhere/password'),
  })
  expect(heard.lostReasons).toEqual([])
})

test('while the node lives, a read of a resting value is as fresh as the broker’s last sign of life', async () => {
  const driver = await connected()
  await bear()
  await heard.untilValue('G/N:level', 1)
  const [first] = await driver.read([tag('G/N:level')])
  await say('G/NDATA/N', 1, [{ name: 'mode', timestamp: now(), value: { case: 'intValue', value: 5 } }])
  await heard.untilValue('G/N:mode', 5n)
  const [second] = await driver.read([tag('G/N:level')])
  expect(second?.at).toBe(first?.at)
  expect(second?.serverAt ?? 0).toBeGreaterThan(first?.serverAt ?? 0)
  expect(qualityOf(second?.status ?? 2 ** 31)).toBe('good')
})
