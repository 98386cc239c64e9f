import type { ThreadNode, Window } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { Direction, FoundEdge, Reach } from './found.ts'
import { listContext, listMaterialEdges, listNextLots, listSteps, listUses } from './store.ts'

type Connection = Kysely<Tables>

export interface Question {
  readonly start: ThreadNode & { readonly key: number }
  readonly direction: Direction
  readonly maxDepth: number
  readonly show: 'material' | 'all'
  readonly window: Window | undefined
  /** Of nodes. */
  readonly limit: number
}

/** Room for so many nodes; each keeps the smallest depth, because they come in the order of their depth. */
class Room {
  readonly depths = new Map<number, number>()
  readonly #limit: number
  truncated = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether so many more find room. */
  holds(more: number): boolean {
    return this.depths.size + more <= this.#limit
  }

  /** False when it was there before, or there is no room. */
  add(key: number, depth: number): boolean {
    if (this.depths.has(key)) return false
    if (this.depths.size >= this.#limit) {
      this.truncated = true
      return false
    }
    this.depths.set(key, depth)
    return true
  }
}

/** From lots to lots, each lot once, however the edges run: in a circle too. */
export async function reach(db: Connection, question: Question): Promise<Reach> {
  const { start, maxDepth, show, window, limit } = question
  const room = new Room(limit)
  room.add(start.key, 0)
  const {
    lots: seeds,
    others,
    edges,
  } = start.kind === 'lot'
    ? { lots: new Map([[start.key, 0]]), others: [], edges: [] }
    : await findTouched(db, start.key, window, maxDepth)
  if (show === 'all') for (const [key, depth] of others) room.add(key, depth)
  const followed = (await followAtOnce(db, room, seeds, question)) ?? (await followByLevel(db, room, seeds, question))
  const found = show === 'all' ? [...edges, ...followed.edges] : followed.edges
  if (show === 'all') found.push(...(await addContext(db, room, followed.lots)))
  return {
    depths: room.depths,
    edges: once(found).filter(({ from, to }) => room.depths.has(from) && room.depths.has(to)),
    truncated: room.truncated,
  }
}

interface Followed {
  readonly lots: number[]
  readonly edges: FoundEdge[]
}

/** Steps that one query walks: what is larger, or does not fit, is walked level by level. */
const mostAtOnce = 20_000

/** In one query, which is three times as fast where each way to the database and back takes its time. */
async function followAtOnce(
  db: Connection,
  room: Room,
  seeds: ReadonlyMap<number, number>,
  { direction, maxDepth }: Question,
): Promise<Followed | undefined> {
  const edges = await listSteps(db, seeds, direction, maxDepth, mostAtOnce)
  if (edges === undefined) return undefined
  const depths = new Map([...seeds].filter(([, depth]) => depth <= maxDepth))
  for (const edge of edges) {
    const far = direction === 'forward' ? edge.to : edge.from
    depths.set(far, Math.min(depths.get(far) ?? Number.POSITIVE_INFINITY, edge.depth + 1))
  }
  const fresh = [...depths].filter(([key]) => !room.depths.has(key))
  if (!room.holds(fresh.length)) return undefined
  for (const [key, depth] of fresh) room.add(key, depth)
  return { lots: [...depths.keys()], edges }
}

/** Level by level, until there is no room for more: what is nearest stays. */
async function followByLevel(
  db: Connection,
  room: Room,
  seeds: ReadonlyMap<number, number>,
  { start, direction, maxDepth }: Question,
): Promise<Followed> {
  const [lots, edges]: [number[], FoundEdge[]] = [[], []]
  for (let depth = 0, level = take(seeds, 0); level.length > 0 || hasDeeper(seeds, depth); depth += 1) {
    const here = level.filter((key) => key === start.key || room.add(key, depth))
    lots.push(...here)
    const found = depth >= maxDepth || here.length === 0 ? [] : await listMaterialEdges(db, here, direction)
    found.sort(byTime)
    edges.push(...found)
    const next = found.map(({ from, to }) => (direction === 'forward' ? to : from))
    level = [...new Set([...take(seeds, depth + 1), ...next])].filter((key) => !room.depths.has(key))
    if (room.truncated) break
  }
  return { lots, edges }
}

/** Every lot that these went into, themselves included, by depth: nothing is left out. */
export async function reachAll(db: Connection, seeds: readonly number[]): Promise<Map<number, number>> {
  const depths = new Map<number, number>()
  let level = [...new Set(seeds)]
  for (let depth = 0; level.length > 0; depth += 1) {
    for (const key of level) depths.set(key, depth)
    level = (await listNextLots(db, level, 'forward')).filter((key) => !depths.has(key))
  }
  return depths
}

/** What a piece of equipment, a person, a tool, an order and so on had to do with, down to the lots. */
export async function findTouched(
  db: Connection,
  start: number,
  window: Window | undefined,
  maxDepth = Number.POSITIVE_INFINITY,
): Promise<{ lots: Map<number, number>; others: Map<number, number>; edges: FoundEdge[] }> {
  const lots = new Map<number, number>()
  const others = new Map([[start, 0]])
  const edges: FoundEdge[] = []
  let level = [start]
  for (let depth = 1; level.length > 0 && depth <= maxDepth; depth += 1) {
    // Only the first step is in the window: what somebody did then stays what it was, however long it took.
    const found = await listUses(db, level, depth === 1 ? window : undefined)
    edges.push(...found)
    level = []
    for (const { to, isLot } of found) {
      const known = isLot ? lots : others
      if (known.has(to)) continue
      known.set(to, depth)
      if (!isLot) level.push(to)
    }
  }
  return { lots, others, edges }
}

/** The runs and inspections of the lots, what those were done with, and what hangs on that. */
async function addContext(db: Connection, room: Room, lots: readonly number[]): Promise<FoundEdge[]> {
  const edges: FoundEdge[] = []
  const asked = new Set(lots)
  for (let level: readonly number[] = lots; level.length > 0; ) {
    const found = await listContext(db, level)
    const near = ({ to }: FoundEdge): number => room.depths.get(to) ?? 0
    found.sort((a, b) => near(a) - near(b) || byTime(a, b))
    for (const edge of found) room.add(edge.from, near(edge) + 1)
    edges.push(...found)
    // Also those that were there already: what they were done with may not be.
    level = [...new Set(found.map(({ from }) => from))].filter((key) => room.depths.has(key) && !asked.has(key))
    for (const key of level) asked.add(key)
  }
  return edges
}

const take = (seeds: ReadonlyMap<number, number>, depth: number): number[] =>
  [...seeds].flatMap(([key, at]) => (at === depth ? [key] : []))

const hasDeeper = (seeds: ReadonlyMap<number, number>, depth: number): boolean =>
  [...seeds.values()].some((at) => at > depth)

const byTime = (a: FoundEdge, b: FoundEdge): number => a.at - b.at || a.from - b.from || a.to - b.to

/** One step may have been taken on the way in and again for the context. */
const once = (edges: readonly FoundEdge[]): FoundEdge[] => {
  const byWords = new Map(edges.map((edge) => [`${edge.cause} ${edge.from} ${edge.to} ${edge.kind} ${edge.at}`, edge]))
  return byWords.size === edges.length ? [...edges] : [...byWords.values()]
}
