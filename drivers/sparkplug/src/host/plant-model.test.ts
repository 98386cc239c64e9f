import type { Clock, Instant } from '@throughline/kernel'
import { fromMs, plusMs } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MetricInit } from '../payload.ts'
import { encodePayload } from '../payload.ts'
import { parseTopic } from '../topic.ts'
import { PlantModel } from './plant-model.ts'

const start = fromMs(1_795_000_000_000)
const reorderTimeoutMs = 100

let now: Instant
let plant: PlantModel
let told: { address: string; value: SampleValue | null; status: number; at: number; historical: boolean }[]
let faults: string[]
let rebirths: string[]

beforeEach(() => {
  vi.useFakeTimers()
  now = start
  told = []
  faults = []
  rebirths = []
  const clock: Clock = { now: () => now }
  plant = new PlantModel(
    {
      reading: ({ address }, { at, value, status, historical }) =>
        told.push({ address, at, value, status, historical }),
      fault: (cause) => faults.push(cause),
      born: () => {},
      rebirthNeeded: (group, node) => rebirths.push(`${group}/${node}`),
    },
    clock,
    reorderTimeoutMs,
  )
})
afterEach(() => {
  plant.close()
  vi.useRealTimers()
})

function hear(path: string, seq: number | undefined, metrics: MetricInit[], at: Instant | undefined = now): void {
  hearBytes(
    path,
    encodePayload({ ...(at === undefined ? {} : { at }), ...(seq === undefined ? {} : { seq }), metrics }),
  )
}

function hearBytes(path: string, bytes: Buffer): void {
  const topic = parseTopic(`spBv1.0/${path}`)
  if (!topic) throw new Error(`${path} is no topic`)
  plant.hear(topic, bytes)
}

const bdSeq = (value: number): MetricInit => ({
  name: 'bdSeq',
  datatype: 4,
  value: { case: 'longValue', value: BigInt(value) },
})
const double = (value: number) => ({ case: 'doubleValue' as const, value })
const ms = (at: number): bigint => BigInt(Math.floor(at / 1000))

function bear(count = 0): void {
  hear('G/NBIRTH/N', 0, [
    bdSeq(count),
    { name: 'load', alias: 1n, datatype: 10, timestamp: ms(now), value: double(1) },
    { name: 'Node Control/Rebirth', datatype: 11, value: { case: 'booleanValue', value: false } },
  ])
  hear('G/DBIRTH/N/D', 1, [{ name: 'flow', alias: 2n, datatype: 10, timestamp: ms(now), value: double(2) }])
}

const currentLoad = () => plant.find({ group: 'G', node: 'N', device: null, metric: 'load' })?.current
const loads = (): unknown[] => told.filter(({ address }) => address === 'G/N:load').map(({ value }) => value)
const load = (seq: number, value: number, more: { timestamp?: bigint; isHistorical?: boolean } = {}): void =>
  hear('G/NDATA/N', seq, [{ alias: 1n, timestamp: ms(now), value: double(value), ...more }])

/** Hand-turned: the clock of the model and its timers go together. */
function pass(milliseconds: number): void {
  now = fromMs(now / 1000 + milliseconds)
  vi.advanceTimersByTime(milliseconds)
}

test('births tell every metric with its value, the two control metrics aside', () => {
  bear()
  expect(told.map(({ address, value, status }) => [address, value, status])).toEqual([
    ['G/N:load', 1, 0],
    ['G/N/D:flow', 2, 0],
  ])
  expect(faults).toEqual([])
})

test('[tck-id-operational-behavior-host-reordering-start] [tck-id-operational-behavior-host-reordering-success] messages that overtook each other are told in the order of their sequence, without a rebirth', () => {
  bear()
  load(4, 40)
  load(3, 30)
  expect(loads()).toEqual([1])
  pass(reorderTimeoutMs - 1)
  load(2, 20)
  expect(loads()).toEqual([1, 20, 30, 40])
  pass(reorderTimeoutMs * 2)
  expect([rebirths, faults]).toEqual([[], []])
})

test('[tck-id-operational-behavior-host-reordering-rebirth] a message that never comes leads to a rebirth request at the time-out, and what came is told', () => {
  bear()
  load(4, 40)
  load(3, 30)
  pass(reorderTimeoutMs - 1)
  expect(rebirths).toEqual([])
  pass(1)
  expect(rebirths).toEqual(['G/N'])
  expect(loads()).toEqual([1, 30, 40])
  expect(faults).toEqual(['sequence-gap'])
  load(5, 50)
  expect(loads()).toEqual([1, 30, 40, 50])
})

test('[tck-id-payloads-sequence-num-incrementing] after 255 comes 0, also when they overtake each other', () => {
  bear()
  for (let seq = 2; seq < 255; seq++) load(seq, seq)
  told.length = 0
  load(0, 256)
  load(255, 255)
  load(1, 257)
  expect(loads()).toEqual([255, 256, 257])
  expect(rebirths).toEqual([])
})

