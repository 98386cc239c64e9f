import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowseItem, Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { DomainError, systemClock } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { overflowBits, statusCode } from '@throughline/model'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { opcuaDriver } from './index.ts'
import { KillableServer } from './testing/killable-server.ts'
import type { OpcUaTestServer, ServerVariable } from './testing/server.ts'
import { startOpcUaServer, testAddressOf } from './testing/server.ts'

const patience = { timeout: 15_000, interval: 20 }
const cellCount = 60
let home: string
const drivers: Driver[] = []

function newDriver(endpoint: string, options: Record<string, number> = {}): Driver {
  const driver = opcuaDriver.create({ name: 'plc', endpoint, options, clock: systemClock, homeDir: home })
  drivers.push(driver)
  return driver
}

function tagOf(path: string, dataType: DriverTag['dataType'] = 'double', sampleMs = 50): DriverTag {
  return { tag: `tag:${path}`, address: testAddressOf(path), dataType, sampleMs }
}

/** As the historian counts: one value a tag and source instant, however often it was told. */
function distinct(samples: readonly Sample[]): Sample[] {
  return [...new Map(samples.map((sample) => [`${sample.tag} ${sample.at}`, sample])).values()]
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'throughline-opcua-'))
})
afterEach(async () => {
  await Promise.all(drivers.splice(0).map(async (driver) => await driver.close()))
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

describe('a server that dies', { timeout: 120_000 }, () => {
  let server: KillableServer

  beforeEach(async () => {
    server = new KillableServer({ homeDir: home, variables: { Count: { dataType: 'Int32', value: 0 } } })
    await server.start()
  })
  afterEach(async () => {
    await server.kill()
  })

  test('[UA-2] killed in mid-stream it is told as lost once; after a new connect every count is there, none twice', async () => {
    const count = tagOf('Count', 'int64')
    const heard = new ListenerRecorder()
    const driver = newDriver(server.endpoint)
    const stream = async (from: number, to: number): Promise<void> => {
      for (let value = from; value <= to; value++) {
        await server.set('Count', { value, sourceTime: new Date(1_760_000_000_000 + value) })
        await heard.untilValue(count.tag, BigInt(value))
      }
    }
    await driver.connect(heard)
    await driver.subscribe([count])
    await stream(1, 5)
    for (const round of [1, 2]) {
      await server.kill()
      await heard.untilLost()
      expect(heard.lostReasons).toHaveLength(round)
      await expect(driver.read([count])).rejects.toMatchObject({ kind: 'unavailable' })
      await server.start()
      await driver.connect(heard)
      await driver.subscribe([count])
      await stream(5 * round + 1, 5 * round + 5)
    }
    const counted = distinct(heard.samplesOf(count.tag)).map((sample) => sample.value)
    expect(counted.filter((value) => value !== 0n)).toEqual(Array.from({ length: 15 }, (_, index) => BigInt(index + 1)))
    expect(heard.lostReasons).toHaveLength(2)
  })

  test('[UA-2] frozen it is noticed although the connection stands, with or without tags', async () => {
    const heard = new ListenerRecorder()
    await newDriver(server.endpoint).connect(heard)
    server.freeze()
    await heard.untilLost()
    expect(heard.lostReasons).toEqual([expect.stringMatching(/^no publish response for \d+ ms$/)])
  })

  test('a value that does not change is told again and again while the server lives', async () => {
    const heard = new ListenerRecorder()
    const driver = newDriver(server.endpoint, { retellMs: 500 })
    await driver.connect(heard)
    const count = tagOf('Count', 'int64')
    await driver.subscribe([count])
    await vi.waitFor(() => expect(heard.samplesOf(count.tag).length).toBeGreaterThan(2), patience)
    const [first, ...again] = heard.samplesOf(count.tag)
    for (const sample of again) expect(sample).toMatchObject({ at: first?.at, value: first?.value, status: 0 })
    const serverAt = heard.samplesOf(count.tag).map((sample) => sample.serverAt)
    expect(serverAt.at(-1)).toBeGreaterThan(serverAt[0] ?? 0)
    expect(serverAt).toEqual(serverAt.toSorted((a, b) => a - b))
  })
})

describe('a server with narrow limits', () => {
  let server: OpcUaTestServer

  beforeAll(async () => {
    const cells = Array.from({ length: cellCount }, (_, index): [string, ServerVariable] => {
      return [`Cells/C${String(index).padStart(3, '0')}`, { dataType: 'Double', value: index }]
    })
    server = await startOpcUaServer({
      port: 0,
      homeDir: home,
      limits: { nodesPerRead: 7, itemsPerCall: 9, nodesPerBrowse: 3 },
      variables: {
        ...Object.fromEntries(cells),
        Fast: { dataType: 'Int32', value: 0 },
        Stamped: { dataType: 'Double', value: 0 },
        Label: { dataType: 'LocalizedText', value: 'a' },
      },
    })
  })
  afterAll(async () => {
    await server.close()
  })

  const cells = Array.from({ length: cellCount }, (_, index) => tagOf(`Cells/C${String(index).padStart(3, '0')}`))
  const expected = Array.from({ length: cellCount }, (_, index) => index)

  async function connected(options: Record<string, number> = {}): Promise<{ driver: Driver; heard: ListenerRecorder }> {
    const driver = newDriver(server.endpoint, options)
    const heard = new ListenerRecorder()
    await driver.connect(heard)
    return { driver, heard }
  }

  test('many tags are read and subscribed in pieces that the server takes, in the order asked', async () => {
    const { driver, heard } = await connected()
    expect((await driver.read(cells)).map((sample) => sample.value)).toEqual(expected)
    await driver.subscribe(cells)
    await vi.waitFor(() => {
      expect(cells.map(({ tag }) => heard.samplesOf(tag).at(-1)?.value)).toEqual(expected)
    }, patience)
    await driver.subscribe([])
    heard.forgetSamples()
    server.set('Cells/C000', { value: 0 })
    await driver.read(cells)
    expect(cells.flatMap(({ tag }) => heard.samplesOf(tag))).toEqual([])
  })

  test('one bad node id and one unknown namespace among many are each told once, and sink no other', async () => {
    const { driver, heard } = await connected()
    const nothing = tagOf('Cells/Nothing')
    const elsewhere = { ...tagOf('elsewhere'), address: 'nsu=urn:nowhere;s=T' }
    await driver.subscribe([...cells.slice(0, 20), nothing, elsewhere, ...cells.slice(20)])
    await vi.waitFor(() => {
      expect(cells.map(({ tag }) => heard.samplesOf(tag).at(-1)?.value)).toEqual(expected)
    }, patience)
    for (const { tag } of [nothing, elsewhere]) {
      expect(heard.samplesOf(tag)).toMatchObject([{ value: null, status: statusCode.badNodeIdUnknown }])
    }
    expect(heard.faults.map((fault) => fault.cause)).toContain('namespace-unknown')
    expect(await driver.read([elsewhere])).toMatchObject([{ value: null, status: statusCode.badNodeIdUnknown }])
  })

  test('a namespace given by its URI is found at its index', async () => {
    const { driver } = await connected()
    const named = { ...tagOf('Label', 'string'), address: 'nsu=urn:throughline:test;s=Label' }
    expect(await driver.read([named])).toMatchObject([{ tag: named.tag, value: 'a', status: 0 }])
  })

  test('the browse streams every child, over several answers, and may be left in the middle', async () => {
    const { driver } = await connected()
    const found: BrowseItem[] = []
    for await (const item of driver.browse(testAddressOf('Cells'))) found.push(item)
    expect(found.map((item) => item.address)).toEqual(cells.map((cell) => cell.address))
    expect(found[0]).toEqual({
      address: testAddressOf('Cells/C000'),
      name: 'C000',
      kind: 'variable',
      dataType: 'double',
      writable: false,
    })
    for await (const item of driver.browse(testAddressOf('Cells'))) {
      if (item.name === 'C008') break
    }
    const atRoot: string[] = []
    for await (const item of driver.browse(null)) atRoot.push(`${item.kind} ${item.name}`)
    expect(atRoot).toContain('folder Machine')
    const unknown = driver.browse(testAddressOf('Nothing'))
    await expect(unknown[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('[UA-2] a queue that overflowed shows in the status of the next sample, and as a fault', async () => {
    const { driver, heard } = await connected({ queueSize: 2, publishingMs: 250 })
    const fast = tagOf('Fast', 'int64')
    let value = 0
    const feed = setInterval(() => server.set('Fast', { value: ++value }), 10)
    try {
      await driver.subscribe([fast])
      await vi.waitFor(() => expect(heard.faults.map((fault) => fault.cause)).toContain('queue-overflow'), patience)
    } finally {
      clearInterval(feed)
    }
    const overflowed = heard.samplesOf(fast.tag).filter((sample) => (sample.status & overflowBits) === overflowBits)
    expect(overflowed[0]).toMatchObject({ status: overflowBits, value: expect.any(BigInt) })
  })

  test('a queue and a sampling interval that the server cut down are told as faults', async () => {
    const { driver, heard } = await connected({ queueSize: 10_000 })
    await driver.subscribe([tagOf('Fast', 'int64', 10)])
    expect(heard.faults).toEqual([
      { cause: 'queue-revised', example: expect.stringContaining('asked for a queue of 10000') },
      { cause: 'sampling-revised', example: expect.stringContaining('asked for 10 ms') },
    ])
  })

  test('[UA-3] status, source time and server time arrive as the server has them, subscribed and read', async () => {
    const { driver, heard } = await connected()
    const stamped = tagOf('Stamped')
    const sourceTime = new Date('2026-11-22T11:47:03.123Z')
    const serverTime = new Date('2026-11-22T11:47:04.456Z')
    server.set('Stamped', { value: 7, status: statusCode.uncertainLastUsable, sourceTime, serverTime })
    await driver.subscribe([stamped])
    const [read] = await driver.read([stamped])
    await vi.waitFor(() => expect(heard.samplesOf(stamped.tag)).not.toEqual([]), patience)
    const asHeld = {
      tag: stamped.tag,
      at: sourceTime.getTime() * 1000,
      value: 7,
      status: statusCode.uncertainLastUsable,
    }
    expect(heard.samplesOf(stamped.tag)[0]).toEqual({ ...asHeld, serverAt: serverTime.getTime() * 1000 })
    // Asked for, the value is stamped by this server at the moment of the answer.
    expect(read).toMatchObject(asHeld)
    expect(read?.serverAt).toBeGreaterThan(asHeld.at)
  })

  test('a tag that stays through a reconfiguration is told once more and goes on', async () => {
    const { driver, heard } = await connected()
    const [kept, added] = [tagOf('Cells/C002'), tagOf('Cells/C003')]
    await driver.subscribe([kept])
    await heard.untilValue(kept.tag, 2)
    heard.forgetSamples()
    await driver.subscribe([kept, added])
    await heard.untilValue(kept.tag, 2)
    await heard.untilValue(added.tag, 3)
    server.set('Cells/C002', { value: 22 })
    await heard.untilValue(kept.tag, 22)
    server.set('Cells/C002', { value: 2 })
  })

  test('a listener that fails once does not end the stream, and the failure is told', async () => {
    const driver = newDriver(server.endpoint)
    const heard = new ListenerRecorder()
    let failures = 0
    await driver.connect({
      samples(samples) {
        if (failures++ === 0) throw new Error('the buffer is full')
        heard.samples(samples)
      },
      lost: (reason) => heard.lost(reason),
      fault: (cause, example) => heard.fault(cause, example),
      document: (document) => heard.document(document),
    })
    const cell = tagOf('Cells/C004')
    await driver.subscribe([cell])
    await vi.waitFor(() => expect(failures).toBe(1), patience)
    server.set('Cells/C004', { value: 44 })
    await heard.untilValue(cell.tag, 44)
    expect(heard.faults).toContainEqual({ cause: 'notification-failed', example: 'the buffer is full' })
    expect(heard.lostReasons).toEqual([])
  })

  test('a dial that is closed at any of its steps leaves no session on the server', async () => {
    const outcomes: string[] = []
    for (let turns = 0; turns < 240; turns += 20) {
      const driver = newDriver(server.endpoint)
      const outcome = driver.connect(new ListenerRecorder()).then(
        () => 'open',
        (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
      )
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      await driver.close()
      outcomes.push(await outcome)
    }
    expect(outcomes).toContain('opcua.closed')
    expect(outcomes.filter((outcome) => outcome !== 'opcua.closed' && outcome !== 'open')).toEqual([])
    await vi.waitFor(() => expect(server.sessionCount()).toBe(0), patience)
  })
})
