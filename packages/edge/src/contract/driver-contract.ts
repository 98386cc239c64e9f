import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError, systemClock } from '@throughline/kernel'
import type { DataType, SampleValue } from '@throughline/model'
import { qualityOf } from '@throughline/model'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { BrowseItem, Driver, DriverTag, DriverType } from '../driver.ts'
import { eventually, ListenerRecorder } from './listener-recorder.ts'
import type { SimulatedDevice, SimulatedVariable } from './simulated-device.ts'

/** What a driver's own test tells the contract suite about its protocol and its simulated device. */
export interface DriverContract {
  readonly name: string
  readonly driverType: DriverType
  startDevice(): Promise<SimulatedDevice>
  /** One writable variable of each data type that the protocol has. Give int64 values beyond 2^53. */
  readonly variables: {
    readonly double: SimulatedVariable<number>
    readonly int64?: SimulatedVariable<bigint>
    readonly boolean?: SimulatedVariable<boolean>
    readonly string?: SimulatedVariable<string>
  }
  /** Well formed, but the device has no such thing. */
  readonly unknownAddress: string
  /** Readable, but the device refuses to be written to there. */
  readonly refusedAddress: string
  /** Texts that are no address of this protocol. */
  readonly nonsense: readonly string[]
  /** `nothing` for a protocol that cannot tell what a device has. */
  readonly browse: 'variables' | 'nothing'
  /** `nothing` for a protocol that only tells: each write must come back refused, and change nothing. */
  readonly writes?: 'variables' | 'nothing'
  /** Where to browse from, when the root holds much that is not the simulated device's. Default: the root. */
  readonly browseFrom?: string
  /** A promise of the driver must settle within this, in ms: its own time-out with ample slack. Default 10 s. */
  readonly settleMs?: number
}

/**
 * Registers the vitest cases that every driver must pass, against a simulated device that speaks the real protocol on
 * loopback. Call it at the top level of `driver.test.ts`.
 */