test('a message that comes twice is told once and counted', () => {
  bear()
  load(2, 20)
  load(2, 20)
  load(3, 30)
  expect(loads()).toEqual([1, 20, 30])
  expect([faults, rebirths]).toEqual([['message-duplicate'], []])
})

test('what is held for a missing message has a bound', () => {
  bear()
  for (let i = 0; i < 257; i++) load(9, i)
  expect(loads()).toHaveLength(258)
  expect(rebirths).toEqual(['G/N'])
})

test('whatever the order of arrival, every message is told once and in sequence', () => {
  const arrival = fc.shuffledSubarray([2, 3, 4, 5, 6, 7, 8, 9], { minLength: 8 })
  fc.assert(
    fc.property(arrival, (order) => {
      told.length = 0
      bear()
      for (const seq of order) load(seq, seq)
      expect(loads().slice(1)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    }),
  )
})

test('[tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline] [tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale] [tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-offline] [tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale] the death of an edge node makes all its metrics and those of its devices bad, at the host’s time', () => {
  bear()
  told.length = 0
  pass(5_000)
  hear('G/NDEATH/N', undefined, [bdSeq(0)], undefined)
  expect(told).toEqual(
    ['G/N:load', 'G/N/D:flow'].map((address) => ({
      address,
      at: now,
      value: null,
      status: statusCode.badNoCommunication,
      historical: false,
    })),
  )
  expect(plant.nodeOf('G', 'N')?.online).toBe(false)
})

test('[tck-id-topics-nbirth-bdseq-matching] the late death of an earlier session ends nothing', () => {
  bear(7)
  told.length = 0
  hear('G/NDEATH/N', undefined, [bdSeq(6)], undefined)
  expect(told).toEqual([])
  expect(faults).toEqual(['death-of-another-session'])
  load(2, 20)
  expect(loads()).toEqual([20])
})

test('[tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline] [tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale] the death of a device makes its metrics bad, at the time the message tells, and nobody else’s', () => {
  bear()
  told.length = 0
  pass(5_000)
  const diedAt = fromMs(now / 1000 - 1_000)
  hear('G/DDEATH/N/D', 2, [], diedAt)
  expect(told).toEqual([
    { address: 'G/N/D:flow', at: diedAt, value: null, status: statusCode.badNoCommunication, historical: false },
  ])
})

test('a value of before the death that the next birth brings holds from that birth on', () => {
  bear()
  const measuredAt = now
  pass(5_000)
  hear('G/NDEATH/N', undefined, [bdSeq(0)], undefined)
  const diedAt = now
  pass(5_000)
  told.length = 0
  hear('G/NBIRTH/N', 0, [
    bdSeq(1),
    { name: 'load', alias: 1n, datatype: 10, timestamp: ms(measuredAt), value: double(1) },
  ])
  expect(told).toMatchObject([{ address: 'G/N:load', value: 1, at: now }])
  expect(now).toBeGreaterThan(diedAt)
})

test.each<[string, () => void]>([
  [
    'somebody was told that nothing is known',
    () => plant.noteUnknown({ group: 'G', node: 'N', device: null, metric: 'load' }, now),
  ],
  [
    'the death of the session before',
    () => {
      bear()
      hear('G/NDEATH/N', undefined, [bdSeq(0)], undefined)
    },
  ],
])(
  'data that follows its birth within the millisecond of %s is the current value, and later than it',
  (_what, before) => {
    // The wire knows milliseconds, this host's clock microseconds: what is told by it is later than what follows.
    now = plusMs(start, 0.4)
    before()
    bear(1)
    load(2, 20)
    expect(currentLoad()).toMatchObject({ value: 20, status: statusCode.good })
    const at = told.filter(({ address }) => address === 'G/N:load').map((each) => each.at)
    expect(at).toEqual([...new Set(at)].toSorted((a, b) => a - b))
    expect(at.at(-1)).toBe(currentLoad()?.at)
  },
)

test('an edge node whose clock runs behind is believed in its own order: after its death and birth its data is current', () => {
  bear()
  pass(60_000)
  hear('G/NDEATH/N', undefined, [bdSeq(0)], undefined)
  now = plusMs(start, 1_000)
  bear(1)
  load(2, 20, { timestamp: ms(now) + 5n })
  expect(currentLoad()?.value).toBe(20)
  load(3, 19, { timestamp: ms(now) + 2n })
  expect(currentLoad()?.value).toBe(20)
  expect(told.at(-1)).toMatchObject({ value: 19, at: plusMs(now, 2) })
})

test('data of before the death of its device stays history, in whatever order it comes', () => {
  bear()
  pass(5_000)
  hear('G/DDEATH/N/D', 2, [])
  hear('G/DDATA/N/D', 3, [{ alias: 2n, timestamp: ms(now) - 1_000n, value: double(3) }])
  const flow = plant.find({ group: 'G', node: 'N', device: 'D', metric: 'flow' })
  expect(flow?.current.status).toBe(statusCode.badNoCommunication)
  expect(told.at(-1)).toMatchObject({ address: 'G/N/D:flow', value: 3, at: plusMs(now, -1_000) })
})

test('a device that a rebirth leaves out is bad as soon as data follows', () => {
  bear()
  told.length = 0
  hear('G/NBIRTH/N', 0, [bdSeq(0), { name: 'load', alias: 1n, datatype: 10, timestamp: ms(now), value: double(1) }])
  load(1, 5)
  expect(told.find(({ address }) => address === 'G/N/D:flow')?.status).toBe(statusCode.badNoCommunication)
})

test('a metric that a rebirth leaves out is told as unknown', () => {
  bear()
  told.length = 0
  hear('G/NBIRTH/N', 0, [bdSeq(0)])
  expect(told).toMatchObject([{ address: 'G/N:load', value: null, status: statusCode.badNodeIdUnknown }])
})

test('data of a node that was never born is counted and leads to a rebirth request', () => {
  load(9, 1)
  hear('G/DDEATH/N/D', 10, [])
  expect([told, faults, rebirths]).toEqual([[], ['data-before-birth', 'data-before-birth'], ['G/N', 'G/N']])
})

test('an alias or name that no birth announced is counted, leads to a rebirth request, and sinks no other metric', () => {
  bear()
  hear('G/NDATA/N', 2, [
    { alias: 99n, value: double(0) },
    { name: 'nameless', value: double(0) },
    { alias: 1n, timestamp: ms(now), value: double(3) },
  ])
  expect(faults).toEqual(['alias-unknown', 'metric-unknown'])
  expect(new Set(rebirths)).toEqual(new Set(['G/N']))
  expect(loads()).toEqual([1, 3])
})

test('an alias of one device is unknown in the messages of another', () => {
  bear()
  hear('G/DDATA/N/D', 2, [{ alias: 1n, timestamp: ms(now), value: double(3) }])
  expect(loads()).toEqual([1])
  expect(faults).toEqual(['alias-unknown'])
})

test('[tck-id-payloads-alias-uniqueness] an alias given twice is counted', () => {
  bear()
  hear('G/DBIRTH/N/E', 2, [{ name: 'x', alias: 1n, datatype: 10, timestamp: ms(now), value: double(3) }])
  expect(faults).toEqual(['alias-duplicate'])
})

test('historical data is told with its own time and never becomes the current value', () => {
  bear()
  const before = fromMs(now / 1000 - 60_000)
  load(2, 0.5, { isHistorical: true, timestamp: ms(before) })
  expect(told.at(-1)).toMatchObject({ value: 0.5, at: before, historical: true, status: statusCode.good })
  expect(currentLoad()?.value).toBe(1)
})

test('late data that is not marked so is told, and the newer current value stays', () => {
  bear()
  load(2, 0.5, { timestamp: ms(now) - 1_000n })
  expect(loads()).toEqual([1, 0.5])
  expect(currentLoad()?.value).toBe(1)
})

test.each<[string, MetricInit, string[], number, SampleValue | null]>([
  ['a NaN', { value: double(Number.NaN) }, ['not-a-number'], statusCode.badOutOfRange, null],
  ['an infinity', { value: double(-Infinity) }, ['not-a-number'], statusCode.badOutOfRange, null],
  [
    'a text',
    { value: { case: 'stringValue', value: 'hot' } },
    ['value-type-mismatch'],
    statusCode.badTypeMismatch,
    null,
  ],
  ['a null', { isNull: true }, [], statusCode.bad, null],
  ['nothing', {}, ['value-missing'], statusCode.bad, null],
  ['a time in 1970', { timestamp: 5n, value: double(9) }, ['timestamp-unreadable'], statusCode.uncertain, 9],
  [
    'a time beyond all bounds',
    { timestamp: 2n ** 63n, value: double(9) },
    ['timestamp-unreadable'],
    statusCode.uncertain,
    9,
  ],
  [
    'a quality nobody knows',
    { value: double(9), properties: { keys: ['Quality'], values: [{ value: { case: 'intValue', value: 7 } }] } },
    ['quality-unknown'],
    statusCode.uncertain,
    9,
  ],
  [
    'an uneven property set',
    { value: double(9), properties: { keys: ['a', 'b'], values: [] } },
    ['property-set-uneven'],
    statusCode.uncertain,
    9,
  ],
])('%s is told with a status and counted by its cause', (_what, metric, causes, status, value) => {
  bear()
  hear('G/NDATA/N', 2, [{ alias: 1n, timestamp: ms(now), ...metric }])
  expect(faults).toEqual(causes)
  expect(told.at(-1)).toMatchObject({ address: 'G/N:load', status, value })
})

test.each<[number, number]>([
  [192, statusCode.good],
  [500, statusCode.uncertainLastUsable],
  [0, statusCode.bad],
])(
  '[tck-id-payloads-propertyset-quality-value-value] quality %d becomes status %d and the value stays',
  (code, status) => {
    bear()
    const properties = { keys: ['Quality'], values: [{ type: 3, value: { case: 'intValue' as const, value: code } }] }
    hear('G/NDATA/N', 2, [{ alias: 1n, timestamp: ms(now), value: double(4), properties }])
    expect(told.at(-1)).toMatchObject({ value: 4, status })
  },
)

test('a birth with unknown, uncarried or missing data types and names counts each and still tells the rest', () => {
  hear('G/NBIRTH/N', 0, [
    bdSeq(0),
    { name: 'a', datatype: 99, timestamp: ms(now), value: double(1) },
    { name: 'b', datatype: 16, timestamp: ms(now), isNull: true },
    { name: 'c', timestamp: ms(now), value: double(1) },
    { datatype: 10, timestamp: ms(now), value: double(1) },
    { name: 'd', datatype: 10, timestamp: ms(now), value: double(4) },
    { name: 'd', datatype: 10, timestamp: ms(now), value: double(5) },
  ])
  expect(faults).toEqual([
    'datatype-unknown',
    'datatype-uncarried',
    'datatype-missing',
    'metric-name-missing',
    'metric-name-duplicate',
  ])
  expect(told.find(({ address }) => address === 'G/N:d')?.value).toBe(4)
  expect(told.find(({ address }) => address === 'G/N:a')).toMatchObject({
    value: null,
    status: statusCode.badTypeMismatch,
  })
})

test('[tck-id-topics-nbirth-seq-num] [tck-id-payloads-sequence-num-always-included] wrong or missing sequence numbers are counted and nothing is lost', () => {
  hear('G/NBIRTH/N', 5, [{ name: 'load', alias: 1n, datatype: 10, timestamp: ms(now), value: double(1) }])
  expect(faults).toEqual(['birth-sequence-not-zero', 'bdseq-missing'])
  load(6, 2)
  hear('G/NDATA/N', undefined, [{ alias: 1n, timestamp: ms(now), value: double(3) }])
  hear('G/NDATA/N', 999, [{ alias: 1n, timestamp: ms(now), value: double(4) }])
  expect(loads()).toEqual([1, 2, 3, 4])
  expect(faults.slice(2)).toEqual(['sequence-missing', 'sequence-invalid'])
  expect(rebirths).toEqual(['G/N', 'G/N'])
})

test('bytes that are no payload are counted and end nothing', () => {
  bear()
  hearBytes('G/NDATA/N', Buffer.from('ff', 'hex'))
  load(2, 20)
  expect(faults).toEqual(['payload-malformed'])
  expect(loads()).toEqual([1, 20])
})

test('[SR-3.5!] no bytes whatsoever make it throw', () => {
  const paths = fc.constantFrom('G/NBIRTH/N', 'G/NDATA/N', 'G/NDEATH/N', 'G/DBIRTH/N/D', 'G/DDATA/N/D', 'G/DDEATH/N/D')
  fc.assert(
    fc.property(fc.array(fc.tuple(paths, fc.uint8Array({ maxLength: 60 })), { maxLength: 8 }), (messages) => {
      for (const [path, bytes] of messages) hearBytes(path, Buffer.from(bytes))
    }),
    { numRuns: 500 },
  )
})

test('no mutilated birth or data message makes it throw, and every reading is a value or a status that says why not', () => {
  const birth = encodePayload({
    at: start,
    seq: 0,
    metrics: [
      bdSeq(0),
      { name: 'load', alias: 1n, datatype: 10, timestamp: ms(start), value: double(1) },
      { name: 'n', alias: 2n, datatype: 3, timestamp: ms(start), value: { case: 'intValue', value: 7 } },
      {
        name: 's',
        datatype: 12,
        properties: { keys: ['Quality'], values: [{ value: { case: 'intValue', value: 0 } }] },
      },
    ],
  })
  const change = fc.tuple(fc.nat(birth.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(birth)
      for (const [index, byte] of changes) bytes[index] = byte
      hearBytes('G/NBIRTH/N', bytes)
      hearBytes('G/NDATA/N', bytes)
      for (const { value, status, at } of told.splice(0)) {
        expect(Number.isSafeInteger(at)).toBe(true)
        if (value === null) expect(status >>> 30).toBeGreaterThanOrEqual(2)
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})
