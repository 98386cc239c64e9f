import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import { afterEach, expect, test, vi } from 'vitest'
import { modbusDriver } from './driver.ts'
import type { Frame } from './frame.ts'
import { encodeFrame, FrameReader, ModbusException } from './frame.ts'
import type { ModbusWrite } from './server.ts'
import { ModbusServer } from './server.ts'

const cleanups: (() => Promise<unknown> | undefined)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function deviceWith(values: Record<string, SampleValue>, config = {}): Promise<ModbusServer> {
  const server = new ModbusServer(config)
  await server.listen()
  cleanups.push(() => server.stop())
  for (const [address, value] of Object.entries(values)) server.set(address, value)
  return server
}

async function dial(endpoint: string, options: Record<string, string | number | boolean> = {}) {
  const driver = modbusDriver.create({ name: 'test', endpoint, options, clock: systemClock, homeDir: '/nowhere' })
  cleanups.push(() => driver.close())
  const heard = new ListenerRecorder()
  await driver.connect(heard)
  return { driver, heard }
}

const tagAt = (address: string, dataType: DriverTag['dataType'] = 'double', sampleMs = 20): DriverTag => ({
  tag: address,
  address,
  dataType,
  sampleMs,
})
/** The limit ends a hopeless wait, no more. */
const patience = { timeout: 15_000, interval: 20 }
const valuesOf = async (driver: Driver, tags: DriverTag[]) => (await driver.read(tags)).map((sample) => sample.value)

/** A device that answers each question by a function of the test. */
async function rogue(answer: (question: Frame, socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const reader = new FrameReader()
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const question of reader.push(chunk)) answer(question, socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const wordAnswer = (question: Frame, word: number, change: Partial<Frame> = {}): Uint8Array =>
  encodeFrame({ ...question, pdu: Uint8Array.of(3, 2, word >> 8, word & 0xff), ...change })

test('all four tables are read, each value in the type its tag asks for', async () => {
  const server = await deviceWith({
    'holding/0/int16': -215,
    'input/0/uint32': 7,
    'coil/0': true,
    'discrete/9': true,
    'holding/9/uint16': 1,
  })
  const { driver } = await dial(server.endpoint)
  const tags = [
    tagAt('holding/0/int16'),
    tagAt('input/0/uint32', 'int64'),
    tagAt('coil/0', 'boolean'),
    tagAt('discrete/9', 'boolean'),
    tagAt('holding/9/uint16', 'boolean'),
  ]
  expect(await valuesOf(driver, tags)).toEqual([-215, 7n, true, true, true])
})

test('an unsigned value that no signed 64-bit integer holds is bad and a fault, not another number', async () => {
  const server = await deviceWith({ 'holding/0/uint64': 2n ** 64n - 1n })
  const { driver, heard } = await dial(server.endpoint)
  const [sample] = await driver.read([tagAt('holding/0/uint64', 'int64')])
  expect(sample).toMatchObject({ value: null, status: statusCode.badOutOfRange })
  expect(heard.faults[0]?.cause).toBe('int64-overflow')
})

test('one illegal register among many is isolated, and the next round asks around it', async () => {
  const server = await deviceWith(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`holding/${i < 10 ? i : i + 1}/int16`, i])),
  )
  const { driver, heard } = await dial(server.endpoint)
  const tags = Array.from({ length: 21 }, (_, i) => tagAt(`holding/${i}/int16`))
  await driver.subscribe(tags)
  const bad = await heard.untilBad('holding/10/int16')
  expect(bad.status).toBe(statusCode.badNodeIdUnknown)
  for (const [i, tag] of tags.entries()) if (i !== 10) await heard.untilValue(tag.tag, i < 10 ? i : i - 1)
  expect(heard.faults.map((fault) => fault.cause)).toContain('exception-illegal-address')
  expect(heard.lostReasons).toEqual([])
})

test('a device failure and a protected register have a status of their own', async () => {
  const server = await deviceWith({ 'holding/0/int16': 1, 'holding/1/int16': 2, 'input/0/int16': 3 })
  server.fail('holding/0/int16')
  server.protect('holding/1/int16')
  const { driver } = await dial(server.endpoint)
  expect((await driver.read([tagAt('holding/0/int16')]))[0]?.status).toBe(statusCode.badDeviceFailure)
  expect((await driver.write(tagAt('holding/1/int16'), 9)).status).toBe(statusCode.badOutOfRange)
  expect(await driver.write(tagAt('input/0/int16'), 9)).toMatchObject({
    status: statusCode.badNotWritable,
    readBack: { value: 3 },
  })
})

test('poll groups keep their own pace', async () => {
  const server = await deviceWith({ 'holding/0/int16': 1, 'holding/100/int16': 1 })
  const { driver, heard } = await dial(server.endpoint)
  await driver.subscribe([tagAt('holding/0/int16', 'double', 10), tagAt('holding/100/int16', 'double', 3_600_000)])
  await vi.waitFor(() => expect(heard.samplesOf('holding/0/int16').length).toBeGreaterThan(5), patience)
  expect(heard.samplesOf('holding/100/int16')).toHaveLength(1)
})

