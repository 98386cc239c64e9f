import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Sample } from '@throughline/model'
import { statusCode, valueKind } from '@throughline/model'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchOf, reading } from '../testing/batches.ts'
import { composeTotals, composeTrend } from '../trend/rules.ts'
import { openDuckdbStore } from './duckdb-store.ts'
import type { ReductionRequest, ResolvedBatch, SampleStore } from './sample-store.ts'

let dir: string
let store: SampleStore
const settings = () => ({ dir, memoryLimitMb: 200, threads: 1, commitEveryMs: 1 })

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'throughline-store-'))
  store = await openDuckdbStore(settings())
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

/** Every name is its own tag, of doubles. */
function resolved(agent: string, sequence: number, samples: readonly Sample[]): ResolvedBatch {
  const batch = batchOf(agent, sequence, samples)
  return { batch, targets: batch.tags, expected: new Uint8Array(batch.tags.length).fill(valueKind.double) }
}

const second = 1e6
const hour = 3600 * second
/** A whole hour. */
const origin = Math.floor(1_760_000_000 / 3600) * hour
const far = origin + 1000 * hour
const wholeWindow = Number.MAX_SAFE_INTEGER

const request = (over: Partial<ReductionRequest>): ReductionRequest => ({
  tagIds: ['tag'],
  from: origin,
  to: origin + hour,
  width: 60e6,
  level: 0,
  rawUpTo: 0,
  now: far,
  ...over,
})

/** Readings of a few hours, some bad, at distinct instants. */
const history = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 0, max: 4 * 3600 * 10 }).map((tenths) => origin + tenths * 1e5),
      value: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      bad: fc.boolean(),
      batch: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: (each) => each.at, minLength: 1, maxLength: 60 },
  )
  .map((all) => all.map((each) => ({ ...each, bad: each.bad && each.value > 0 })))

test('[AL-Ac-1!] rollups answer what raw samples answer, whatever the order of arrival and however often a batch comes', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.integer({ min: 0, max: 3 * 3600 }),
      fc.integer({ min: 1, max: 3600 }),
      async (samples, offset, length) => {
        run++
        const tag = `tag-${run}`
        const agent = `agent-${run}`
        for (let part = 0; part < 4; part++) {
          const mine = samples.filter((each) => each.batch === part)
          const batch = resolved(
            agent,
            part + 1,
            mine.map((each) => reading(tag, each.at, each.bad ? null : each.value, each.bad ? statusCode.bad : 0)),
          )
          await store.append(batch)
          // Half-way, rollups exist already: what comes later is late.
          if (part === 1) await store.rollUp(far)
          await store.append(batch)
        }
        const window = { from: origin + offset * second, to: origin + (offset + length * 3) * second }
        const ask = async (level: number, width: number) => {
          const [reduction] = await store.reduce(request({ tagIds: [tag], ...window, level, width }))
          if (reduction === undefined) throw new Error('no answer')
          return reduction
        }
        const totals = composeTotals(await ask(0, wholeWindow), window, far)
        for (const level of [1, 2, 3]) {
          expectClose(composeTotals(await ask(level, wholeWindow), window, far), totals)
        }
        expectClose(totals, expectedTotals(samples, window))
        const trend = composeTrend(await ask(0, 900e6), window, 900e6, far)
        for (const level of [1, 2]) expectClose(composeTrend(await ask(level, 900e6), window, 900e6, far), trend)
        expect(trend.gaps).toEqual(expectedGaps(samples, window))
        const { readings } = await store.listRaw(tag, origin, far, 1000)
        expect(readings.map((each) => each.at)).toEqual(samples.map((each) => each.at).sort((a, b) => a - b))
      },
    ),
    { numRuns: 15, endOnFailure: true },
  )
}, 120_000)

type Known = { at: number; value: number; bad: boolean }

