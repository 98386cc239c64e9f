import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { fromMs, systemClock } from '@throughline/kernel'
import type { DataType } from '@throughline/model'
import { overflowBits, statusCode } from '@throughline/model'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { MtConnectAgent } from './agent/agent.ts'
import { mtconnectDriver } from './driver.ts'
import { CannedAgent, devicesDocument, errorDocument, streamsDocument } from './testing/canned-agent.ts'
import { mill } from './testing/mill.ts'

const homeDir = mkdtempSync(join(tmpdir(), 'mtconnect-'))
const opened: { close?(): Promise<void>; stop?(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await (one.close?.() ?? one.stop?.())
})
afterAll(() => rmSync(homeDir, { recursive: true, force: true }))

const eventually = <T>(condition: () => T): Promise<T> => vi.waitFor(condition, { timeout: 15_000, interval: 20 })
const start = fromMs(Date.parse('2026-11-22T10:00:00Z'))
const at = (seconds: number) => fromMs(start / 1000 + seconds * 1000)
const tag = (address: string, dataType: DataType): DriverTag => ({ tag: address, address, dataType, sampleMs: 50 })
const parts = tag('parts', 'int64')

async function driverOf(endpoint: string, options: Record<string, string | number | boolean> = {}) {
  const driver = mtconnectDriver.create({
    ...{ name: 'mill', endpoint, clock: systemClock, homeDir },
    options: { timeoutMs: 2000, heartbeatMs: 200, retellMs: 600_000, ...options },
  })
  opened.push(driver)
  const heard = new ListenerRecorder()
  await driver.connect(heard)
  return { driver, heard }
}

async function agentOf(bufferSize = 4096): Promise<MtConnectAgent> {
  const agent = new MtConnectAgent({ devices: [mill], clock: systemClock, bufferSize })
  await agent.listen()
  opened.push(agent)
  return agent
}

const valuesOf = (heard: ListenerRecorder, name: string) =>
  heard.samplesOf(name).map((sample) => (sample.value === null ? null : Number(sample.value)))
const causesOf = (heard: ListenerRecorder) => heard.faults.map((fault) => fault.cause)
const isMarked = (sample: { status: number }) => (sample.status & overflowBits) === overflowBits

test.each([true, false])(
  '[MTC-1] every change arrives once, in order, under the time of the machine (stream: %s)',
  async (stream) => {
    const agent = await agentOf()
    agent.set('mill_pc', '0', at(0))
    const { driver, heard } = await driverOf(agent.endpoint, { stream })
    await driver.subscribe([parts])
    await heard.untilValue('parts', 0n)
    for (let i = 1; i <= 50; i++) agent.set('mill_pc', String(i), at(i))
    await heard.untilValue('parts', 50n)
    const samples = heard.samplesOf('parts')
    expect(samples.map((sample) => Number(sample.value))).toEqual(Array.from({ length: 51 }, (_, i) => i))
    expect(samples.map((sample) => sample.at)).toEqual(Array.from({ length: 51 }, (_, i) => at(i)))
  },
)

test.each([true, false])(
  '[MTC-1!] a buffer that turned over unread is a fault, and the next value of what changed is marked (stream: %s)',
  async (stream) => {
    const agent = await agentOf(20)
    agent.set('mill_pc', '0', at(0))
    agent.set('mill_pgm', '0007', at(0))
    const { driver, heard } = await driverOf(agent.endpoint, { stream })
    await driver.subscribe([parts, tag('program', 'string')])
    await heard.untilValue('parts', 0n)
    // More than the buffer holds, in one turn: nobody can have asked in between.
    for (let i = 1; i <= 100; i++) agent.set('mill_pc', String(i), at(i))
    const samples = await eventually(() => {
      const found = heard.samplesOf('parts')
      expect(found.at(-1)?.value).toBe(100n)
      return found
    })
    expect(causesOf(heard)).toContain('sequence-gap')
    // 81 is the oldest that the buffer still held: from there on nothing is missing, and nothing is told twice.
    expect(samples.map((sample) => Number(sample.value))).toEqual([0, ...Array.from({ length: 20 }, (_, i) => 81 + i)])
    expect(samples.filter(isMarked).map((sample) => sample.value)).toEqual([81n])
    expect(heard.samplesOf('program')).toHaveLength(1)
  },
)

test('[MTC-1!] an agent that begins anew is looked at anew: what differs is marked, nothing is told twice', async () => {
  const agent = await agentOf()
  agent.set('mill_pc', '5', at(0))
  const { driver, heard } = await driverOf(agent.endpoint)
  await driver.subscribe([parts])
  await heard.untilValue('parts', 5n)
  agent.beginAnew()
  agent.set('mill_pc', '5', at(0))
  agent.set('mill_pc', '6', at(9))
  await eventually(() => expect(heard.samplesOf('parts').at(-1)?.value).toBe(6n))
  expect(causesOf(heard)).toContain('instance-changed')
  expect(valuesOf(heard, 'parts').filter((value) => value !== null)).toEqual([5, 6])
  agent.set('mill_pc', '7', at(10))
  await heard.untilValue('parts', 7n)
  expect(heard.lostReasons).toEqual([])
})

