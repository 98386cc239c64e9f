import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AlarmKpis, AlarmPhilosophy, AlarmPriority, Window } from '@throughline/model'

/** What the figures need of one occurrence. */
export interface JudgedOccurrence {
  readonly definitionId: Id<'AlarmDefinition'>
  readonly name: string
  readonly message: string
  readonly priority: AlarmPriority
  readonly at: Instant
  readonly acknowledgedAt: Instant | null
  readonly returnedAt: Instant | null
  readonly hidden: boolean
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

/**
 * The figures of ISA-18.2 clause 16 over `window`.
 *
 * @param occurred within the window, oldest first
 * @param standing occurred before the window and had not returned when it began
 */
export function alarmKpis(
  occurred: readonly JudgedOccurrence[],
  standing: readonly JudgedOccurrence[],
  { window, operators, targets }: { readonly window: Window; readonly operators: number; readonly targets: Targets },
): AlarmKpis {
  const shown = occurred.filter(({ hidden }) => !hidden)
  const stretches = countsBy(shown, window, stretchUs)
  const perOperator = stretches.map((count) => count / operators)
  const tenMinutes = (window.to - window.from) / stretchUs
  const byName = [...Map.groupBy(shown, ({ name }) => name).values()]
  return {
    window,
    occurrences: shown.length,
    hidden: occurred.length - shown.length,
    perTenMinutes: {
      average: shown.length / tenMinutes / operators,
      highest: perOperator.reduce((highest, count) => Math.max(highest, count), 0),
      target: targets.perOperatorPer10Min,
    },
    flood: {
      share: perOperator.filter((count) => count >= targets.floodPer10Min).length / stretches.length,
      target: targets.floodShare,
      floods: floodsIn(stretches, window, targets.floodPer10Min * operators),
    },
    stale: staleIn([...standing.filter(({ hidden }) => !hidden), ...shown], window, targets.staleAfterHours),
    chattering: byName.flatMap((group) => chatteringOf(group, targets.chatteringPerMinute)).sort(worstFirst),
    topTen: topTen(byName, shown.length),
    distribution: distributionOf(shown, targets),
    secondsToAcknowledge: timesToAcknowledge(shown),
    perHour: countsBy(shown, window, hourUs).map((count, index) => ({
      at: ((Math.floor(window.from / hourUs) + index) * hourUs) as Instant,
      count,
    })),
  }
}

/** How many occurred in each stretch of clock time that the window touches. */
function countsBy(occurrences: readonly JudgedOccurrence[], window: Window, lengthUs: number): number[] {
  const first = Math.floor(window.from / lengthUs)
  const counts = new Array<number>(Math.ceil(window.to / lengthUs) - first).fill(0)
  for (const { at } of occurrences) {
    const index = Math.floor(at / lengthUs) - first
    counts[index] = (counts[index] ?? 0) + 1
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

/** One line an alarm, with the longest it stood. */
function staleIn(
  occurrences: readonly JudgedOccurrence[],
  window: Window,
  staleAfterHours: number,
): AlarmKpis['stale'] {
  const longest = new Map<string, JudgedOccurrence>()
  for (const each of occurrences) {
    const end = Math.min(each.returnedAt ?? window.to, window.to)
    const isStale = end - each.at > staleAfterHours * hourUs && end > window.from
    if (isStale && !longest.has(each.name)) longest.set(each.name, each)
  }
  return [...longest.values()]
    .map(({ definitionId, name, at }) => ({ definitionId, name, since: at }))
    .sort((a, b) => a.since - b.since || byText(a.name, b.name))
}

/** Minutes are laid from an occurrence on and do not overlap, so a burst across a full minute is not missed. */
function chatteringOf(group: readonly JudgedOccurrence[], limit: number): AlarmKpis['chattering'] {
  let most = 0
  let minutes = 0
  let countedUntil = Number.NEGATIVE_INFINITY
  let last = 0
  for (const [index, { at }] of group.entries()) {
    while (last < group.length && (group[last]?.at ?? 0) < at + minuteUs) last += 1
    const count = last - index
    most = Math.max(most, count)
    if (count >= limit && at >= countedUntil) {
      minutes += 1
      countedUntil = at + minuteUs
    }
  }
  const newest = group.at(-1)
  if (newest === undefined || most < limit) return []
  return [{ definitionId: newest.definitionId, name: newest.name, mostInAMinute: most, minutes }]
}

const worstFirst = (a: AlarmKpis['chattering'][number], b: AlarmKpis['chattering'][number]): number =>
  b.minutes - a.minutes || b.mostInAMinute - a.mostInAMinute || byText(a.name, b.name)

function topTen(byName: readonly (readonly JudgedOccurrence[])[], total: number): AlarmKpis['topTen'] {
  return byName
    .flatMap((group) => {
      const newest = group.at(-1)
      if (newest === undefined) return []
      const { definitionId, name, message, priority } = newest
      return [{ definitionId, name, message, priority, count: group.length, share: group.length / total }]
    })
    .sort((a, b) => b.count - a.count || byText(a.name, b.name))
    .slice(0, 10)
}

function distributionOf(shown: readonly JudgedOccurrence[], targets: Targets): AlarmKpis['distribution'] {
  const counts = [1, 2, 3, 4].map((priority) => ({
    priority,
    count: shown.filter((each) => each.priority === priority).length,
    target: targets.distribution[priority as keyof Targets['distribution']],
  }))
  const base = counts.filter(({ target }) => target > 0).reduce((sum, { count }) => sum + count, 0)
  return counts.map(({ priority, count, target }) => ({
    priority,
    count,
    share: target === 0 || base === 0 ? null : count / base,
    target,
  }))
}

function timesToAcknowledge(shown: readonly JudgedOccurrence[]): AlarmKpis['secondsToAcknowledge'] {
  const seconds = Float64Array.from(
    shown.flatMap(({ at, acknowledgedAt }) => (acknowledgedAt === null ? [] : [(acknowledgedAt - at) / 1e6])),
  ).sort()
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
