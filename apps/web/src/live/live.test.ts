import type { Instant } from '@throughline/kernel'
import type { LiveReading, LiveTopic } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { atMostEvery } from './at-most-every.ts'
import { keepLiveConnection } from './live-connection.ts'
import { joinedSpark, seedOf } from './live-hooks.ts'
import type { LiveStore } from './live-store.ts'
import { createLiveStore } from './live-store.ts'
import { isOfMaking } from './making-topics.ts'

const frame = (at: number, ...readings: LiveReading[]) => ({
  type: 'readings' as const,
  at: at as Instant,
  readings,
  changed: [] as LiveTopic[],
})
const reading = (tag: string, at: number, value: number | null, status: number = statusCode.good): LiveReading => [
  tag,
  at as Instant,
  value,
  status,
]

describe('the store of readings', () => {
  const paints: (() => void)[] = []
  const paint = (): void => {
    for (const run of paints.splice(0)) run()
  }
  let store: LiveStore

  beforeEach(() => {
    paints.length = 0
    store = createLiveStore((run) => paints.push(run))
  })

  test('who listens to a topic hears of it, others do not, and nobody after leaving', () => {
    const alarms = vi.fn()
    const calls = vi.fn()
    const leave = store.onTopic('alarm', alarms)
    store.onTopic('andon', calls)
    store.accept({ ...frame(1), changed: ['alarm', 'performance'] })
    leave()
    store.accept({ ...frame(2), changed: ['alarm'] })
    expect(alarms).toHaveBeenCalledTimes(1)
    expect(calls).not.toHaveBeenCalled()
  })

  test('many readings before a painted frame are one call to a listener', () => {
    const heard = vi.fn()
    store.show(['a'])
    store.subscribe('a', heard)
    store.accept(frame(1, reading('a', 1, 1)))
    store.accept(frame(2, reading('a', 2, 2)))
    expect(heard).not.toHaveBeenCalled()
    paint()
    expect(heard).toHaveBeenCalledTimes(1)
    expect(store.reading('a')?.value).toBe(2)
  })
  test('only those who show a changed tag hear of it', () => {
    const heard = vi.fn()
    store.show(['a', 'b'])
    store.subscribe('b', heard)
    store.accept(frame(1, reading('a', 1, 1)))
    paint()
    expect(heard).not.toHaveBeenCalled()
  })
  test('a tag is watched for as long as anyone shows it', () => {
    const first = store.show(['a', 'b'])
    const second = store.show(['b'])
    first()
    expect(store.watched()).toEqual(['b'])
    second()
    expect(store.watched()).toEqual([])
  })
  test('what is no longer watched is forgotten, so that it never looks alive later; what is shown again in time is kept', () => {
    const hide = store.show(['a', 'b'])
    store.accept(frame(1, reading('a', 1, 1), reading('b', 1, 1)))
    hide()
    store.show(['b'])
    store.forgetUnwatched()
    expect(store.reading('a')).toBeUndefined()
    expect(store.reading('b')?.value).toBe(1)
  })
  test('a late frame for a tag that nobody shows is left out', () => {
    store.accept(frame(1, reading('a', 1, 1)))
    expect(store.reading('a')).toBeUndefined()
  })
  test('history keeps ten minutes at a point a second, and a bad value as a break', () => {
    store.show(['a'], true)
    const second = 1e6
    for (let i = 0; i <= 1300; i++) store.accept(frame(i * second, reading('a', (i * second) / 2, i)))
    store.accept(frame(1301 * second, reading('a', 651 * second, null, statusCode.badNotConnected)))
    const points = store.history('a')
    expect(points.length).toBeLessThanOrEqual(603)
    expect(points.at(-1)).toEqual({ at: 651 * second, value: null })
    expect((points.at(-1)?.at ?? 0) - (points[1]?.at ?? 0)).toBeLessThanOrEqual(600 * second)
  })
  test('the line tells its data time at most twice a second', () => {
    const heard = vi.fn()
    store.onLine(heard)
    for (let i = 0; i < 20; i++) store.accept(frame(1e6 + i * 50_000))
    expect(heard).toHaveBeenCalledTimes(2)
    expect(store.line()).toEqual({ state: 'live', dataAt: 1.5e6 })
  })
})

class FakeSocket {
  static readonly open: FakeSocket[] = []
  readyState = 0
  readonly sent: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  constructor() {
    FakeSocket.open.push(this)
  }
  send(text: string): void {
    this.sent.push(text)
  }
  close(code = 1000): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.onclose?.({ code })
  }
  accept(): void {
    this.readyState = 1
    this.onopen?.()
  }
  tell(data: unknown): void {
    this.onmessage?.({ data: typeof data === 'string' ? data : JSON.stringify(data) })
  }
}

