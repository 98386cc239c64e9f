import type { Instant } from '@throughline/kernel'
import { parseInstant, plusMs, toIso, toMs } from '@throughline/kernel'
import type { ChartWindow } from '@throughline/ui'
import { z } from 'zod'

/** What the address of a trend says; everything is text that a person may write by hand. */
export const TrendSearch = z.object({
  /** Tag ids, joined by commas. */
  tags: z.string().optional(),
  /** A window that follows the clock: `15m`, `8h`, `30d`. */
  last: z.string().optional(),
  /** A fixed window, ISO 8601. */
  from: z.string().optional(),
  to: z.string().optional(),
  view: z.enum(['chart', 'table']).optional().catch(undefined),
})
export type TrendSearch = z.infer<typeof TrendSearch>

export const mostTraces = 8
const defaultLast = '1h'

/** A search made sense of. `problem` says, in words, what in the address could not be used. */
export interface TrendRequest {
  readonly tagIds: readonly string[]
  readonly window: { readonly lastMs: number; readonly last: string } | ChartWindow
  readonly problem: string | undefined
}

export function trendRequest(search: TrendSearch): TrendRequest {
  const ids = [...new Set((search.tags ?? '').split(',').filter((id) => id !== ''))]
  const uuids = ids.filter((id) => z.uuid().safeParse(id).success)
  const problems: string[] = []
  if (uuids.length < ids.length) problems.push(`${ids.length - uuids.length} of its tags are not tag ids`)
  if (uuids.length > mostTraces) problems.push(`it names ${uuids.length} tags, and a trend holds ${mostTraces}`)
  const window = windowOf(search)
  if (window === undefined)
    problems.push('its window is neither last=8h nor from and to as ISO 8601 with from before to')
  return {
    tagIds: uuids.slice(0, mostTraces),
    window: window ?? { last: defaultLast, lastMs: lastMsOf(defaultLast) ?? 3_600_000 },
    problem: problems.length === 0 ? undefined : `This link cannot be used as it is: ${problems.join('; ')}.`,
  }
}

function windowOf(search: TrendSearch): TrendRequest['window'] | undefined {
  if (search.from !== undefined || search.to !== undefined) {
    const from = parseInstant(search.from ?? '')
    const to = parseInstant(search.to ?? '')
    if (from === undefined || to === undefined || from >= to) return undefined
    return { fromMs: toMs(from), toMs: toMs(to) }
  }
  const last = search.last ?? defaultLast
  const lastMs = lastMsOf(last)
  return lastMs === undefined ? undefined : { last, lastMs }
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `8h` → milliseconds; s, m, h and d, from one second to ten years; undefined for anything else. */
export function lastMsOf(text: string): number | undefined {
  const match = /^(\d{1,5})([smhd])$/.exec(text)
  if (match === null) return undefined
  const ms = Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
  return ms >= 1000 && ms <= 3650 * unitMs.d ? ms : undefined
}

/** The window in instants; a following one ends now. */
export function instantsOf(window: TrendRequest['window'], now: Instant): { from: Instant; to: Instant } {
  if ('lastMs' in window) return { from: plusMs(now, -window.lastMs), to: now }
  return { from: (window.fromMs * 1000) as Instant, to: (window.toMs * 1000) as Instant }
}

/** A fixed window as the address carries it: to the millisecond, in UTC. */
export function searchOfWindow(window: ChartWindow): { from: string; to: string } {
  return { from: isoMs(window.fromMs), to: isoMs(window.toMs) }
}

const isoMs = (ms: number): string => `${toIso((Math.round(ms) * 1000) as Instant).slice(0, 23)}Z`