test('a late answer after a time-out is never taken for another register’s value: the session ends', async () => {
  const late: (() => void)[] = []
  const endpoint = await rogue((question, socket) => {
    // The first question is answered only when the second has come.
    if (late.length === 0) late.push(() => socket.write(wordAnswer(question, 111)))
    else late[0]?.()
  })
  const { driver, heard } = await dial(endpoint, { timeoutMs: 500 })
  const first = driver.read([tagAt('holding/0/int16')])
  const second = driver.read([tagAt('holding/50/int16')])
  await expect(first).rejects.toMatchObject({ kind: 'unavailable' })
  await expect(second).rejects.toMatchObject({ kind: 'unavailable' })
  expect(heard.lostReasons).toEqual(['no answer within 500 ms'])
})

test.each<[string, (question: Frame) => Uint8Array]>([
  ['another transaction', (question) => wordAnswer(question, 5, { transaction: question.transaction + 1 })],
  ['another unit', (question) => wordAnswer(question, 5, { unit: 9 })],
  ['another function', (question) => wordAnswer(question, 5, { pdu: Uint8Array.of(4, 2, 0, 5) })],
  ['more data than asked', (question) => wordAnswer(question, 5, { pdu: Uint8Array.of(3, 4, 0, 5, 0, 5) })],
  ['a false length', (question) => wordAnswer(question, 5, { pdu: Uint8Array.of(3, 2, 0) })],
  ['another protocol', () => Uint8Array.of(0, 1, 9, 9, 0, 3, 1, 3, 2)],
])('an answer with %s is a fault and ends the session, not a value', async (_title, answer) => {
  const endpoint = await rogue((question, socket) => socket.write(answer(question)))
  const { driver, heard } = await dial(endpoint, { timeoutMs: 2000 })
  await expect(driver.read([tagAt('holding/0/int16')])).rejects.toMatchObject({ kind: 'unavailable' })
  expect(heard.faults.map((fault) => fault.cause)).toEqual(['frame-malformed'])
  expect(heard.lostReasons).toHaveLength(1)
})

test('an answer that nobody asked for ends the session', async () => {
  const endpoint = await rogue((question, socket) => {
    socket.write(Buffer.concat([wordAnswer(question, 5), wordAnswer(question, 6)]))
  })
  const { driver, heard } = await dial(endpoint)
  await driver.read([tagAt('holding/0/int16')]).catch(() => {})
  await heard.untilLost()
  expect(heard.faults).toHaveLength(1)
})

test('a busy device is bad for now, tag by tag, and stays connected', async () => {
  const endpoint = await rogue((question, socket) =>
    socket.write(encodeFrame({ ...question, pdu: Uint8Array.of(0x83, 6) })),
  )
  const { driver, heard } = await dial(endpoint)
  const samples = await driver.read([tagAt('holding/0/int16'), tagAt('holding/1/int16')])
  expect(samples.map((sample) => qualityOf(sample.status))).toEqual(['bad', 'bad'])
  expect(heard.faults.map((fault) => fault.cause)).toEqual(['exception-device-busy'])
  expect(heard.lostReasons).toEqual([])
})

test.each([true, false])(
  'the server hears of each write, and can refuse it (writeMultiple %s)',
  async (writeMultiple) => {
    const writes: ModbusWrite[] = []
    const onWrite = (write: ModbusWrite): void => {
      if (write.words[0] === 13) throw new ModbusException(4)
      writes.push(write)
    }
    const server = await deviceWith({ 'holding/0/uint16': 0, 'coil/4': false }, { onWrite })
    const { driver } = await dial(server.endpoint, { writeMultiple })
    await driver.write(tagAt('holding/0/uint16'), 12)
    await driver.write(tagAt('coil/4', 'boolean'), true)
    expect((await driver.write(tagAt('holding/0/uint16'), 13)).status).toBe(statusCode.badDeviceFailure)
    expect(writes).toEqual([
      { table: 'holding', start: 0, words: [12] },
      { table: 'coil', start: 4, words: [1] },
    ])
    expect(server.get('holding/0/uint16')).toBe(12)
  },
)

test('a port in use is named', async () => {
  const server = await deviceWith({})
  await expect(new ModbusServer({ port: server.port }).listen()).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining(String(server.port)),
  })
})

test.each([
  ['udp://h:502', {}, 'udp://h:502'],
  ['tcp://h:99999', {}, 'tcp://h:99999'],
  ['tcp://h', { unit: 1 }, '"unit"'],
  ['tcp://h', { unitId: 256 }, 'unitId'],
  ['tcp://h', { timeoutMs: '5' }, 'timeoutMs'],
  ['tcp://h', { wordOrder: 'big' }, 'wordOrder'],
  ['tcp://h', { writeMultiple: 'yes' }, 'writeMultiple'],
])('endpoint %s with options %j is refused, naming %s', (endpoint, options, named) => {
  const config = {
    name: 'test',
    endpoint,
    options: options as Record<string, string>,
    clock: systemClock,
    homeDir: '/nowhere',
  }
  expect(() => modbusDriver.create(config)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(named) }),
  )
})
