import { useQuery } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { plusMs, systemClock } from '@throughline/kernel'
import type { Tag } from '@throughline/model'
import { getTrend } from '@throughline/model'
import type { QualityState, SparkPoint } from '@throughline/ui'
import { qualityStateOf } from '@throughline/ui'
import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { client } from '../door/client.ts'
import type { Line, LiveStore, Reading } from './live-store.ts'

export const LiveContext = createContext<LiveStore | undefined>(undefined)

export function useLiveStore(): LiveStore {
  const store = use(LiveContext)
  if (store === undefined) throw new Error('useLiveStore is used outside LiveContext')
  return store
}

export function useLine(): Line {
  const store = useLiveStore()
  return useSyncExternalStore(store.onLine, store.line)
}

/** The state of the line alone: unlike `useLine` it does not change with every frame. */
export function useLineState(): Line['state'] {
  const store = useLiveStore()
  return useSyncExternalStore(store.onLine, () => store.line().state)
}

/** Watches tags for as long as the component is on screen. */
export function useShown(tagIds: readonly string[], history = false): void {
  const store = useLiveStore()
  const key = tagIds.join()
  useEffect(() => store.show(key === '' ? [] : key.split(','), history), [store, key, history])
}

/** The newest reading of a tag that something on screen watches; changes at most once a painted frame. */
function useReading(tagId: string): Reading | undefined {
  const store = useLiveStore()
  const subscribe = useCallback((listener: () => void) => store.subscribe(tagId, listener), [store, tagId])
  return useSyncExternalStore(subscribe, () => store.reading(tagId))
}

/** A value that changes at most every `stepMs`, so that it can be read: the first at once, the newest in the end. */
function useAtMostEvery<Value>(value: Value, stepMs: number): Value {
  const [shown, setShown] = useState({ value, atMs: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    if (Object.is(shown.value, value)) return
    const waitMs = Math.max(0, shown.atMs + stepMs - performance.now())
    const timer = setTimeout(() => setShown({ value, atMs: performance.now() }), waitMs)
    return () => clearTimeout(timer)
  }, [value, stepMs, shown])
  return shown.value
}

/** A tag's newest reading with how far it may be trusted; `figure` is the same at reading speed (2 a second). */
export function useLiveTag(tagId: string): {
  reading: Reading | undefined
  figure: Reading | undefined
  quality: QualityState
} {
  const reading = useReading(tagId)
  const quality = qualityStateOf(reading, useLineState())
  return { reading, figure: useAtMostEvery(reading, 500), quality }
}

const sparkMs = 600_000
const tagsPerTrend = 8

/** The last ten minutes of each tag as the historian has them: the start of the sparklines. */
export function useSparkSeeds(tags: readonly Tag[]): ReadonlyMap<string, readonly SparkPoint[]> {
  const tagIds = tags.map((tag) => tag.id)
  const query = useQuery({
    queryKey: ['sparklines', tagIds],
    enabled: tagIds.length > 0,
    staleTime: sparkMs,
    queryFn: async ({ signal }) => {
      const to = systemClock.now()
      // Twice the length: a value that seldom changes was told before the line begins.
      const window = { from: plusMs(to, -2 * sparkMs), to }
      const seeds = new Map<string, readonly SparkPoint[]>()
      for (let start = 0; start < tagIds.length; start += tagsPerTrend) {
        const chunk = tagIds.slice(start, start + tagsPerTrend)
        for (const series of await client(getTrend, { tagIds: chunk, window, points: 240 }, { signal })) {
          seeds.set(series.tagId, seedOf(series))
        }
      }
      return seeds
    },
  })
  return query.data ?? noSeeds
}

const noSeeds: ReadonlyMap<string, readonly SparkPoint[]> = new Map()

interface SeedSource {
  readonly at: readonly Instant[]
  readonly average: readonly (number | null)[]
  readonly gaps: readonly { readonly from: Instant; readonly to: Instant }[]
}

/** A trend's averages as points, each gap a break. */
export function seedOf(series: SeedSource): SparkPoint[] {
  const points: SparkPoint[] = series.at.map((at, index) => ({ at, value: series.average[index] ?? null }))
  const breaks: SparkPoint[] = series.gaps.map((gap) => ({ at: gap.from, value: null }))
  return [...points, ...breaks].sort((a, b) => a.at - b.at)
}

/** History and live tail as one line: what the historian told up to the first live point, then the live points; up to `holdTo` the last value still holds. */
export function joinedSpark(
  seed: readonly SparkPoint[],
  live: readonly SparkPoint[],
  holdTo: Instant | undefined,
): readonly SparkPoint[] {
  const first = live[0]
  const joined = first === undefined ? seed : [...seed.filter((point) => point.at < first.at), ...live]
  const last = joined.at(-1)
  if (holdTo === undefined || last === undefined || last.value === null || last.at >= holdTo) return joined
  return [...joined, { at: holdTo, value: last.value }]
}