describe('the line to the server', () => {
  const tag = '00000000-0000-7000-8000-000000000001'
  const other = '00000000-0000-7000-8000-000000000002'
  let store: LiveStore
  let line: { close(): void }
  const onSessionEnded = vi.fn()
  const onSessionLocked = vi.fn()
  const checkSession = vi.fn()
  const socket = (): FakeSocket => FakeSocket.open.at(-1) as FakeSocket

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('WebSocket', { OPEN: 1 })
    FakeSocket.open.length = 0
    onSessionEnded.mockReset()
    onSessionLocked.mockReset()
    checkSession.mockReset()
    store = createLiveStore((run) => run())
    line = keepLiveConnection({
      store,
      openSocket: () => new FakeSocket() as unknown as WebSocket,
      nowMs: () => performance.now(),
      onSessionEnded,
      onSessionLocked,
      checkSession,
    })
  })
  afterEach(() => {
    line.close()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  test('asks for exactly what is on screen, once for many changes', () => {
    socket().accept()
    const hide = store.show([tag])
    store.show([other])
    hide()
    vi.advanceTimersByTime(60)
    expect(socket().sent.map((text) => JSON.parse(text))).toEqual([
      { type: 'watch', tags: [] },
      { type: 'watch', tags: [other] },
    ])
  })
  test('without frames the line is stale after three and offline after four seconds, and live again with the next', () => {
    socket().accept()
    socket().tell(frame(1e6))
    expect(store.line().state).toBe('live')
    vi.advanceTimersByTime(3100)
    vi.advanceTimersByTime(500)
    expect(store.line().state).toBe('stale')
    vi.advanceTimersByTime(1000)
    expect(store.line().state).toBe('offline')
    socket().tell(frame(9e6))
    expect(store.line().state).toBe('live')
  })
  test('a closed line is stale at once and is opened again within four seconds each time, with what is on screen', () => {
    store.show([tag])
    socket().accept()
    socket().tell(frame(1e6))
    socket().close(1006)
    expect(store.line().state).toBe('stale')
    for (let attempt = 2; attempt <= 6; attempt++) {
      vi.advanceTimersByTime(4000)
      expect(FakeSocket.open.length).toBeGreaterThanOrEqual(attempt)
      socket().close(1006)
    }
    vi.advanceTimersByTime(4000)
    socket().accept()
    expect(JSON.parse(socket().sent[0] ?? '')).toEqual({ type: 'watch', tags: [tag] })
  })
  test('a session that ended is told, and the line is not opened again', () => {
    socket().accept()
    socket().close(4401)
    vi.advanceTimersByTime(60_000)
    expect(onSessionEnded).toHaveBeenCalledTimes(1)
    expect(FakeSocket.open.length).toBe(1)
  })
  test('[SR-2.5] a session that is locked is told, and the line comes back by itself', () => {
    socket().accept()
    socket().close(4423)
    expect(onSessionLocked).toHaveBeenCalledTimes(1)
    expect(onSessionEnded).not.toHaveBeenCalled()
    vi.advanceTimersByTime(4000)
    expect(FakeSocket.open.length).toBe(2)
  })
  test('a line refused before it opened asks whether the session is the reason', () => {
    socket().close(1006)
    expect(checkSession).toHaveBeenCalledTimes(1)
  })
  test.each(['no json', '{"type":"other"}', '{"type":"readings","at":1,"readings":[["a",1]]}'])(
    'a frame that cannot be read (%s) ends the line instead of being half believed',
    (text) => {
      store.show([tag])
      socket().accept()
      const first = socket()
      first.tell(text)
      expect(first.readyState).toBe(3)
      vi.advanceTimersByTime(4000)
      expect(FakeSocket.open.length).toBe(2)
    },
  )
  test('never asks for more tags than the protocol allows', () => {
    store.show(Array.from({ length: 2500 }, (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`))
    socket().accept()
    expect(JSON.parse(socket().sent[0] ?? '').tags).toHaveLength(2000)
  })
})

describe('sparklines', () => {
  const at = (seconds: number): Instant => (seconds * 1e6) as Instant
  test('the historian’s part ends where the live part begins', () => {
    const seed = [1, 2, 3, 4].map((s) => ({ at: at(s), value: s }))
    const joined = joinedSpark(seed, [{ at: at(3), value: 30 }], undefined)
    expect(joined.map(({ value }) => value)).toEqual([1, 2, 30])
  })
  test('a value holds up to now, a break does not', () => {
    expect(joinedSpark([{ at: at(1), value: 5 }], [], at(9)).at(-1)).toEqual({ at: at(9), value: 5 })
    expect(joinedSpark([{ at: at(1), value: null }], [], at(9))).toHaveLength(1)
  })
  test('each gap of a trend is a break in its place', () => {
    const points = seedOf({ at: [at(1), at(5)], average: [1, 5], gaps: [{ from: at(2), to: at(4) }] })
    expect(points.map(({ value }) => value)).toEqual([1, null, 5])
  })
})

describe('asking anew', () => {
  test('many changes are one question at once and one after the pause, and none after the end', () => {
    vi.useFakeTimers()
    const run = vi.fn()
    const { ask, stop } = atMostEvery(1000, run)
    for (let i = 0; i < 5; i++) ask()
    expect(run).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1000)
    expect(run).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(5000)
    expect(run).toHaveBeenCalledTimes(2)
    ask()
    ask()
    stop()
    vi.advanceTimersByTime(5000)
    expect(run).toHaveBeenCalledTimes(3)
    vi.useRealTimers()
  })

  test('orders, lots, deviations and drills are asked anew; a drawn genealogy and a trend are not', () => {
    const names = ['execution.order.list', 'material.lot.get', 'quality.deviation.list', 'traceability.recall.get']
    expect(names.map(isOfMaking)).toEqual([true, true, true, true])
    expect(['traceability.genealogy.trace', 'historian.trend.get', 7].map(isOfMaking)).toEqual([false, false, false])
  })
})
