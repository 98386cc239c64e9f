import { newId } from '@throughline/kernel'
import type { ThreadEdge } from '@throughline/model'
import { Platform } from '@throughline/platform'
import { createTestDatabase, handClock } from '@throughline/testkit'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GraphEdge } from '../graph/rules.ts'
import { lotNode } from '../graph/rules.ts'
import { putEdges, putNodes } from '../graph/store.ts'
import { traceabilityModule } from '../module.ts'
import type { Direction, Reach } from './found.ts'
import type { Question } from './reach.ts'
import { reach, reachAll } from './reach.ts'
import { findNode, listNodes } from './store.ts'

type Pair = readonly [from: number, to: number]

const database = await createTestDatabase()
let platform: Platform
beforeAll(async () => {
  const log = pino({ level: 'silent' })
  platform = await Platform.start(
    database.db,
    [traceabilityModule({ directory: { onChange: () => () => undefined } as never, quality: {} as never })],
    handClock(),
    log,
  )
})
afterAll(async () => {
  await platform.stop()
  await database.close()
})

const size = 14
const graphs = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 40 })
const depthsAndLimits = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: size }))
let made = 0

/** A graph of lots of its own in the tables: names the lot of a number, and the number of a lot. */
async function make(pairs: readonly Pair[], count = size) {
  made += 1
  const prefix = `graph-${made}-`
  const ids = Array.from({ length: count }, (_, index) => `${prefix}${index}`)
  const at = platform.clock.now()
  const nodes = ids.map((id) => ({ ...lotNode(id), label: id, detail: '', at, place: null }))
  const kind: ThreadEdge['kind'] = 'built-into'
  const edges = pairs.flatMap(([a, b]): GraphEdge[] => {
    const [from, to] = [lotNode(ids[a] ?? ''), lotNode(ids[b] ?? '')]
    return a === b ? [] : [{ from, to, kind, at, until: at, quantity: '1', shared: false, runId: null }]
  })
  await putNodes(database.db, nodes)
  await putEdges(database.db, newId<'MaterialMovement'>(), edges)
  return async (start: number, direction: Direction, more: Partial<Question> = {}) => {
    const found = await findNode(database.db, lotNode(ids[start] ?? ''))
    if (found === undefined) throw new Error('the lot is not there')
    const question = {
      start: found,
      direction,
      maxDepth: 50,
      show: 'material',
      window: undefined,
      limit: 1000,
    } as const
    const reached: Reach = await reach(database.db, { ...question, ...more })
    const named = await listNodes(database.db, [...reached.depths.keys()])
    const numbers = new Map(named.map(({ key, id }) => [key, Number(id.slice(prefix.length))]))
    const all = await reachAll(database.db, [found.key])
    return {
      depths: new Map([...reached.depths].map(([key, depth]) => [numbers.get(key), depth])),
      edges: reached.edges.map(({ from, to }) => `${numbers.get(from)}>${numbers.get(to)}`).sort(),
      truncated: reached.truncated,
      all: all.size,
    }
  }
}

/** The plainest way to say it: again and again, until nothing new comes. */
function oracle(pairs: readonly Pair[], start: number, direction: Direction, maxDepth: number) {
  const steps = pairs.filter(([a, b]) => a !== b)
  const depths = new Map([[start, 0]])
  const edges = new Set<string>()
  for (let depth = 0; depth < maxDepth; depth += 1) {
    for (const [a, b] of steps) {
      const [near, far] = direction === 'forward' ? [a, b] : [b, a]
      if (depths.get(near) !== depth) continue
      edges.add(`${a}>${b}`)
      if (!depths.has(far)) depths.set(far, depth + 1)
    }
  }
  return { depths, edges: [...edges].sort() }
}

test('[AS-8.5.2] of any graph, circles too, what is reached, how far away it is and by which edges is exact, both ways', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, fc.nat(size - 1), depthsAndLimits, async (pairs, start, [maxDepth, limit]) => {
      const ask = await make(pairs)
      for (const direction of ['backward', 'forward'] as const) {
        const { depths, edges, truncated } = await ask(start, direction, { maxDepth })
        const whole = oracle(pairs, start, direction, maxDepth)
        expect({ depths, edges, truncated }).toEqual({ ...whole, truncated: false })
        const cut = await ask(start, direction, { maxDepth, limit })
        expect(cut.truncated).toBe(whole.depths.size > limit)
        const nearest = [...whole.depths.values()].sort((a, b) => a - b).slice(0, limit)
        expect([...cut.depths.values()].sort((a, b) => a - b)).toEqual(nearest)
        for (const [lot, depth] of cut.depths) expect(depth).toBe(whole.depths.get(lot as number))
      }
      const whole = oracle(pairs, start, 'forward', size)
      expect((await ask(start, 'forward')).all).toBe(whole.depths.size)
    }),
    { numRuns: 40 },
  )
})

test('[AS-8.5.2!] an answer that would be larger than its limit says so, and holds the nearest', async () => {
  const ask = await make(
    Array.from({ length: 40 }, (_, index): Pair => [Math.floor(index / 3), index + 1]),
    41,
  )
  const cut = await ask(0, 'forward', { limit: 10 })
  expect(cut.truncated).toBe(true)
  expect(cut.depths.size).toBe(10)
  expect(Math.max(...cut.depths.values())).toBe(2)
  expect(cut.edges).toHaveLength(9)
  const exact = await ask(0, 'forward', { limit: 41 })
  expect(exact).toMatchObject({ truncated: false, all: 41 })
  expect(exact.depths.size).toBe(41)
})
