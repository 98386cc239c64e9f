import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@throughline/kernel'
import { fromMs, systemClock } from '@throughline/kernel'
import { wireTopics } from '@throughline/model'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Config } from './config.ts'
import { DemoPlant } from './demo-plant.ts'
import { plantTags } from './plant/assets.ts'
import { ReceivingServer, tagIdOf } from './testing/receiving-server.ts'

const wait = { timeout: 45_000, interval: 50 }
const home = mkdtempSync(join(tmpdir(), 'demo-plant-'))
const log: string[] = []
let server: ReceivingServer
let config: Config

/** Real time, some hours on: the demo plant was switched off for that long. */
const later = (hours: number): Clock => ({ now: () => fromMs(systemClock.now() / 1000 + hours * 3_600_000) })

beforeAll(async () => {
  server = await ReceivingServer.start()
  writeFileSync(join(home, 'key'), `${server.apiKey}\n`)
  config = {
    ...{ home, seed: 3, speed: 1, opcUaPort: 0, modbusPort: 0, mtconnectPort: 0, account: server.account },
    ...{
      mqttUrl: server.mqttUrl,
      serverUrl: server.url,
      apiKeyFile: join(home, 'key'),
      backfillDays: 2,
      crewFile: undefined,
      gaugesTell: false,
      holdKept: false,
    },
  }
})
afterAll(async () => {
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

interface TruthLine {
  readonly type: string
  readonly [key: string]: unknown
}

const truth = (): TruthLine[] =>
  readFileSync(join(home, 'demo-plant', 'truth.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const lifeCountOf = (plant: DemoPlant, epochMs: number) => (plant.atMs - epochMs) / 1000

describe('the demo plant at work', () => {
  test('sends its past, goes on where it was stopped, and sends no committed batch a second time', async () => {
    server.patience = 3
    const first = new DemoPlant(config, systemClock, (line) => log.push(line))
    await first.start()
    await vi.waitUntil(() => server.batches.length === 3, wait)
    await first.stop()
    const stoppedAt = first.atMs
    const [begin] = truth()
    const epochMs = Number(begin?.['epoch'])
    expect(begin).toMatchObject({ type: 'plant', seed: 3 })

    server.patience = Number.POSITIVE_INFINITY
    const seenBefore = server.again
    const second = new DemoPlant(config, systemClock, (line) => log.push(line))
    expect(second.atMs).toBeGreaterThanOrEqual(stoppedAt)
    await second.start()
    await vi.waitUntil(() => log.includes('backfill 100 %, committed'), wait)
    await second.stop()
    expect(server.again).toBe(seenBefore)
    expect(server.early).toBe(0)

    const record = truth().find((line) => line.type === 'backfill')
    const counted = new Map<string, number>()
    for (const batch of server.batches) {
      for (let row = 0; row < batch.count; row++) {
        // The last instant belongs to live operation: the truth does not count it.
        if ((batch.at[row] ?? 0) >= Number(record?.['to']) * 1000) continue
        const id = batch.tags[batch.tagIndex[row] ?? -1] ?? ''
        counted.set(id, (counted.get(id) ?? 0) + 1)
      }
    }
    const expected = Object.fromEntries(plantTags.map((tag) => [tag.path, counted.get(tagIdOf(tag.index))]))
    expect(record?.['counts']).toEqual(expected)
    expect(record).toMatchObject({ from: epochMs, batches: server.batches.length })
    const newest = server.batches.at(-1)?.at.at(-1) ?? 0
    expect(newest).toBeLessThanOrEqual(Number(record?.['to']) * 1000)
    expect(lifeCountOf(second, epochMs)).toBeGreaterThan(2 * 86_400)
  }, 120_000)

  test('tells its progress to everybody, retained, up to the end', () => {
    const topic = `throughline/v1/${server.account}/progress`
    const told = server.messages
      .filter((message) => message.topic === topic)
      .map(({ payload }) => JSON.parse(payload.toString()))
    expect(told.at(-1)).toEqual({ fraction: 1, message: 'History of the demo plant is complete' })
    expect(told.length).toBeGreaterThan(5)
  })

  test('is born on Sparkplug with all its devices, and tells changes while it runs', () => {
    const topics = new Set(server.messages.map((message) => message.topic))
    for (const id of ['AGV-01', 'LAY-01', 'LAY-02', 'LAY-03']) {
      expect(topics).toContain(`spBv1.0/AERO/DBIRTH/GW-01/${id}`)
    }
    expect(topics).toContain('spBv1.0/AERO/DDATA/GW-01/AGV-01')
    expect(topics).toContain('spBv1.0/AERO/NDEATH/GW-01')
  })

  test('lives through hours of being switched off, sends nothing of the past again, and its truth has no hole', async () => {
    const batches = server.batches.length
    const plant = new DemoPlant(config, later(5), (line) => log.push(line))
    await plant.start()
    await plant.stop()
    expect(server.batches.length).toBe(batches)
    const lines = truth()
    expect(lines.filter((line) => line.type === 'plant')).toHaveLength(1)
    for (const asset of ['CUT-01', 'FIL-01', 'AGV-01']) {
      const own = lines.filter((line) => line.type === 'state' && line['asset'] === asset)
      for (let i = 1; i < own.length; i++) expect(own[i]?.['from']).toBe(own[i - 1]?.['to'])
    }
    expect(lines.findLast((line) => line.type === 'published')?.['at']).toBe(plant.atMs)
  }, 60_000)

  test('after a crash it cuts the truth that its state does not know and tells the same again', async () => {
    const path = join(home, 'demo-plant', 'truth.jsonl')
    const before = readFileSync(path)
    writeFileSync(path, '{"type":"state","asset":"CUT-01","state":"half a li', { flag: 'a' })
    const plant = new DemoPlant(config, later(5), (line) => log.push(line))
    await plant.stop()
    const after = readFileSync(path)
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    expect(() => truth()).not.toThrow()
  })

  test('a malformed acknowledgement is told once and stops nothing', async () => {
    const other = { ...config, home: join(home, 'other'), backfillDays: 0.5 }
    const lines: string[] = []
    server.batches.length = 0
    const plant = new DemoPlant(other, systemClock, (line) => lines.push(line))
    await plant.start()
    await server.say(wireTopics.acknowledgement(server.account), '{"sequence":')
    await vi.waitUntil(() => lines.includes('backfill 100 %, committed'), wait)
    await plant.stop()
    expect(lines.filter((line) => line.includes('acknowledgement-malformed')).length).toBeLessThanOrEqual(1)
  }, 60_000)

  test('with no key there is no gateway and no back-fill, and it says so', async () => {
    const { apiKeyFile: _none, ...rest } = config
    const lines: string[] = []
    const alone = { ...rest, apiKeyFile: undefined, home: join(home, 'alone'), backfillDays: 0 }
    const plant = new DemoPlant(alone, systemClock, (line) => lines.push(line))
    await plant.start()
    await plant.stop()
    expect(lines).toContain('no DEMO_API_KEY_FILE: no Sparkplug gateway and no back-fill')
  }, 60_000)
})
