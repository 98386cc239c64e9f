import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { parseInstant, systemClock } from '@throughline/kernel'
import type { DataType } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { mqttJsonDriver } from './driver.ts'
import { PlantBroker, passwordFileOf } from './testing/plant-broker.ts'

const at = '2026-11-23T08:00:00.000000Z'
const t0 = parseInstant(at) ?? Number.NaN
const passwordFile = passwordFileOf('agent')
let plant: PlantBroker
let home: string
const opened: Driver[] = []
beforeAll(async () => {
  plant = await PlantBroker.start()
  home = mkdtempSync(join(tmpdir(), 'throughline-mqtt-home-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((driver) => driver.close()))
})
afterAll(async () => {
  await plant?.close()
  rmSync(home, { recursive: true, force: true })
})

type Options = Record<string, string | number | boolean>
const credentials = { username: 'agent', passwordFile }

function create(options: Options, endpoint = `mqtt://127.0.0.1:${plant.broker.port}`): Driver {
  const driver = mqttJsonDriver.create({
    ...{
      name: 'trq-01',
      endpoint,
      options: { ...credentials, persistent: false, ...options },
      clock: systemClock,
      homeDir: home,
    },
  })
  opened.push(driver)
  return driver
}
const tagOf = (address: string, dataType: DataType = 'double'): DriverTag => ({
  tag: address,
  address,
  dataType,
  sampleMs: 50,
})
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 15_000, interval: 10 })

async function hear(options: Options, ...tags: DriverTag[]): Promise<{ driver: Driver; heard: ListenerRecorder }> {
  const driver = create(options)
  const heard = new ListenerRecorder()
  await driver.connect(heard)
  await driver.subscribe(tags)
  return { driver, heard }
}
/** All but what is told of a tag that nothing was heard of. */
const told = (heard: ListenerRecorder, tag: string) =>
  heard
    .samplesOf(tag)
    .flatMap(({ value, status, at: when }) =>
      status === statusCode.badWaitingForInitialData ? [] : [[value, status, when - t0]],
    )

test('one tag hears every topic that its template covers, and no other', async () => {
  const tag = tagOf('torque/+/result:torque.nm')
  const { heard } = await hear({ time: 'at' }, tag)
  for (const [topic, nm] of [
    ['torque/A/result', 1],
    ['torque/A/result/more', 2],
    ['torque/A/state', 3],
    ['torque/B/result', 4],
  ] as const) {
    await plant.say(topic, `{"at":"${at}","torque":{"nm":${nm}}}`)
  }
  await heard.untilValue(tag.tag, 4)
  expect(told(heard, tag.tag).map(([value]) => value)).toEqual([1, 4])
})

test.each([
  [`"${at}"`, 0, statusCode.good],
  ['1795420800', 0, statusCode.good],
  ['1795420800123', 123_000, statusCode.good],
  ['1795420800123456', 123_456, statusCode.good],
  ['"23.11.2026"', null, statusCode.uncertain],
])(
  '[AL-C-1] a time of %s is read, and one that cannot be read makes the value uncertain',
  async (time, offset, status) => {
    const tag = tagOf('torque/T/time:v')
    const { heard } = await hear({ time: 'at' }, tag)
    await plant.say('torque/T/time', `{"at":${time},"v":1}`)
    await until(() => expect(told(heard, tag.tag)).toHaveLength(1))
    const [[value, known, when] = []] = told(heard, tag.tag)
    expect([value, known]).toEqual([1, status])
    if (offset === null) expect(heard.faults).toMatchObject([{ cause: 'time-unreadable' }])
    else expect(when).toBe(offset)
  },
)

test('what the broker kept is old: without a time of its own it is uncertain, with one it holds since then', async () => {
  await plant.say('room/kept', `{"at":"${at}","v":7}`, true)
  const tag = tagOf('room/kept:v')
  const arrival = await hear({}, tag)
  await until(() =>
    expect(told(arrival.heard, tag.tag).map(([v, s]) => [v, s])).toEqual([[7, statusCode.uncertainLastUsable]]),
  )
  const own = await hear({ clientId: 'own', time: 'at' }, tag)
  await until(() => expect(told(own.heard, tag.tag)).toEqual([[7, statusCode.good, 0]]))
  await plant.say('room/kept', `{"v":8}`)
  await until(() => expect(told(arrival.heard, tag.tag).at(-1)?.slice(0, 2)).toEqual([8, statusCode.good]))
})