test('a data item that is gone when the agent begins anew is told as unknown', async () => {
  const items = ['a', 'b'].map((id) => `<DataItem id="${id}" category="EVENT" type="PART_COUNT"/>`)
  const observed = (id: string, sequence: number) => part(sequence).replace('"n"', `"${id}"`)
  const agent = await CannedAgent.start((url, times) => {
    const renewed = times > 1
    if (url.startsWith('/probe')) return { body: devicesDocument(renewed ? (items[0] ?? '') : items.join('')) }
    if (url.startsWith('/current') && !renewed)
      return { body: streamsDocument({ next: 3 }, observed('a', 1) + observed('b', 2)) }
    const anew = { next: 8, instanceId: '2' }
    return { body: streamsDocument(anew, url.startsWith('/current') ? observed('a', 7) : '') }
  })
  opened.push(agent)
  const { driver, heard } = await driverOf(agent.endpoint, { stream: false })
  await driver.subscribe([tag('a', 'int64'), tag('b', 'int64')])
  await heard.untilValue('b', 2n)
  expect(await heard.untilBad('b')).toMatchObject({ value: null, status: statusCode.badNodeIdUnknown })
  await eventually(() => expect(valuesOf(heard, 'a')).toEqual([1, 7]))
})

test('a certificate file that is not there is named before anything is dialled', async () => {
  const caFile = join(homeDir, 'nothing.pem')
  await expect(driverOf('https://127.0.0.1:1', { caFile })).rejects.toMatchObject({
    ...{ kind: 'invalid', message: expect.stringContaining(caFile) },
  })
})

test('[MTC-1!] a machine that cannot be read has no value, and says why', async () => {
  const agent = await agentOf()
  agent.set('mill_pgm', 'UNAVAILABLE', at(0))
  const { driver, heard } = await driverOf(agent.endpoint)
  await driver.subscribe([parts, tag('program', 'string'), tag('system', 'string')])
  for (const name of ['parts', 'program', 'system']) {
    const bad = await heard.untilBad(name)
    expect(bad).toMatchObject({ value: null, status: statusCode.badNoCommunication })
  }
})

test('[MTC-1] conditions pile up under one id: the worst is the value, all that are active stand in @active', async () => {
  const agent = await agentOf()
  agent.set('mill_system', { level: 'Normal' }, at(0))
  const { driver, heard } = await driverOf(agent.endpoint)
  await driver.subscribe([tag('system', 'string'), tag('system@active', 'string')])
  await heard.untilValue('system', 'NORMAL')
  agent.set('mill_system', { level: 'Warning', nativeCode: 'TL01', qualifier: 'LOW', text: 'tool life' }, at(1))
  agent.set('mill_system', { level: 'Fault', nativeCode: 'SP02', text: 'spindle' }, at(2))
  await heard.untilValue('system', 'FAULT')
  const both = await eventually(() => {
    const active: unknown[] = JSON.parse(String(heard.samplesOf('system@active').at(-1)?.value))
    expect(active).toHaveLength(2)
    return active
  })
  expect(both).toMatchObject([
    { level: 'WARNING', nativeCode: 'TL01', qualifier: 'LOW', text: 'tool life' },
    { level: 'FAULT', nativeCode: 'SP02', text: 'spindle' },
  ])
  // Who comes now sees both as well: the picture of the agent holds them side by side.
  const [late] = await driver.read([tag('system@active', 'string')])
  expect(JSON.parse(String(late?.value))).toHaveLength(2)
  agent.set('mill_system', { level: 'Normal', nativeCode: 'SP02' }, at(3))
  await eventually(() => expect(heard.samplesOf('system').at(-1)?.value).toBe('WARNING'))
  agent.set('mill_system', { level: 'Normal' }, at(4))
  await eventually(() => expect(heard.samplesOf('system@active').at(-1)?.value).toBe('[]'))
  await heard.untilValue('system', 'NORMAL')
})

