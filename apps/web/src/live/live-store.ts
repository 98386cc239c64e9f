import type { Instant } from '@throughline/kernel'
import type { JsonValue, LiveFrame, LiveTopic } from '@throughline/model'
import type { LineState, SparkPoint } from '@throughline/ui'

/** One tag's newest reading as the page holds it. */
export interface Reading {
  readonly at: Instant
  readonly value: JsonValue
  readonly status: number
}

/** What the whole page knows of its line to the server. */
export interface Line {
  readonly state: LineState
  /** The server's clock at its newest frame, half a second coarse; undefined = none has come. */
  readonly dataAt: Instant | undefined
}

/**
 * The newest readings, outside React: a frame touches only what it names, and listeners hear at most once a painted
 * frame. Components say which tags they show; the sum of that is what the page watches.
 */
export interface LiveStore {
  /** Adds to what is watched until the answer is called. `history` also keeps the last ten minutes. */
  show(tagIds: readonly string[], history?: boolean): () => void
  watched(): string[]
  /**
   * Forgets what is no longer watched: the server tells it no more, so its last value would look alive later. Called
   * once the server has been told, not before: a list that scrolls leaves and enters many times in between.
   */
  forgetUnwatched(): void
  onWatched(listener: () => void): () => void
  accept(frame: LiveFrame): void
  reading(tagId: string): Reading | undefined
  subscribe(tagId: string, listener: () => void): () => void
  /** The last ten minutes of a tag shown with history, oldest first; a value that cannot be used is null. */
  history(tagId: string): readonly SparkPoint[]
  line(): Line
  setLine(state: LineState): void
  onLine(listener: () => void): () => void
  /** Hears that lists of some kind have changed on the server. */
  onTopic(topic: LiveTopic, listener: () => void): () => void
}

const historyMs = 600_000
const historyStepMs = 1000
const figureMs = 500

/** `paint` runs a function at the next painted frame. */
export function createLiveStore(paint: (run: () => void) => void): LiveStore {
  const shown = new Map<string, number>()
  const kept = new Map<string, number>()
  const readings = new Map<string, Reading>()
  const histories = new Map<string, SparkPoint[]>()
  const listeners = new Map<string, Set<() => void>>()
  const watchListeners = new Set<() => void>()
  const lineListeners = new Set<() => void>()
  const topicListeners = new Map<LiveTopic, Set<() => void>>()
  const dirty = new Set<string>()
  let painting = false
  let line: Line = { state: 'offline', dataAt: undefined }

  function tell(tagId: string): void {
    dirty.add(tagId)
    if (painting) return
    painting = true
    paint(() => {
      painting = false
      const changed = [...dirty]
      dirty.clear()
      for (const id of changed) for (const listener of listeners.get(id) ?? []) listener()
    })
  }

  function setLine(next: Line): void {
    if (next.state === line.state && next.dataAt === line.dataAt) return
    line = next
    for (const listener of lineListeners) listener()
  }

  return {
    show(tagIds, history = false) {
      for (const id of tagIds) {
        count(shown, id, 1)
        if (history) count(kept, id, 1)
      }
      for (const listener of watchListeners) listener()
      return () => {
        for (const id of tagIds) {
          count(shown, id, -1)
          if (history) count(kept, id, -1)
        }
        for (const listener of watchListeners) listener()
      }
    },
    watched: () => [...shown.keys()].sort(),
    forgetUnwatched() {
      for (const id of readings.keys()) if (!shown.has(id)) readings.delete(id)
      for (const id of histories.keys()) if (!kept.has(id)) histories.delete(id)
    },
    onWatched: (listener) => added(watchListeners, listener),
    accept(frame) {
      for (const [tagId, at, value, status] of frame.readings) {
        if (!shown.has(tagId)) continue
        readings.set(tagId, { at, value, status })
        if (kept.has(tagId)) keepPoint(histories, tagId, at, usable(value, status))
        tell(tagId)
      }
      for (const topic of frame.changed) for (const listener of topicListeners.get(topic) ?? []) listener()
      // Frames come up to twenty times a second; the data time is read by people.
      const told = line.dataAt !== undefined && frame.at - line.dataAt < figureMs * 1000 && frame.at >= line.dataAt
      if (line.state !== 'live' || !told) setLine({ state: 'live', dataAt: frame.at })
    },
    reading: (tagId) => readings.get(tagId),
    subscribe(tagId, listener) {
      const set = listeners.get(tagId) ?? new Set()
      listeners.set(tagId, set)
      set.add(listener)
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(tagId)
      }
    },
    history: (tagId) => histories.get(tagId) ?? [],
    line: () => line,
    setLine: (state) => setLine({ ...line, state }),
    onLine: (listener) => added(lineListeners, listener),
    onTopic(topic, listener) {
      const set = topicListeners.get(topic) ?? new Set()
      topicListeners.set(topic, set)
      return added(set, listener)
    },
  }
}

function usable(value: JsonValue, status: number): number | null {
  if (status >>> 30 > 1) return null
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : null
}

/** One point a second is enough for a line of 160 pixels. */
function keepPoint(histories: Map<string, SparkPoint[]>, tagId: string, at: number, value: number | null): void {
  const points = histories.get(tagId) ?? []
  histories.set(tagId, points)
  const last = points.at(-1)
  if (last !== undefined && at - last.at < historyStepMs * 1000 && (value === null) === (last.value === null)) {
    points[points.length - 1] = { at: last.at, value }
  } else {
    points.push({ at, value })
  }
  const oldest = at - historyMs * 1000
  let drop = 0
  while (drop < points.length - 1 && (points[drop + 1]?.at ?? at) < oldest) drop++
  if (drop > 0) points.splice(0, drop)
}

function count(counts: Map<string, number>, id: string, by: number): void {
  const next = (counts.get(id) ?? 0) + by
  if (next > 0) counts.set(id, next)
  else counts.delete(id)
}

function added(set: Set<() => void>, listener: () => void): () => void {
  set.add(listener)
  return () => set.delete(listener)
}