test('each point of an array is a sample at its own time; without times they keep their order and are uncertain', async () => {
  const tag = tagOf('torque/T/curve:points[*].nm')
  const payload = `{"at":"${at}","points":[{"ms":0,"nm":0.5},{"ms":10.5,"nm":1.5},{"ms":20,"nm":"x"}]}`
  const timed = await hear({ clientId: 'timed', time: 'at', pointTime: 'points[*].ms', pointUnit: 'ms' }, tag)
  const plain = await hear({ time: 'at' }, tag)
  await plant.say('torque/T/curve', payload)
  await until(() =>
    expect(told(timed.heard, tag.tag)).toEqual([
      [0.5, statusCode.good, 0],
      [1.5, statusCode.good, 10_500],
      [null, statusCode.badTypeMismatch, 20_000],
    ]),
  )
  await until(() => expect(told(plain.heard, tag.tag)).toHaveLength(3))
  expect(told(plain.heard, tag.tag).slice(0, 2)).toEqual([
    [0.5, statusCode.uncertain, 0],
    [1.5, statusCode.uncertain, 1],
  ])
})

test('a message with the id of one that was heard is passed over, in the next session too', async () => {
  const tag = tagOf('torque/T/once:v')
  const first = await hear({ id: 'seq', time: 'at' }, tag)
  for (const [seq, v] of [
    [1, 10],
    [1, 11],
    [2, 12],
  ])
    await plant.say('torque/T/once', `{"seq":${seq},"v":${v},"at":"${at}"}`)
  await first.heard.untilValue(tag.tag, 12)
  expect(told(first.heard, tag.tag).map(([value]) => value)).toEqual([10, 12])
  expect(first.heard.faults).toMatchObject([{ cause: 'message-duplicate' }])
  await first.driver.close()
  const second = await hear({ id: 'seq', time: 'at' }, tag)
  for (const [seq, v] of [
    [2, 13],
    [3, 14],
  ])
    await plant.say('torque/T/once', `{"seq":${seq},"v":${v},"at":"${at}"}`)
  await second.heard.untilValue(tag.tag, 14)
  expect(told(second.heard, tag.tag).map(([value]) => value)).toEqual([14])
})

test.each([
  ['cut-off JSON', '{"v": 1', 'payload-malformed'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'payload-binary'],
  ['a payload beyond the limit', JSON.stringify({ v: 'x'.repeat(2000) }), 'payload-too-large'],
  ['a text where a number belongs', '{"v":"open"}', 'type-mismatch'],
])('[AL-Complete] %s is a fault with an example, and what follows is heard', async (_what, payload, cause) => {
  const tag = tagOf('torque/T/bad:v')
  const { heard } = await hear({ maxKb: 1 }, tag)
  await plant.say('torque/T/bad', payload)
  await plant.say('torque/T/bad', '{"v":5}')
  await heard.untilValue(tag.tag, 5)
  expect(heard.faults).toEqual([{ cause, example: expect.stringContaining('torque/T/bad') }])
})

test('a tightening goes to the server as a document: result, limits and the curve, with the payload as it was', async () => {
  const { heard } = await hear({
    ...{
      documents: 'torque/+/tightening',
      time: 'at',
      serial: 'part',
      characteristic: 'joint',
      unit: 'unit',
      gauge: 'tool',
    },
    ...{ value: 'final', lower: 'min', upper: 'max', nominal: 'target', status: 'ok', curve: 'points' },
  })
  const payload = `{"at":"${at}","part":"SN-7","joint":"J1","tool":"T-44","unit":"Nm","final":12.4,"min":11,"max":13,"target":12,"ok":"OK","points":[{"deg":0,"nm":0.1},{"deg":30,"nm":12.4}]}`
  await plant.say('torque/TRQ-01/tightening', payload)
  await until(() => expect(heard.documents).toHaveLength(1))
  const [document] = heard.documents
  expect(document).toMatchObject({ name: 'torque/TRQ-01/tightening', kind: 'json' })
  expect(Buffer.from(document?.bytes ?? []).toString()).toBe(payload)
  expect(document?.parsed).toEqual({
    results: [
      {
        ...{
          serial: 'SN-7',
          part: null,
          characteristic: 'J1',
          type: null,
          nominal: 12,
          lowerLimit: 11,
          upperLimit: 13,
        },
        ...{
          unit: 'Nm',
          value: 12.4,
          status: 'pass',
          statusText: 'OK',
          gauge: 'T-44',
          measuredAt: t0,
          order: null,
          operation: null,
          run: null,
        },
      },
    ],
    curves: [
      {
        ...{ serial: 'SN-7', name: 'J1', measuredAt: t0 },
        columns: [
          { name: 'deg', unit: null, values: [0, 30] },
          { name: 'nm', unit: null, values: [0.1, 12.4] },
        ],
      },
    ],
    statistics: [],
  })
})

