import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AlarmKpis, AlarmPhilosophy, AlarmPriority, Window } from '@throughline/model'

/** When one alarm occurred, and how long each acknowledgement took: all that was shown within the window. */
export interface AlarmStream {
  readonly definitionId: Id<'AlarmDefinition'>
  readonly name: string
  readonly message: string
  readonly priority: AlarmPriority
  /** Instants, rising. */
  readonly at: Float64Array
  /** Microseconds, in no order; of those that were acknowledged. */
  readonly delays: Float64Array
}

/** An occurrence that may have stood too long. */
export interface LongStanding {
  readonly definitionId: Id<'AlarmDefinition'>
  readonly name: string
  readonly at: Instant
  readonly returnedAt: Instant | null
}

type Targets = AlarmPhilosophy['targets']

const minuteUs = 60e6
const stretchUs = 600e6
const hourUs = 3600e6
const longestUs = 400 * 24 * hourUs

/**
 * The window as far as it is over: what has not happened yet must not thin out the rates.
 * @throws DomainError `invalid` when it has not begun, or is longer than 400 days
 */
export function judgedWindow(window: Window, now: Instant): Window {
  if (window.from >= now) {
    throw new DomainError(
      'invalid',
      'alarm.kpi-window-ahead',
      'The window has not begun: choose one that starts earlier',
    )
  }
  if (window.to - window.from > longestUs) {
    throw new DomainError('invalid', 'alarm.kpi-window-too-long', 'Choose a window of at most 400 days', {
      days: Math.ceil((window.to - window.from) / (24 * hourUs)),
    })
  }
  return { from: window.from, to: Math.min(window.to, now) as Instant }
}

/** What the figures are worked out of. */
export interface AlarmEvidence {
  /** One a definition; versions of one alarm follow each other. */
  readonly streams: readonly AlarmStream[]
  readonly hidden: number
  /** Oldest first. */
  readonly standing: readonly LongStanding[]
}

/** The figures of ISA-18.2 clause 16 over `window`. */
export function alarmKpis(
  { streams, hidden, standing }: AlarmEvidence,
  { window, operators, targets }: { readonly window: Window; readonly operators: number; readonly targets: Targets },
): AlarmKpis {
  const total = streams.reduce((sum, { at }) => sum + at.length, 0)
  const stretches = countsBy(streams, window, stretchUs)
  const perOperator = stretches.map((count) => count / operators)
  const alarms = byName(streams)
  return {
    window,
    occurrences: total,
    hidden,
    perTenMinutes: {
      average: total / ((window.to - window.from) / stretchUs) / operators,
      highest: perOperator.reduce((highest, count) => Math.max(highest, count), 0),
      target: targets.perOperatorPer10Min,
    },
    flood: {
      share: perOperator.filter((count) => count >= targets.floodPer10Min).length / stretches.length,
      target: targets.floodShare,
      floods: floodsIn(stretches, window, targets.floodPer10Min * operators),
    },
    stale: staleIn(standing, window, targets.staleAfterHours),
    chattering: alarms.flatMap((alarm) => chatteringOf(alarm, targets.chatteringPerMinute)).sort(worstFirst),
    topTen: topTen(alarms, total),
    distribution: distributionOf(streams, targets),
    secondsToAcknowledge: timesToAcknowledge(streams),
    perHour: countsBy(streams, window, hourUs).map((count, index) => ({
      at: ((Math.floor(window.from / hourUs) + index) * hourUs) as Instant,
      count,
    })),
  }
}

/** Versions of one alarm are one alarm; what it says is what its newest version says. */
function byName(streams: readonly AlarmStream[]): AlarmStream[] {
  return [...Map.groupBy(streams, ({ name }) => name).values()].flatMap((versions) => {
    const newest = versions.at(-1)
    if (newest === undefined || versions.length === 1) return versions
    const at = Float64Array.from(versions.flatMap((version) => [...version.at])).sort()
    return [{ ...newest, at }]
  })
}

/** How many occurred in each stretch of clock time that the window touches. */
function countsBy(streams: readonly AlarmStream[], window: Window, lengthUs: number): number[] {
  const first = Math.floor(window.from / lengthUs)
  const counts = new Array<number>(Math.ceil(window.to / lengthUs) - first).fill(0)
  for (const { at } of streams) {
    for (const each of at) {
      const index = Math.floor(each / lengthUs) - first
      counts[index] = (counts[index] ?? 0) + 1
    }
  }
  return counts
}