export function driverContract(contract: DriverContract): void {
  const { driverType, variables } = contract
  const settleMs = contract.settleMs ?? 10_000
  const writable = contract.writes !== 'nothing'
  const opened: Driver[] = []
  let device: SimulatedDevice
  let homeDir: string

  const types = Object.entries(variables).map(([dataType, variable]) => ({
    dataType: dataType as DataType,
    variable: variable as SimulatedVariable<SampleValue>,
  }))
  const [first, second, third] = variables.double.values
  const doubleTag = tagOf('tag-double', variables.double.address, 'double')
  const unknownTag = tagOf('tag-unknown', contract.unknownAddress, 'double')

  function newDriver(): Driver {
    const { endpoint, options } = device
    const driver = driverType.create({
      name: `contract-${contract.name}`,
      endpoint,
      options,
      clock: systemClock,
      homeDir,
    })
    opened.push(driver)
    return driver
  }

  async function connected(): Promise<{ driver: Driver; heard: ListenerRecorder }> {
    const driver = newDriver()
    const heard = new ListenerRecorder()
    await within(settleMs, driver.connect(heard))
    return { driver, heard }
  }

  /** Proves that the device works and that what it said before has arrived, by a session of its own. */
  async function seenByAnother(value: number): Promise<void> {
    const { driver, heard } = await connected()
    await within(settleMs, driver.subscribe([doubleTag]))
    await device.set(doubleTag.address, value)
    await heard.untilValue(doubleTag.tag, value)
    await within(settleMs, driver.close())
  }

  describe(`driver contract: ${contract.name}`, () => {
    beforeAll(async () => {
      homeDir = mkdtempSync(join(tmpdir(), 'throughline-driver-'))
      device = await contract.startDevice()
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((driver) => driver.close()))
    })
    afterAll(async () => {
      await device?.close()
      rmSync(homeDir, { recursive: true, force: true })
    })

    test('a session opens, and closing ends it on the device too', async () => {
      const { driver } = await connected()
      await eventually(async () => expect(await device.openSessions()).toBe(1))
      await within(settleMs, driver.close())
      await eventually(async () => expect(await device.openSessions()).toBe(0))
    })

    test('a device that does not listen is unavailable, and can be dialled again when it does', async () => {
      await device.stop()
      try {
        await expectUnavailable(within(settleMs, newDriver().connect(new ListenerRecorder())))
      } finally {
        await device.restart()
      }
      await seenByAnother(first)
    })

    test('a device that accepts and never answers is an error within the time-out, never a hang', async () => {
      await device.hang()
      try {
        // A protocol without a greeting cannot tell at the dial; then the first request must.
        const driver = newDriver()
        const outcome = within(settleMs, driver.connect(new ListenerRecorder())).then(() =>
          within(settleMs, driver.read([doubleTag])),
        )
        await expectUnavailable(outcome)
      } finally {
        await device.restart()
      }
    })

    test('a device that falls silent in the middle of a session holds up no read', async () => {
      const { driver } = await connected()
      await device.hang()
      try {
        const settled = await within(settleMs, Promise.allSettled([driver.read([doubleTag])]))
        const [outcome] = settled
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DomainError)
        else expect(outcome.value).toHaveLength(1)
        await within(settleMs, driver.close())
      } finally {
        await device.restart()
      }
    })

    test('asking before connect is refused with an error that can be answered', async () => {
      await expect(within(settleMs, newDriver().read([doubleTag]))).rejects.toBeInstanceOf(DomainError)
      await expect(within(settleMs, newDriver().subscribe([doubleTag]))).rejects.toBeInstanceOf(DomainError)
    })

    test('browse tells what the protocol can tell: every variable with its type, or nothing', async () => {
      const { driver } = await connected()
      await eventually(async () => {
        const found = await walk(driver, contract.browseFrom ?? null)
        if (contract.browse === 'nothing') {
          expect(found).toEqual([])
          return
        }
        for (const { dataType, variable } of types) {
          expect(found).toContainEqual(
            expect.objectContaining({ address: variable.address, kind: 'variable', dataType, writable }),
          )
        }
        for (const item of found.filter((one) => one.kind === 'variable')) driverType.checkAddress(item.address)
      })
    })

    test('a read answers in the order asked, and an unknown address is bad without sinking the others', async () => {
      const { driver } = await connected()
      for (const { variable } of types) await device.set(variable.address, variable.values[0])
      const known = types.map(({ dataType, variable }) => tagOf(`tag-${dataType}`, variable.address, dataType))
      const asked = [known[0] ?? doubleTag, unknownTag, ...known.slice(1), doubleTag]
      await eventually(async () => {
        const samples = await within(settleMs, driver.read(asked))
        expect(samples.map((sample) => sample.tag)).toEqual(asked.map((tag) => tag.tag))
        const [head, unknown, ...rest] = samples
        expect(qualityOf(unknown?.status ?? 0)).toBe('bad')
        expect(unknown?.value).toBeNull()
        expect([head, ...rest].map((sample) => sample?.value)).toEqual([
          ...types.map(({ variable }) => variable.values[0]),
          variables.double.values[0],
        ])
        for (const sample of [head, ...rest]) expect(qualityOf(sample?.status ?? 0xffffffff)).toBe('good')
      })
    })

    test('an empty read and an empty subscription are answered', async () => {
      const { driver } = await connected()
      expect(await within(settleMs, driver.read([]))).toEqual([])
      await within(settleMs, driver.subscribe([]))
    })

    test.each(types)('a $dataType arrives exactly as the device holds it, at once and at every change', async (one) => {
      const tag = tagOf('tag-any', one.variable.address, one.dataType)
      const [initial, ...changes] = one.variable.values
      await device.set(tag.address, initial)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([tag]))
      await heard.untilValue(tag.tag, initial)
      for (const value of changes) {
        await device.set(tag.address, value)
        await heard.untilValue(tag.tag, value)
      }
      const at = heard.samplesOf(tag.tag).map((sample) => sample.at)
      expect(at).toEqual(at.toSorted((a, b) => a - b))
      for (const sample of heard.samplesOf(tag.tag)) {
        expect(Number.isSafeInteger(sample.at) && Number.isSafeInteger(sample.serverAt)).toBe(true)
        expect(sample.status).toBe(sample.status >>> 0)
      }
    })

    test('an unknown tag in a subscription is reported bad and sinks no other', async () => {
      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([unknownTag, doubleTag]))
      const reported = await heard.untilBad(unknownTag.tag)
      expect(reported.value).toBeNull()
      await heard.untilValue(doubleTag.tag, first)
      await device.set(doubleTag.address, second)
      await heard.untilValue(doubleTag.tag, second)
    })

    test('a new subscription replaces the old one: tags left out are reported no more, tags kept go on', async () => {
      const dropped = { ...doubleTag, tag: 'tag-dropped' }
      const kept = { ...doubleTag, tag: 'tag-kept' }
      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([dropped]))
      await heard.untilValue(dropped.tag, first)
      await within(settleMs, driver.subscribe([kept]))
      await heard.untilValue(kept.tag, first)
      heard.forgetSamples()
      for (const value of [second, third]) {
        await device.set(doubleTag.address, value)
        await heard.untilValue(kept.tag, value)
      }
      expect(heard.samplesOf(dropped.tag)).toEqual([])
    })

    test('two tags may share one address', async () => {
      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      const twin = { ...doubleTag, tag: 'tag-twin' }
      await within(settleMs, driver.subscribe([doubleTag, twin]))
      await device.set(doubleTag.address, second)
      await heard.untilValue(doubleTag.tag, second)
      await heard.untilValue(twin.tag, second)
    })

    test('a value that the device itself calls bad keeps that quality', async (context) => {
      if (device.setBad === undefined) return context.skip('the protocol has no quality of its own')
      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([doubleTag]))
      await heard.untilValue(doubleTag.tag, first)
      await device.setBad(doubleTag.address)
      await heard.untilBad(doubleTag.tag)
      await device.set(doubleTag.address, second)
      await heard.untilValue(doubleTag.tag, second)
    })

    const promise = writable ? 'arrives at the device and is read back' : 'is refused, and the device keeps what it has'
    test.each(types)(`a written $dataType ${promise}`, async ({ dataType, variable }) => {
      const tag = tagOf('tag-written', variable.address, dataType)
      const [before, written] = variable.values
      await device.set(tag.address, before)
      const { driver } = await connected()
      await eventually(async () => expect((await driver.read([tag]))[0]?.value).toBe(before))
      const result = await within(settleMs, driver.write(tag, written))
      const held = writable ? written : before
      expect(qualityOf(result.status)).toBe(writable ? 'good' : 'bad')
      expect(result.readBack).toMatchObject({ tag: tag.tag, value: held })
      expect(await device.valueAt(tag.address)).toBe(held)
    })

    test('a write that the device refuses comes back with a bad status', async () => {
      const tag = tagOf('tag-refused', contract.refusedAddress, 'double')
      const { driver } = await connected()
      await eventually(async () => expect(qualityOf((await driver.read([tag]))[0]?.status ?? 2 ** 31)).toBe('good'))
      const before = await device.valueAt(tag.address)
      const result = await within(settleMs, driver.write(tag, second))
      expect(qualityOf(result.status)).toBe('bad')
      expect(await device.valueAt(tag.address)).toBe(before)
    })

    test('a text written where a number belongs changes nothing on the device', async () => {
      await device.set(doubleTag.address, first)
      const { driver } = await connected()
      await eventually(async () => expect((await driver.read([doubleTag]))[0]?.value).toBe(first))
      const [outcome] = await within(settleMs, Promise.allSettled([driver.write(doubleTag, 'not a number')]))
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'DomainError', kind: 'invalid' })
      else expect(qualityOf(outcome.value.status)).toBe('bad')
      expect(await device.valueAt(doubleTag.address)).toBe(first)
    })

    test('a device that stops is told as lost, once, and nothing is heard of that session afterwards', async () => {
      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([doubleTag]))
      await heard.untilValue(doubleTag.tag, first)
      await device.stop()
      try {
        await heard.untilLost()
        heard.forgetSamples()
      } finally {
        await device.restart()
      }
      await seenByAnother(second)
      await seenByAnother(third)
      expect(heard.lostReasons).toHaveLength(1)
      expect(heard.lostReasons[0]).not.toBe('')
      expect(heard.samplesOf(doubleTag.tag)).toEqual([])
    })

    test('after a loss a new driver picks the device up again', async () => {
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([doubleTag]))
      await device.stop()
      await heard.untilLost()
      await within(settleMs, driver.close())
      await device.restart()
      await seenByAnother(second)
    })

    test('close may be called twice, before connect and during it, and the listener hears nothing afterwards', async () => {
      const unused = newDriver()
      await within(settleMs, unused.close())
      const dialling = newDriver()
      const outcome = Promise.allSettled([dialling.connect(new ListenerRecorder())])
      await within(settleMs, dialling.close())
      await within(settleMs, outcome)

      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([doubleTag]))
      await heard.untilValue(doubleTag.tag, first)
      await within(settleMs, Promise.all([driver.close(), driver.close()]))
      await within(settleMs, driver.close())
      const before = heard.heard
      await seenByAnother(second)
      expect(heard.heard).toBe(before)
      await eventually(async () => expect(await device.openSessions()).toBe(0))
    })

    test('garbage from the device is counted as a fault and never a crash', async (context) => {
      if (device.sendGarbage === undefined) return context.skip('the protocol stack lets no garbage through')
      await device.set(doubleTag.address, first)
      const { driver, heard } = await connected()
      await within(settleMs, driver.subscribe([doubleTag]))
      await heard.untilValue(doubleTag.tag, first)
      await device.sendGarbage()
      await heard.untilFault()
      for (const fault of heard.faults) {
        expect(fault.cause).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
        expect(fault.example).not.toBe('')
      }
      await within(settleMs, driver.close())
      await seenByAnother(second)
    })

    test.each([...contract.nonsense])('%j is refused as an address, and the refusal names it', (text) => {
      expect(() => driverType.checkAddress(text)).toThrow(
        expect.objectContaining({ name: 'DomainError', kind: 'invalid', message: expect.stringContaining(text) }),
      )
    })

    test('the addresses of the device are accepted', () => {
      for (const { variable } of types) driverType.checkAddress(variable.address)
      driverType.checkAddress(contract.unknownAddress)
      driverType.checkAddress(contract.refusedAddress)
    })

    test('an endpoint that is no endpoint is refused before anything is dialled', () => {
      const config = { name: 'wrong', endpoint: 'not an endpoint', options: {}, clock: systemClock, homeDir }
      expect(() => driverType.create(config)).toThrow(
        expect.objectContaining({ name: 'DomainError', kind: 'invalid', message: expect.stringContaining('endpoint') }),
      )
    })
  })
}

function tagOf(tag: string, address: string, dataType: DataType): DriverTag {
  return { tag, address, dataType, sampleMs: 50 }
}

async function walk(driver: Driver, at: string | null): Promise<BrowseItem[]> {
  const found: BrowseItem[] = []
  for await (const item of driver.browse(at)) {
    found.push(item)
    if (item.kind === 'folder') found.push(...(await walk(driver, item.address)))
  }
  return found
}

/** Fails when the promise does not settle: the difference between an error and a hang. */
async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => limit.reject(new Error(`not settled within ${limitMs} ms: a hang`)), limitMs)
  try {
    return await Promise.race([promise, limit.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function expectUnavailable(outcome: Promise<unknown>): Promise<void> {
  await expect(outcome).rejects.toMatchObject({ name: 'DomainError', kind: 'unavailable' })
}