test('[MTC-1] an asset is read on demand, and told again when the agent says that it changed or went', async () => {
  const agent = await agentOf()
  const tool = { assetId: 'T-7', kind: 'CuttingTool', deviceUuid: mill.uuid, attributes: { toolId: '12' } }
  const { driver, heard } = await driverOf(agent.endpoint)
  const asset = tag('asset=T-7', 'string')
  await driver.subscribe([asset, tag('asset_chg', 'string')])
  await heard.untilBad('asset=T-7')
  agent.putAsset(
    { ...tool, content: '<CuttingToolLifeCycle><ToolLife type="PART_COUNT">12</ToolLife></CuttingToolLifeCycle>' },
    at(1),
  )
  await heard.untilValue('asset_chg', 'T-7')
  const told = await eventually(() => {
    const last = heard.samplesOf('asset=T-7').at(-1)
    expect(last).toMatchObject({ at: at(1), status: statusCode.good })
    return JSON.parse(String(last?.value))
  })
  expect(told).toMatchObject({ element: 'CuttingTool', toolId: '12', children: [{ children: [{ text: '12' }] }] })
  agent.removeAsset('T-7', at(2))
  await eventually(() => expect(heard.samplesOf('asset=T-7').at(-1)?.value).toBeNull())
})

test('a way that carries no streams is polled, and that is told once', async () => {
  const items = '<DataItem id="n" category="EVENT" type="PART_COUNT"/>'
  const agent = await CannedAgent.start((url) => {
    if (url.startsWith('/probe')) return { body: devicesDocument(items) }
    if (url.startsWith('/current')) return { body: streamsDocument({ next: 2 }, part(1)) }
    const from = Number(/from=(\d+)/.exec(url)?.[1])
    return { body: streamsDocument({ next: from + 1 }, part(from)) }
  })
  opened.push(agent)
  const { driver, heard } = await driverOf(agent.endpoint)
  await driver.subscribe([tag('n', 'int64')])
  await eventually(() => expect(valuesOf(heard, 'n').slice(0, 4)).toEqual([1, 2, 3, 4]))
  expect(causesOf(heard)).toEqual(['stream-unavailable'])
})

test.each([
  ['begins and says nothing', { type: 'multipart/x-mixed-replace;boundary=b', body: '--b\r\n', endless: true }],
  ['is refused', { status: 400, body: errorDocument('UNSUPPORTED') }],
] as const)('a stream that %s is given up, and what it would have told is asked for', async (_name, answer) => {
  const items = '<DataItem id="n" category="EVENT" type="PART_COUNT"/>'
  const agent = await CannedAgent.start((url) => {
    if (url.startsWith('/probe')) return { body: devicesDocument(items) }
    if (url.startsWith('/current')) return { body: streamsDocument({ next: 2 }, part(1)) }
    if (url.includes('heartbeat=')) return answer
    const from = Number(/from=(\d+)/.exec(url)?.[1])
    return { body: streamsDocument({ next: from + 1 }, part(from)) }
  })
  opened.push(agent)
  const { driver, heard } = await driverOf(agent.endpoint, { timeoutMs: 300 })
  await driver.subscribe([tag('n', 'int64')])
  await eventually(() => expect(valuesOf(heard, 'n').slice(0, 4)).toEqual([1, 2, 3, 4]))
  expect(causesOf(heard)).toContain('stream-unavailable')
})

test('[MTC-1!] a stream that something on the way cuts off goes on where it was: nothing is lost, nothing told twice', async () => {
  const agent = await agentOf()
  agent.set('mill_pc', '0', at(0))
  const { driver, heard } = await driverOf(agent.endpoint)
  await driver.subscribe([parts])
  for (let i = 1; i <= 5; i++) {
    agent.set('mill_pc', String(10 * i), at(10 * i))
    await heard.untilValue('parts', BigInt(10 * i))
    agent.cutConnections()
    agent.set('mill_pc', String(10 * i + 1), at(10 * i + 1))
    await heard.untilValue('parts', BigInt(10 * i + 1))
  }
  expect(valuesOf(heard, 'parts')).toEqual([0, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51])
  expect(heard.lostReasons).toEqual([])
  expect(heard.samplesOf('parts').some(isMarked)).toBe(false)
})

test('a document that stays broken is passed over, and what it may have held is told as missing', async () => {
  const items = '<DataItem id="n" category="EVENT" type="PART_COUNT"/>'
  const agent = await CannedAgent.start((url, times) => {
    if (url.startsWith('/probe')) return { body: devicesDocument(items) }
    if (url.startsWith('/current'))
      return { body: streamsDocument({ next: times === 1 ? 2 : 6 }, part(times === 1 ? 1 : 5)) }
    const from = Number(/from=(\d+)/.exec(url)?.[1])
    if (from === 2) return { body: streamsDocument({ next: 6 }, '<PartCount dataItemId="n"').slice(0, 300) }
    return { body: streamsDocument({ next: from + 1 }, part(from)) }
  })
  opened.push(agent)
  const { driver, heard } = await driverOf(agent.endpoint, { stream: false })
  await driver.subscribe([tag('n', 'int64')])
  await eventually(() => expect(valuesOf(heard, 'n').slice(0, 4)).toEqual([1, 5, 6, 7]))
  expect(heard.samplesOf('n').filter(isMarked)).toHaveLength(1)
  expect(causesOf(heard)).toContain('document-malformed')
})