/** A flood ends only below half the number that began it, so one that ebbs for a moment is one and not two (ISA-18.2, 16.5.5). */
function floodsIn(counts: readonly number[], window: Window, begins: number): AlarmKpis['flood']['floods'] {
  const floods: AlarmKpis['flood']['floods'] = []
  const first = Math.floor(window.from / stretchUs)
  let open: { index: number; occurrences: number; peak: number } | undefined
  const close = (end: number): void => {
    if (open === undefined) return
    const { index, occurrences, peak } = open
    floods.push({
      from: Math.max((first + index) * stretchUs, window.from) as Instant,
      to: Math.min((first + end) * stretchUs, window.to) as Instant,
      occurrences,
      peak,
    })
    open = undefined
  }
  for (const [index, count] of counts.entries()) {
    if (count < begins / 2) close(index)
    else if (open !== undefined) {
      open.occurrences += count
      open.peak = Math.max(open.peak, count)
    } else if (count >= begins) open = { index, occurrences: count, peak: count }
  }
  close(counts.length)
  return floods
}

/** One line an alarm, with the first time that it stood too long. */
function staleIn(standing: readonly LongStanding[], window: Window, staleAfterHours: number): AlarmKpis['stale'] {
  const first = new Map<string, LongStanding>()
  for (const each of standing) {
    const end = Math.min(each.returnedAt ?? window.to, window.to)
    const isStale = end - each.at > staleAfterHours * hourUs && end > window.from
    if (isStale && !first.has(each.name)) first.set(each.name, each)
  }
  return [...first.values()].map(({ definitionId, name, at }) => ({ definitionId, name, since: at }))
}

/** Minutes are laid from an occurrence on and do not overlap, so a burst across a full minute is not missed. */
function chatteringOf({ definitionId, name, at }: AlarmStream, limit: number): AlarmKpis['chattering'] {
  let most = 0
  let minutes = 0
  let countedUntil = Number.NEGATIVE_INFINITY
  let last = 0
  for (const [index, each] of at.entries()) {
    while (last < at.length && (at[last] ?? 0) < each + minuteUs) last += 1
    const count = last - index
    most = Math.max(most, count)
    if (count >= limit && each >= countedUntil) {
      minutes += 1
      countedUntil = each + minuteUs
    }
  }
  return most < limit ? [] : [{ definitionId, name, mostInAMinute: most, minutes }]
}

const worstFirst = (a: AlarmKpis['chattering'][number], b: AlarmKpis['chattering'][number]): number =>
  b.minutes - a.minutes || b.mostInAMinute - a.mostInAMinute || byText(a.name, b.name)

function topTen(alarms: readonly AlarmStream[], total: number): AlarmKpis['topTen'] {
  return alarms
    .map(({ definitionId, name, message, priority, at }) => {
      return { definitionId, name, message, priority, count: at.length, share: at.length / total }
    })
    .sort((a, b) => b.count - a.count || byText(a.name, b.name))
    .slice(0, 10)
}

function distributionOf(streams: readonly AlarmStream[], targets: Targets): AlarmKpis['distribution'] {
  const counts = ([1, 2, 3, 4] as const).map((priority) => ({
    priority,
    count: streams.reduce((sum, stream) => sum + (stream.priority === priority ? stream.at.length : 0), 0),
    target: targets.distribution[priority],
  }))
  const base = counts.filter(({ target }) => target > 0).reduce((sum, { count }) => sum + count, 0)
  return counts.map(({ priority, count, target }) => ({
    priority,
    count,
    share: target === 0 || base === 0 ? null : count / base,
    target,
  }))
}

function timesToAcknowledge(streams: readonly AlarmStream[]): AlarmKpis['secondsToAcknowledge'] {
  const seconds = new Float64Array(streams.reduce((sum, { delays }) => sum + delays.length, 0))
  let filled = 0
  for (const { delays } of streams) {
    seconds.set(
      delays.map((delay) => delay / 1e6),
      filled,
    )
    filled += delays.length
  }
  seconds.sort()
  return { median: quantile(seconds, 0.5), p95: quantile(seconds, 0.95) }
}

/** By linear interpolation between the two nearest (Hyndman and Fan, type 7). */
function quantile(sorted: Float64Array, share: number): number | null {
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)]
  const high = sorted[Math.ceil(place)]
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place))
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
