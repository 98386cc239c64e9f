import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mtconnectDriver } from '@throughline/driver-mtconnect'
import type { Driver } from '@throughline/edge'
import { EdgeRuntime, FaultRegistry, SampleBuffer } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { fromMs, newId, systemClock, toMs } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { decodeSampleBatch, qualityOf, sampleAt } from '@throughline/model'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { toSampleValue } from '../backfill/history.ts'
import { LiveValues } from '../live-values.ts'
import { tagsOf } from '../plant/assets.ts'
import { dataItemId, dataItemOf } from '../plant/data-items.ts'
import { plantModel } from '../plant/plant-model.ts'
import { Simulator } from '../simulator.ts'
import { MachineAgent } from './machine-agent.ts'

const wait = { timeout: 20_000, interval: 100 }
const homeDir = mkdtempSync(join(tmpdir(), 'demo-machines-'))
const epochMs = Math.floor(toMs(systemClock.now()) / 1000) * 1000 - 4 * 3_600_000
const tags = tagsOf('mtconnect')
const simulator = new Simulator({ seed: 3, epochMs, truth: { write: () => {} } })
const live = new LiveValues(simulator.values(), epochMs, {})
const machines = new MachineAgent(0, systemClock)
let driver: Driver

/** Lives on in steps of a second and shows what changed. */
function liveOn(seconds: number): void {
  for (let i = 0; i < seconds; i++) simulator.advance(simulator.atMs + 1000, live.sink)
  machines.put(live.take())
}

beforeAll(async () => {
  machines.put(tags.map((tag) => live.present(tag.index)))
  await machines.start()
  const config = { name: 'machines', endpoint: machines.endpoint, options: {}, clock: systemClock, homeDir }
  driver = mtconnectDriver.create(config)
  await driver.connect(new ListenerRecorder())
})
afterAll(async () => {
  await driver.close()
  await machines.stop()
  rmSync(homeDir, { recursive: true, force: true })
})

const driverTags = tags.map((tag) => ({
  ...{ tag: tag.path, address: dataItemId(tag), dataType: tag.definition.dataType, sampleMs: 500 },
}))

function indexOf(asset: string, name: string): number {
  return tags.find((tag) => tag.asset.id === asset && tag.definition.name === name)?.index ?? -1
}

test('every tag of the machines can be read with the value, the type and the time that the plant shows', async () => {
  liveOn(600)
  const samples = await driver.read(driverTags)
  for (const [i, tag] of tags.entries()) {
    const { value, atMs } = live.present(tag.index)
    const expected = toSampleValue(tag.index, value)
    const sample = samples[i]
    expect(qualityOf(sample?.status ?? 2 ** 31), tag.path).toBe('good')
    expect(sample?.at, tag.path).toBe(fromMs(atMs))
    const { scale } = dataItemOf(tag.definition)
    if (typeof expected === 'number') expect(Number(sample?.value) * scale, tag.path).toBeCloseTo(expected, 6)
    else expect(sample?.value, tag.path).toBe(expected)
  }
  expect(tags.length).toBe(44)
})

test('browsing finds every tag under its device, in the type that the model gives it', async () => {
  const found = new Map<string, string | null>()
  const walk = async (address: string | null): Promise<void> => {
    for await (const item of driver.browse(address)) {
      found.set(item.address, item.dataType)
      if (item.kind === 'folder') await walk(item.address)
    }
  }
  await walk(null)
  for (const tag of tags) {
    const told = found.get(dataItemId(tag))
    // An agent knows no 64-bit integers but those that the standard calls counts.
    const own = tag.definition.dataType === 'int64' ? ['int64', 'double'] : [tag.definition.dataType]
    expect([...own, tag.definition.name === 'ToolUses' ? 'string' : ''], tag.path).toContain(told)
  }
})

test('the finishing tool is an asset whose life counts up with the parts', async () => {
  const [toolId, cut] = ['ToolId', 'ToolUses'].map((name) => String(live.present(indexOf('CNC-01', name)).value))
  const address = `asset=${toolId}`
  const [asset] = await driver.read([{ tag: 'tool', address, dataType: 'string', sampleMs: 1000 }])
  const told: { children: { children: { element: string; text?: string }[] }[] } = JSON.parse(String(asset?.value))
  expect(told.children[0]?.children.find(({ element }) => element === 'ToolLife')?.text).toBe(cut)
})

