import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { TagFinder } from '@throughline/historian'
import { historianModule } from '@throughline/historian'
import type { Id, Instant } from '@throughline/kernel'
import { newId, systemClock } from '@throughline/kernel'
import type { SampleBatch } from '@throughline/model'
import { getTrend, valueKind } from '@throughline/model'
import { Platform, systemActor } from '@throughline/platform'
import { createTestDatabase } from '@throughline/testkit'
import pino from 'pino'

const tagCount = 8
const days = 30
const second = 1e6
const rowsPerBatch = 5000
/** Batches on their way to the historian at once, as a broker's window would hold them. */
const inFlight = 16
const questions = 60

/** Fills 30 days of 8 tags at 1 s through the historian's own way in, then asks for all of it, 1,000 points a tag, through the door. */
export async function run(): Promise<{ p50Ms: number; p99Ms: number; rows: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  const database = await createTestDatabase({ durable: true })
  const tagIds = Array.from({ length: tagCount }, () => newId<'Tag'>())
  const log = pino({ level: 'silent' })
  const historian = historianModule({ dir, clock: systemClock, directory: finderOf(tagIds), log })
  const platform = await Platform.start(database.db, [historian.module], systemClock, log)
  try {
    await historian.open()
    const to = Math.floor(systemClock.now() / 60e6) * 60e6 - 120e6
    const from = to - days * 86_400 * second
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const rows = await fill(historian.append.bind(historian), tagIds, from)
    say(
      `event loop while filling: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`,
    )
    delay.reset()
    const ask = async (): Promise<number> => {
      const before = performance.now()
      const window = { from: from as Instant, to: to as Instant }
      const series = await platform.run(getTrend, systemActor('bench'), { tagIds, window, points: 1000 })
      const took = performance.now() - before
      const shortest = Math.min(...series.map((each) => each.at.length))
      if (shortest < 900) throw new Error(`A tag came back with ${shortest} points`)
      return took
    }
    say(`first question (rolls up what is left): ${(await ask()).toFixed(0)} ms`)
    const times: number[] = []
    for (let question = 0; question < questions; question++) times.push(await ask())
    times.sort((a, b) => a - b)
    say(`event loop while asking: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`)
    const { databaseBytes } = await historian.stats()
    say(`${(databaseBytes / rows).toFixed(1)} bytes a row, ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB resident`)
    return { p50Ms: rounded(times, 0.5), p99Ms: rounded(times, 0.99), rows }
  } finally {
    await platform.stop()
    await historian.close()
    await database.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function fill(
  append: (batch: SampleBatch) => Promise<unknown>,
  tagIds: readonly Id<'Tag'>[],
  from: number,
): Promise<number> {
  const total = days * 86_400 * tagCount
  const running = new Set<Promise<unknown>>()
  const began = performance.now()
  let told = began
  for (let row = 0, sequence = 1; row < total; row += rowsPerBatch, sequence++) {
    const sent = append(batchFrom(tagIds, from, row, Math.min(rowsPerBatch, total - row), sequence))
    const settled = sent.finally(() => running.delete(settled))
    running.add(settled)
    if (running.size >= inFlight) await Promise.race(running)
    if (performance.now() - told > 5000) {
      told = performance.now()
      say(`filling: ${((100 * row) / total).toFixed(0)} %, ${Math.round(row / ((told - began) / 1000))} rows/s`)
    }
  }
  await Promise.all(running)
  say(`filled ${total} rows, ${Math.round(total / ((performance.now() - began) / 1000))} rows/s`)
  return total
}

/** Slow waves with a little noise, so that neither envelope nor compression has it easy. */
function batchFrom(
  tagIds: readonly Id<'Tag'>[],
  from: number,
  firstRow: number,
  count: number,
  sequence: number,
): SampleBatch {
  const at = new Float64Array(count)
  const doubles = new Float64Array(count)
  const tagIndex = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    const row = firstRow + index
    const tag = row % tagCount
    const tick = (row - tag) / tagCount
    at[index] = from + tick * second
    tagIndex[index] = tag
    doubles[index] =
      Math.round((20 + tag + 5 * Math.sin(tick / (3000 + 500 * tag)) + ((row * 7919) % 100) / 200) * 100) / 100
  }
  return {
    agent: 'bench',
    sequence,
    count,
    tags: tagIds,
    texts: [],
    at,
    serverAt: at,
    doubles,
    int64s: new BigInt64Array(doubles.buffer),
    tagIndex,
    status: new Uint32Array(count),
    kind: new Uint8Array(count).fill(valueKind.double),
  }
}

function finderOf(tagIds: readonly Id<'Tag'>[]): TagFinder {
  const nodeId = newId<'EquipmentNode'>()
  const tags = new Map<string, { id: Id<'Tag'>; nodeId: Id<'EquipmentNode'>; dataType: 'double'; path: string }>(
    tagIds.map((id) => [id, { id, nodeId, dataType: 'double', path: `bench/${id}` }]),
  )
  return { find: (tagId) => tags.get(tagId), node: () => ({ parentId: null }) }
}

const rounded = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10

function say(text: string): void {
  process.stderr.write(`query: ${text}\n`)
}