test('[MTC-1!] a sequence that the agent no longer has is told as a gap, also when it says so by an error document', async () => {
  const items = '<DataItem id="n" category="EVENT" type="PART_COUNT"/>'
  const agent = await CannedAgent.start((url, times) => {
    if (url.startsWith('/probe')) return { body: devicesDocument(items) }
    if (url.startsWith('/current?at=')) return { body: streamsDocument({ first: 50, next: 60 }, part(50)) }
    if (url.startsWith('/current')) {
      return {
        body: times === 1 ? streamsDocument({ next: 2 }, part(1)) : streamsDocument({ first: 50, next: 60 }, part(59)),
      }
    }
    if (url.includes('from=2&')) return { status: 404, body: errorDocument('OUT_OF_RANGE') }
    const from = Number(/from=(\d+)/.exec(url)?.[1])
    return { body: streamsDocument({ first: 50, next: from + 1 }, part(from)) }
  })
  opened.push(agent)
  const { driver, heard } = await driverOf(agent.endpoint, { stream: false })
  await driver.subscribe([tag('n', 'int64')])
  await eventually(() => expect(valuesOf(heard, 'n').slice(0, 4)).toEqual([1, 50, 51, 52]))
  expect(heard.samplesOf('n').filter(isMarked)).toHaveLength(1)
  expect(causesOf(heard)).toContain('sequence-gap')
})

test.each([
  [
    'a web page',
    { type: 'text/html', body: '<html><body>Welcome</body></html>' },
    'invalid',
    /a web page, not MTConnect/,
  ],
  ['HTTP 404', { status: 404, body: 'no' }, 'invalid', /HTTP 404/],
  ['HTTP 401', { status: 401, body: '' }, 'forbidden', /HTTP 401/],
  ['HTTP 503', { status: 503, body: '' }, 'unavailable', /HTTP 503/],
  ['an error of the agent', { status: 404, body: errorDocument('NO_DEVICE') }, 'invalid', /NO_DEVICE: told so/],
  ['another document', { body: streamsDocument({ next: 2 }, '') }, 'invalid', /MTConnectStreams, not MTConnectDevices/],
  ['a document cut off', { body: devicesDocument('').slice(0, -20) }, 'invalid', /cannot be trusted/],
  [
    'entities of its own',
    { body: `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${devicesDocument('')}` },
    'invalid',
    /DOCTYPE/,
  ],
  ['more than is read', { body: devicesDocument(' '.repeat(3000)) }, 'invalid', /larger than 2000 bytes/],
] as const)('[SR-3.5] an agent that answers %s is named', async (_name, answer, kind, message) => {
  const agent = await CannedAgent.start(() => answer)
  opened.push(agent)
  const dialled = driverOf(agent.endpoint, { maxBodyBytes: 2000 })
  await expect(dialled).rejects.toMatchObject({ name: 'DomainError', kind, message: expect.stringMatching(message) })
})

test('a device of its own path is the only one that is asked for', async () => {
  const agent = await agentOf()
  agent.set('mill_pc', '3', at(0))
  const { driver } = await driverOf(`${agent.endpoint}/MILL-1`)
  const [read] = await driver.read([tag('MILL-1/parts', 'int64')])
  expect(read?.value).toBe(3n)
  await expect(driverOf(`${agent.endpoint}/MILL-2`)).rejects.toMatchObject({ kind: 'invalid' })
})

test('a steady value is told again while the agent lives, with the time of that proof', async () => {
  const agent = await agentOf()
  agent.set('mill_pc', '3', at(0))
  const { driver, heard } = await driverOf(agent.endpoint, { retellMs: 100 })
  await driver.subscribe([parts])
  const samples = await eventually(() => {
    const found = heard.samplesOf('parts')
    expect(found.length).toBeGreaterThan(2)
    return found
  })
  expect(samples.every((sample) => sample.at === at(0) && sample.value === 3n)).toBe(true)
  expect(Number(samples.at(-1)?.serverAt)).toBeGreaterThan(Number(samples[0]?.serverAt))
})

const part = (n: number): string =>
  `<PartCount dataItemId="n" sequence="${n}" timestamp="2026-11-22T10:00:${String(n).padStart(2, '0')}Z">${n}</PartCount>`

test('asked twice at once, it follows the agent once', async () => {
  const agent = await agentOf()
  agent.set('mill_pc', '1', at(0))
  const { driver, heard } = await driverOf(agent.endpoint)
  const both: Driver = driver
  await Promise.all([both.subscribe([parts]), both.subscribe([parts])])
  agent.set('mill_pc', '2', at(1))
  await heard.untilValue('parts', 2n)
  expect(valuesOf(heard, 'parts').filter((value) => value === 2)).toHaveLength(1)
})