test('a breakdown is a fault with the code of the controller, a worn tool a warning, and both end', async () => {
  const show = (values: Record<string, string | number>): void =>
    machines.put(Object.entries(values).map(([name, value]) => ({ ...live.present(indexOf('CNC-02', name)), value })))
  const read = async (name: string): Promise<unknown> => {
    const address = `CNC-02-${name}`
    const [sample] = await driver.read([{ tag: name, address, dataType: 'string', sampleMs: 500 }])
    return name.endsWith('@active') ? JSON.parse(String(sample?.value)) : sample?.value
  }
  show({ AlarmCode: 'SP02', SystemCondition: 'FAULT', ToolCondition: 'WARNING' })
  expect(await read('SystemCondition')).toBe('FAULT')
  const fault = { level: 'FAULT', nativeCode: 'SP02', text: 'Spindle drive overload' }
  expect(await read('SystemCondition@active')).toMatchObject([fault])
  expect(await read('ToolCondition')).toBe('WARNING')
  show({ AlarmCode: '', SystemCondition: 'NORMAL', ToolCondition: 'NORMAL' })
  expect(await read('SystemCondition@active')).toEqual([])
  expect(await read('ToolCondition')).toBe('NORMAL')
})

test('a changed tool goes, and the new one comes unused', async () => {
  const present = (name: string) => live.present(indexOf('CNC-02', name))
  const old = String(present('ToolId').value)
  machines.put([
    { ...present('ToolId'), value: 'CNC-02-T9999' },
    { ...present('ToolUses'), value: 0 },
  ])
  const assets = ['CNC-02-T9999', old].map((id) => `asset=${id}`)
  const read = await driver.read(
    assets.map((address) => ({ tag: address, address, dataType: 'string', sampleMs: 500 })),
  )
  expect(String(read[0]?.value)).toContain('"NEW"')
  expect(read[1]?.value).toBeNull()
  machines.put([present('ToolId'), present('ToolUses')])
})

test('edge runtime, driver and machines together: an hour of parts arrives complete, each once, under its own time', async () => {
  const logger = pino({ enabled: false })
  const faults = new FaultRegistry(systemClock, logger)
  const buffer = new SampleBuffer({ file: join(homeDir, 'b.sqlite'), agent: 'edge-1', clock: systemClock, faults })
  const parts = { agent: 'edge-1', driverTypes: [mtconnectDriver], clock: systemClock, buffer, faults, logger, homeDir }
  const runtime = new EdgeRuntime(parts)
  const model = plantModel({
    opcUa: 'opc.tcp://h',
    modbus: 'tcp://h',
    sparkplug: 'mqtt://h',
    mtconnect: machines.endpoint,
  })
  const connection = model.connections.find(({ driver: name }) => name === 'mtconnect')
  const sources = new Map(
    model.nodes.flatMap((node) =>
      Object.entries(node.sources).map(([name, source]) => [`${node.path}/${name}`.toLowerCase(), source]),
    ),
  )
  if (connection === undefined) throw new Error('the plant has no MTConnect connection')
  const ids = new Map(tags.map((tag) => [tag.path, newId<'Tag'>()]))
  const received = (path: string): Sample[] =>
    buffer
      .batchesAfter(0, 10_000)
      .flatMap(({ bytes }) => {
        const batch = decodeSampleBatch(bytes)
        return Array.from({ length: batch.count }, (_, row) => sampleAt(batch, row))
      })
      .filter((sample) => sample.tag === ids.get(path))
  const count = tags.find(({ asset, definition }) => asset.id === 'CNC-02' && definition.name === 'PartCount')
  if (count === undefined) throw new Error('CNC-02 counts no parts')
  try {
    runtime.start()
    await runtime.configure({
      version: '1',
      connections: [{ ...connection, id: newId<'Connection'>() }],
      tags: tags.map((tag) => {
        const source = sources.get(tag.path)
        const { dataType, rangeLow, rangeHigh, deadband, writable } = tag.definition
        if (source === undefined || source === null) throw new Error(`${tag.path} has no source`)
        const id = ids.get(tag.path) ?? newId<'Tag'>()
        return { id, path: tag.path, dataType, rangeLow, rangeHigh, deadband, writable, source }
      }),
    })
    await vi.waitFor(() => expect(received(count.path).length).toBeGreaterThan(0), wait)
    const before = Number(live.present(count.index).value)
    const instants: number[] = []
    // The agent keeps 8192 observations, some eight minutes of these machines.
    for (let minutes = 0; minutes < 49; minutes += 7) {
      liveOn(7 * 60)
      const { value } = live.present(count.index)
      instants.push(live.present(count.index).atMs)
      await vi.waitFor(() => expect(received(count.path).at(-1)?.value).toBe(BigInt(Number(value))), wait)
    }
    const after = Number(live.present(count.index).value)
    const told = received(count.path).filter((sample) => Number(sample.value) > before)
    expect(after - before).toBeGreaterThan(3)
    expect([...new Set(told.map((sample) => Number(sample.value)))]).toEqual(
      Array.from({ length: after - before }, (_, i) => before + 1 + i),
    )
    expect(told.every((sample) => qualityOf(sample.status) === 'good')).toBe(true)
    expect(told.at(-1)?.at).toBe(fromMs(instants.at(-1) ?? 0))
    expect(faults.list().map((fault) => fault.cause)).toEqual([])
  } finally {
    await runtime.stop()
    buffer.close()
  }
}, 90_000)