/** The same numbers by hand: every sample holds to the next one. */
function expectedTotals(samples: readonly Known[], window: { from: number; to: number }) {
  const sorted = [...samples].sort((a, b) => a.at - b.at)
  let integral = 0
  let known = 0
  sorted.forEach((sample, index) => {
    const from = Math.max(sample.at, window.from)
    const to = Math.min(sorted[index + 1]?.at ?? Number.POSITIVE_INFINITY, window.to)
    if (sample.bad || to <= from) return
    integral += sample.value * (to - from)
    known += to - from
  })
  const inside = sorted.filter((each) => !each.bad && each.at >= window.from && each.at < window.to)
  const values = inside.map((each) => each.value)
  const some = values.length > 0
  return {
    min: some ? Math.min(...values) : null,
    max: some ? Math.max(...values) : null,
    first: values[0] ?? null,
    last: values.at(-1) ?? null,
    count: values.length,
    average: some ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
    timeWeightedAverage: known > 0 ? integral / known : null,
    coverage: known / (window.to - window.from),
  }
}

function expectedGaps(samples: readonly Known[], window: { from: number; to: number }) {
  const sorted = [...samples].sort((a, b) => a.at - b.at)
  const gaps: { from: number; to: number }[] = []
  let since: number | null = 0
  for (const sample of [...sorted, { at: Number.POSITIVE_INFINITY, bad: false }]) {
    if (sample.bad) since ??= sample.at
    else if (since !== null) {
      const gap = { from: Math.max(since, window.from), to: Math.min(sample.at, window.to) }
      if (gap.to > gap.from) gaps.push(gap)
      since = null
    }
  }
  return gaps
}

/** Equal, but for the last digits of sums taken in another order. */
function expectClose(actual: unknown, expected: unknown): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)))
    return
  }
  if (typeof actual !== 'object' || actual === null || typeof expected !== 'object' || expected === null) {
    expect(actual).toEqual(expected)
    return
  }
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  for (const [key, value] of Object.entries(actual)) expectClose(value, (expected as Record<string, unknown>)[key])
}

test('a sample that waits for its commit as the sample of an unknown source is moved with those that were parked before', async () => {
  await store.close()
  store = await openDuckdbStore({ ...settings(), commitEveryMs: 3_600_000 })
  const batch = batchOf('agent', 1, [reading('source', origin, 7)])
  const heard = store.append({ batch, targets: [null], expected: new Uint8Array(1) })
  expect(await store.unpark('source', 'tag', valueKind.double)).toEqual({ moved: 1 })
  expect(await heard).toMatchObject({ parked: 1, committedSequence: 1 })
  expect((await store.listRaw('tag', origin, far, 10)).readings).toMatchObject([{ at: origin, value: 7 }])
  expect(await store.listParked()).toEqual([])
})

test('who asked before the store closes is answered, and who asks behind it is refused', async () => {
  const many = 20_000
  const readings = Array.from({ length: many }, (_, index) => reading('tag', origin + index * 1e5, index))
  await store.append(resolved('agent', 1, readings))
  const asked = Array.from({ length: 20 }, () => store.listRaw('tag', origin, far, many))
  const closed = [store.close(), store.close()]
  await expect(store.listRaw('tag', origin, far, 1)).rejects.toMatchObject({ code: 'historian.stopped' })
  for (const answer of await Promise.all(asked)) expect(answer.readings).toHaveLength(many)
  await Promise.all(closed)
})

test('[AL-Enduring!, SR-7.4!] kill -9 in the middle of appends loses nothing acknowledged and doubles nothing', async () => {
  await store.close()
  const size = 100
  let acknowledged = 0
  for (let round = 0; round < 3; round++)
    acknowledged = Math.max(acknowledged, await appendUntilKilled(size, 10 + 15 * round))
  store = await openDuckdbStore(settings())
  const committed = store.start.cursors.get('agent') ?? 0
  expect(committed).toBeGreaterThanOrEqual(acknowledged)
  const { readings } = await store.listRaw('tag', 0, Number.MAX_SAFE_INTEGER - 1, 200_000)
  expect(readings).toHaveLength(committed * size)
  expect(new Set(readings.map((each) => each.at)).size).toBe(committed * size)
  expect(store.start.last.get('tag')?.at).toBe(readings.at(-1)?.at)
  const [reduction] = await store.reduce(request({ from: 0, to: far, width: wholeWindow, level: 3 }))
  expect(reduction?.segments[0]?.usable).toBe(committed * size)
}, 60_000)

