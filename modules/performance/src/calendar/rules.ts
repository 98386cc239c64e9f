import type { Id, Instant } from '@throughline/kernel'
import { DomainError, fromMs } from '@throughline/kernel'
import type { Shift, ShiftPattern, WorkCalendar } from '@throughline/model'
import { Temporal } from 'temporal-polyfill'

const dayMs = 86_400_000
const minutesADay = 1440

/**
 * The shifts of a node that overlap `[from, to)`, oldest first and without overlap. `nodePath` is the node and all above it,
 * nearest first: the nearest with a calendar in force on a date tells that date; without any, each UTC day is a shift `day`.
 */
export function shiftsBetween(
  calendars: readonly WorkCalendar[],
  nodePath: readonly Id<'EquipmentNode'>[],
  from: Instant,
  to: Instant,
): Shift[] {
  const levels = nodePath
    .map((nodeId) => calendars.filter((calendar) => calendar.nodeId === nodeId))
    .filter((versions) => versions.length > 0)
  const found: Shift[] = []
  // A shift may begin a day before, and zones are up to 14 hours away from UTC.
  const first = Math.floor(from / 1000 / dayMs) - 2
  const last = Math.floor((to - 1) / 1000 / dayMs) + 1
  for (let day = first; day <= last; day++) {
    const date = new Date(day * dayMs).toISOString().slice(0, 10)
    const calendar = firstOf(levels, (versions) => inForce(versions, date))
    found.push(...(calendar === undefined ? [utcDay(day, date)] : shiftsOfDate(calendar, date)))
  }
  return withoutOverlap(found).filter((shift) => shift.from < to && shift.to > from)
}

/** The newest version that holds on a local date. */
function inForce(versions: readonly WorkCalendar[], date: string): WorkCalendar | undefined {
  let found: WorkCalendar | undefined
  for (const version of versions) {
    if (version.validFrom <= date && (found === undefined || version.version > found.version)) found = version
  }
  return found
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

function utcDay(day: number, date: string): Shift {
  return {
    name: 'day',
    date,
    timeZone: 'UTC',
    from: fromMs(day * dayMs),
    to: fromMs((day + 1) * dayMs),
    breaks: [],
  }
}

// The same calendar is asked for by each of its machines, and time zones are dear.
const made = new WeakMap<WorkCalendar, Map<string, readonly Shift[]>>()

function shiftsOfDate(calendar: WorkCalendar, date: string): readonly Shift[] {
  const dates = made.get(calendar) ?? new Map<string, readonly Shift[]>()
  made.set(calendar, dates)
  const known = dates.get(date)
  if (known !== undefined) return known
  const local = Temporal.PlainDate.from(date)
  const exception = calendar.exceptions.find((each) => each.date === date)
  const weekday = exception === undefined ? local.dayOfWeek : exception.asWeekday
  const shifts = calendar.shifts
    .filter((pattern) => weekday !== null && pattern.days.includes(weekday))
    .map((pattern) => shiftOf(calendar.timeZone, local, pattern))
    .sort((a, b) => a.from - b.from)
  dates.set(date, shifts)
  return shifts
}

function shiftOf(timeZone: string, date: Temporal.PlainDate, pattern: ShiftPattern): Shift {
  const { name, start, end } = pattern
  const from = instantOf(timeZone, date, start)
  const to = instantOf(timeZone, end > start ? date : date.add({ days: 1 }), end)
  const breaks = pattern.breaks.flatMap((each) => {
    // Half an hour is half an hour, also in the night of the clock change: only its beginning is told by the clock.
    const begin = instantOf(timeZone, each.start >= start ? date : date.add({ days: 1 }), each.start)
    const finish = Math.min(begin + minutesBetween(each.start, each.end) * 60e6, to) as Instant
    return begin < finish ? [{ name: each.name, from: begin, to: finish }] : []
  })
  return { name, date: date.toString(), timeZone, from, to, breaks: breaks.sort((a, b) => a.from - b.from) }
}

const instantOf = (timeZone: string, date: Temporal.PlainDate, time: string): Instant =>
  fromMs(date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds)

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Of the wall clock, over midnight where `end` is not later than `start`. */
const minutesBetween = (start: string, end: string): number =>
  (minutesOf(end) - minutesOf(start) + minutesADay) % minutesADay || minutesADay

/** Where calendars change, the old night may reach into the new morning: the new one begins on time. */
function withoutOverlap(shifts: readonly Shift[]): Shift[] {
  const sorted = [...shifts].sort((a, b) => a.from - b.from || a.to - b.to)
  return sorted.flatMap((shift, index) => {
    const to = Math.min(shift.to, sorted[index + 1]?.from ?? shift.to) as Instant
    if (to <= shift.from) return []
    if (to === shift.to) return [shift]
    const breaks = shift.breaks
      .filter((each) => each.from < to)
      .map((each) => ({ ...each, to: Math.min(each.to, to) as Instant }))
    return [{ ...shift, to, breaks }]
  })
}

/**
 * Refuses a calendar that cannot be kept: an unknown zone, a shift of no length, shifts that overlap, a break outside its
 * shift, one date twice.
 * @throws DomainError `invalid`
 */
export function assertCalendar(calendar: Pick<WorkCalendar, 'timeZone' | 'shifts' | 'exceptions'>): void {
  assertTimeZone(calendar.timeZone)
  for (const shift of calendar.shifts) assertShift(shift)
  assertApart(calendar.shifts)
  const dates = new Set<string>()
  for (const { date, name } of calendar.exceptions) {
    if (dates.has(date)) throw refused('exception-twice', `${date} is listed twice (${name}): keep one of them`)
    dates.add(date)
  }
}

function assertTimeZone(timeZone: string): void {
  try {
    if (!/^[A-Za-z]/.test(timeZone)) throw new RangeError('an offset is no zone')
    Temporal.Now.zonedDateTimeISO(timeZone)
  } catch {
    throw refused('time-zone-invalid', `"${timeZone}" is no IANA time zone: give a name such as "Europe/Dublin"`)
  }
}

function assertShift(shift: ShiftPattern): void {
  if (shift.start === shift.end) {
    throw refused('shift-empty', `Shift "${shift.name}" ends when it begins, at ${shift.start}: give it hours`)
  }
  const length = minutesBetween(shift.start, shift.end)
  for (const each of shift.breaks) {
    const begin = (minutesOf(each.start) - minutesOf(shift.start) + minutesADay) % minutesADay
    if (each.start === each.end || begin + minutesBetween(each.start, each.end) > length) {
      throw refused(
        'break-outside-shift',
        `Break "${each.name}" (${each.start} to ${each.end}) does not lie within shift "${shift.name}" (${shift.start} to ${shift.end})`,
      )
    }
  }
}

/** Over a week of minutes, and the night from Sunday to Monday. */
function assertApart(shifts: readonly ShiftPattern[]): void {
  const week = 7 * minutesADay
  const spans = shifts.flatMap((shift) =>
    shift.days.map((day) => ({
      shift,
      from: (day - 1) * minutesADay + minutesOf(shift.start),
      length: minutesBetween(shift.start, shift.end),
    })),
  )
  for (const [index, one] of spans.entries()) {
    for (const other of spans.slice(index + 1)) {
      const apart = (other.from - one.from + week) % week
      if (apart >= one.length && week - apart >= other.length) continue
      throw refused(
        'shifts-overlap',
        `Shift "${one.shift.name}" and shift "${other.shift.name}" overlap: a minute belongs to one shift`,
      )
    }
  }
}

const refused = (problem: string, message: string): DomainError =>
  new DomainError('invalid', `performance.calendar-${problem}`, message)
