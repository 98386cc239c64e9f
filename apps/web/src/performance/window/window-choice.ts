import type { Instant } from '@throughline/kernel'
import { fromMs, parseInstant, plusMs, toIso, toMs } from '@throughline/kernel'
import type { Shift, Window } from '@throughline/model'
import { formatInstant, zoneOffsetMin } from '@throughline/ui'
import { z } from 'zod'

/** The windows that go by a name; any other is given by its ends. */
export const windowNames = ['shift', 'last-shift', 'today', 'yesterday', '7d', '30d', 'custom'] as const
export type WindowName = (typeof windowNames)[number]

/** What the address says of place, window and grouping; everything is text that a person may write by hand. */
export const ContextSearch = z.object({
  /** Path of the node; left out = all that one may see. */
  node: z.string().max(500).optional().catch(undefined),
  window: z.enum(windowNames).optional().catch(undefined),
  /** Of a window of its own: ISO 8601. */
  from: z.string().max(40).optional().catch(undefined),
  to: z.string().max(40).optional().catch(undefined),
})
export type ContextSearch = z.infer<typeof ContextSearch>

/** A window made sense of: its ends now, what people call it, and whether it moves with the clock. */
export interface ShownWindow {
  readonly window: Window
  readonly label: string
  readonly following: boolean
  /** What could not be done as asked. */
  readonly note: string | undefined
}

const dayMs = 86_400_000

/**
 * The window that a choice means now. `shifts` are those around now, oldest first: a running shift ends now, and where
 * none runs the last one stands in for it, with a note.
 */
export function shownWindow(
  search: Pick<ContextSearch, 'window' | 'from' | 'to'>,
  shifts: readonly Shift[],
  timeZone: string | undefined,
  now: Instant,
): ShownWindow {
  const begun = shifts.filter((shift) => shift.from <= now)
  const running = begun.findLast((shift) => now < shift.to)
  const finished = begun.findLast((shift) => shift.to <= now)
  switch (search.window ?? 'shift') {
    case 'shift':
      if (running !== undefined) return shown(running.from, now, `This shift: ${running.name}`, true)
      if (finished !== undefined) return { ...ofShift(finished), note: 'No shift runs now: this is the last one.' }
      return dayOf(now, timeZone, 'Today', 'No shift is planned here: this is the calendar day.')
    case 'last-shift':
      if (finished !== undefined) return ofShift(finished)
      return dayOf(plusMs(dayStart(now, timeZone), -1), timeZone, 'Yesterday', 'No shift has ended here lately.')
    case 'today':
      return dayOf(now, timeZone, 'Today')
    case 'yesterday': {
      const to = dayStart(now, timeZone)
      return shown(dayStart(plusMs(to, -1), timeZone), to, 'Yesterday', false)
    }
    case '7d':
      return shown(plusMs(now, -7 * dayMs), now, 'Last 7 days', true)
    case '30d':
      return shown(plusMs(now, -30 * dayMs), now, 'Last 30 days', true)
    case 'custom': {
      const from = parseInstant(search.from ?? '')
      const to = parseInstant(search.to ?? '')
      if (from !== undefined && to !== undefined && from < to) return shown(from, to, 'Chosen window', false)
      return dayOf(now, timeZone, 'Today', 'The window of this link has no beginning before its end: this is today.')
    }
  }
}

function ofShift(shift: Shift): ShownWindow {
  return shown(shift.from, shift.to, `Last shift: ${shift.name} of ${shift.date}`, false)
}

function dayOf(at: Instant, timeZone: string | undefined, label: string, note?: string): ShownWindow {
  const from = dayStart(at, timeZone)
  // At the stroke of midnight a window would have no length.
  return { ...shown(from, Math.max(at, from + 1_000_000) as Instant, label, true), note }
}

function shown(from: Instant, to: Instant, label: string, following: boolean): ShownWindow {
  return { window: { from, to: to > from ? to : plusMs(from, 1000) }, label, following, note: undefined }
}

/** The local midnight at or before an instant; on the days of the clock change, too. */
export function dayStart(at: Instant, timeZone: string | undefined): Instant {
  const ms = toMs(at)
  const localMidnight = Math.floor((ms + zoneOffsetMin(ms, timeZone) * 60_000) / dayMs) * dayMs
  // The offset at midnight may be another than now.
  const near = localMidnight - zoneOffsetMin(ms, timeZone) * 60_000
  return fromMs(localMidnight - zoneOffsetMin(near, timeZone) * 60_000)
}

/** `2026-11-22 14:05` on the wall clock of a zone, as people type it. */
export function localText(at: Instant, timeZone: string | undefined): string {
  return toIso(plusMs(at, zoneOffsetMin(toMs(at), timeZone) * 60_000))
    .slice(0, 16)
    .replace('T', ' ')
}

/** What a field for a local time says of itself. */
export function localHint(timeZone: string | undefined): string {
  return `Such as 2026-11-22 14:05, on the clock of ${timeZone ?? 'this device'}`
}

/** Reads `2026-11-22 14:05` (seconds or a `T` welcome) on the wall clock of a zone; an hour that comes twice is the first. */
export function localInstant(text: string, timeZone: string | undefined): Instant | undefined {
  const match = /^\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)\s*$/.exec(text)
  const asUtc = match === null ? undefined : parseInstant(`${match[1]}T${match[2]}Z`)
  if (asUtc === undefined) return undefined
  const ms = toMs(asUtc)
  const before = ms - zoneOffsetMin(ms - dayMs, timeZone) * 60_000
  const guess = ms - zoneOffsetMin(before, timeZone) * 60_000
  return fromMs(guess)
}

/** The window in words, with its offset: `22 Nov 2026 06:00:00 UTC+01:00 to …`. */
export function windowText({ from, to }: Window, timeZone: string | undefined): string {
  return `${formatInstant(from, 'record', timeZone)} to ${formatInstant(to, 'record', timeZone)}`
}

/** A custom window for the address. */
export function searchOf({ from, to }: Window): Pick<ContextSearch, 'window' | 'from' | 'to'> {
  return { window: 'custom', from: toIso(from), to: toIso(to) }
}