test('[AL-Complete!] what was said while the agent was away is told when it comes back, all of it', async () => {
  const tag = tagOf('torque/T/away:v')
  const options = { persistent: true, time: 'at' }
  const first = await hear(options, tag)
  await plant.say('torque/T/away', `{"v":1,"at":"${at}"}`)
  await first.heard.untilValue(tag.tag, 1)
  await first.driver.close()
  for (const v of [2, 3, 4]) await plant.say('torque/T/away', `{"v":${v},"at":"${at}"}`)
  const second = await hear(options, tag)
  await second.heard.untilValue(tag.tag, 4)
  expect(told(second.heard, tag.tag).map(([value]) => value)).toEqual([2, 3, 4])
})

test('a topic that the broker refuses is a fault and sinks no other tag; a refused account is told as that', async () => {
  const tag = tagOf('torque/T/free:v')
  const { heard } = await hear({}, tagOf('secret/x:v'), tag)
  await plant.say('torque/T/free', '{"v":5}')
  await heard.untilValue(tag.tag, 5)
  await heard.untilBad('secret/x:v')
  expect(heard.faults).toEqual([{ cause: 'subscribe-refused', example: 'secret/x' }])
  const stranger = create({ passwordFile: passwordFileOf('nobody') }).connect(new ListenerRecorder())
  await expect(stranger).rejects.toMatchObject({ kind: 'forbidden', code: 'mqtt-json.broker-refused' })
  const curious = create({ topics: 'secret/#' }).connect(new ListenerRecorder())
  await expect(curious).rejects.toMatchObject({ kind: 'forbidden', code: 'mqtt-json.subscribe-refused' })
})

test('[SR-3.1] by TLS only a broker whose certificate is trusted is spoken to', async () => {
  const key = join(home, 'key.pem')
  const cert = join(home, 'cert.pem')
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
      ],
      ...['-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  )
  const secured = await PlantBroker.start({ tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } })
  try {
    const endpoint = `mqtts://127.0.0.1:${secured.broker.port}`
    await expect(create({}, endpoint).connect(new ListenerRecorder())).rejects.toMatchObject({ kind: 'unavailable' })
    const heard = new ListenerRecorder()
    const driver = create({ caFile: cert }, endpoint)
    await driver.connect(heard)
    await driver.subscribe([tagOf('room/tls:v')])
    await secured.say('room/tls', '{"v":3}')
    await heard.untilValue('room/tls:v', 3)
  } finally {
    await Promise.all(opened.splice(0).map((driver) => driver.close()))
    await secured.close()
  }
})

test('browsing shows the topics that were heard and what is in them, with addresses that work', async () => {
  const { driver } = await hear({ topics: 'torque/#' })
  await plant.say('torque/T/b:1', '{"v":1,"s":"a","list":[{"nm":2}],"odd key":true}')
  const found = async (): Promise<string[]> => {
    const items: string[] = []
    for await (const item of driver.browse('torque/T/b:1')) items.push(`${item.address} ${item.dataType}`)
    return items
  }
  await vi.waitFor(async () =>
    expect(await found()).toEqual([
      'torque/T/b%3A1:v double',
      'torque/T/b%3A1:s string',
      'torque/T/b%3A1:list[*].nm double',
      "torque/T/b%3A1:$['odd key'] boolean",
    ]),
  )
  const [sample] = await driver.read([tagOf("torque/T/b%3A1:['odd key']", 'boolean')])
  expect(sample?.value).toBe(true)
})

test.each([
  ['http://host', {}, 'endpoint'],
  ['mqtt://user:pw@host', {}, 'endpoint holds a user'],
  ['mqtt://host', { topics: 'a/#/b' }, 'topics'],
  ['mqtt://host', { user: 'x' }, 'user'],
  ['mqtt://host', { passwordFile: 'x' }, 'username'],
  ['mqtt://host', { certFile: 'x' }, 'keyFile'],
  ['mqtt://host', { time: 'a[' }, 'a['],
])('%s with %j is refused, naming %s', (endpoint, options, named) => {
  const config = { name: 'x', endpoint, options, clock: systemClock, homeDir: '/tmp' }
  expect(() => mqttJsonDriver.create(config)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(named) }),
  )
})
