import type { Id, Instant } from '@throughline/kernel'
import { DomainError, plusMs, toMs } from '@throughline/kernel'
import type { AlarmCall, AlarmRoster } from '@throughline/model'
import { Temporal } from 'temporal-polyfill'

/** A call before it has an id. */
export interface PlannedCall extends Pick<AlarmCall, 'rosterId' | 'step' | 'by' | 'dueAt'> {
  readonly address: string
  /** The same for all ways of writing the address. */
  readonly addressKey: string
}

const lateAfterUs = 600e6
/** How long a call for an alarm that is heard of late waits for what comes right behind it. */
const lateWaitMs = 60_000

/**
 * Whether the roster's hours hold at this instant, by the clock on the wall there: hours that end before they begin run over
 * midnight, and a night in which the clock is turned is as long as it is.
 */
export function isOnDuty({ timeZone, hours }: Pick<AlarmRoster, 'timeZone' | 'hours'>, at: Instant): boolean {
  if (hours.length === 0) return true
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(toMs(at))).toZonedDateTimeISO(timeZone)
  const today = local.dayOfWeek
  const yesterday = today === 1 ? 7 : today - 1
  const now = local.hour * 60 + local.minute
  return hours.some(({ days, start, end }) => {
    const [from, to] = [minutesOf(start), minutesOf(end)]
    if (from < to) return days.includes(today) && from <= now && now < to
    return (days.includes(today) && now >= from) || (days.includes(yesterday) && now < to)
  })
}

function minutesOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * 60 + minute
}

/**
 * Whom these rosters call for an alarm, and when, soonest first: everybody once, at the earliest moment that any step names.
 * An alarm that is heard of long after it occurred waits a minute: what ended it may stand right behind it in the buffer.
 */
export function plannedCalls(
  rosters: readonly AlarmRoster[],
  alarm: { readonly priority: number; readonly at: Instant },
  heardAt: Instant,
): PlannedCall[] {
  const first = heardAt - alarm.at > lateAfterUs ? plusMs(heardAt, lateWaitMs) : heardAt
  const planned = new Map<string, PlannedCall>()
  const all = rosters
    .filter((roster) => roster.active && alarm.priority <= roster.priority && isOnDuty(roster, heardAt))
    .flatMap((roster) => callsOf(roster, first))
    .sort((a, b) => a.dueAt - b.dueAt)
  for (const call of all) {
    const whom = `${call.by} ${call.addressKey}`
    if (!planned.has(whom)) planned.set(whom, call)
  }
  return [...planned.values()]
}

function callsOf({ id, steps }: AlarmRoster, first: Instant): PlannedCall[] {
  let dueAt = first
  return steps.flatMap((step, index) => {
    const due = { rosterId: id, step: index, dueAt }
    dueAt = plusMs(dueAt, step.afterSeconds * 1000)
    return [
      ...step.emails.map((address) => ({
        ...due,
        by: 'e-mail' as const,
        address,
        addressKey: address.toLowerCase(),
      })),
      ...step.webhooks.map((address) => ({ ...due, by: 'webhook' as const, address, addressKey: address })),
    ]
  })
}

/**
 * Whether somebody can be called by it.
 * @throws DomainError `invalid`
 */
export function assertRoster({
  timeZone,
  steps,
}: {
  readonly timeZone: string
  readonly steps: AlarmRoster['steps']
}): void {
  if (!isTimeZone(timeZone)) {
    throw wrong('timeZone', `"${timeZone}" is no name of a time zone: write it like Europe/Berlin`)
  }
  const empty = steps.findIndex(({ emails, webhooks }) => emails.length + webhooks.length === 0)
  if (empty >= 0) throw wrong(`steps.${empty}`, `Step ${empty + 1} calls nobody: give it an address, or leave it out`)
}

/** A fixed offset is none: it would be wrong for half of the year. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid', 'alarm.roster-invalid', message, { fields: [{ path, message }] })

/** @throws DomainError `not-found` */
export function assertKnown<T>(found: T | undefined, what: string, id: Id<string>): asserts found is T {
  if (found !== undefined) return
  throw new DomainError('not-found', `alarm.${what}-unknown`, `There is no ${what} ${id}`, { id })
}