/** Lets a process append until so many batches are committed, kills it, and answers the last sequence it had acknowledged. */
async function appendUntilKilled(size: number, batches: number): Promise<number> {
  const script = fileURLToPath(new URL('../testing/append-until-killed.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [script, dir, String(size)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('the child has no output')
  let heard = 0
  let acknowledged = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, sequence] = line.split(' ')
    if (word !== 'committed') continue
    acknowledged = Math.max(acknowledged, Number(sequence))
    heard++
    if (heard === batches) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return acknowledged
}

test('a second process is refused with a sentence that says what to do', async () => {
  const script = fileURLToPath(new URL('../testing/append-until-killed.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  await once(child, 'close')
  expect(complaint).toContain('historian.database-unavailable')
})

test('what arrives while a commit runs joins the next one, and every batch gets its own answer', async () => {
  const batches = Array.from({ length: 40 }, (_, index) =>
    resolved('agent', index + 1, [reading('tag', origin + index * second, index)]),
  )
  const results = await Promise.all(batches.map((batch) => store.append(batch)))
  expect(results.map((result) => result.accepted)).toEqual(batches.map(() => 1))
  expect((await store.stats()).commits).toBeLessThan(40)
})

test('two samples of one instant in one batch count once, the first one heard', async () => {
  const batch = resolved('agent', 1, [
    reading('tag', origin, 1),
    reading('tag', origin + second, 5),
    reading('tag', origin, 2),
  ])
  expect(await store.append(batch)).toMatchObject({ accepted: 2, duplicate: 1 })
  expect((await store.find('tag', origin))?.value).toBe(1)
})

test('[AL-Enduring!] a batch that cannot be stored leaves no trace', async () => {
  await store.append(resolved('agent', 1, [reading('tag', origin, 1)]))
  const broken = resolved('agent', 2, [reading('tag', origin + second, 2)])
  const refused = { ...broken, batch: { ...broken.batch, texts: undefined as never, kind: Uint8Array.of(4) } }
  await expect(store.append(refused)).rejects.toMatchObject({ code: 'historian.store-failed' })
  expect(await store.append(broken)).toMatchObject({ accepted: 1, committedSequence: 2 })
})

test('an export is whole, named only when it is, and its hash is that of the file', async () => {
  await store.append(
    resolved('agent', 1, [reading('tag', origin, 1), reading('other', origin, 2), reading('tag', origin + second, 3)]),
  )
  const exported = await store.exportParquet(['tag'], origin, far, 'a.parquet')
  const bytes = await readFile(exported.file)
  expect(exported).toMatchObject({ rows: 2, sha256: createHash('sha256').update(bytes).digest('hex') })
  expect(bytes.subarray(0, 4).toString()).toBe('PAR1')
})

test('raw samples that are dropped stay readable as minutes, and older ones are not taken again', async () => {
  const samples = Array.from({ length: 7200 }, (_, index) => reading('tag', origin + index * second, index))
  await store.append(resolved('agent', 1, samples))
  const asked = request({ from: origin, to: origin + 2 * hour, width: wholeWindow, level: 3 })
  const [before] = await store.reduce(asked)
  expect(await store.dropBefore(origin + hour, null)).toEqual({ samples: 3600 })
  const [after] = await store.reduce(asked)
  expect(after?.segments).toEqual(before?.segments)
  const fine = await store.reduce(request({ from: origin + 30 * second, to: origin + 90 * second, width: second }))
  expect(fine[0]).toMatchObject({ width: 60e6 })
  expect(fine[0]?.segments.map((segment) => segment.usable)).toEqual([60, 60])
  expect(await store.append(resolved('agent', 2, [reading('tag', origin + 1, 1)]))).toMatchObject({
    accepted: 0,
    expired: 1,
  })
  expect((await store.reduce(asked))[0]?.segments).toEqual(before?.segments)
})
