import type { Instant } from '@throughline/kernel'
import { toMs } from '@throughline/kernel'

const formats = new Map<string, Intl.DateTimeFormat>()
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The wall clock of a zone at an instant, with the offset of that very moment: `2026-11-22T21:05:03+01:00`. */
export function localTime(at: Instant, timeZone: string): string {
  const { year, month, day, time, offset } = wallClock(at, timeZone)
  return `${year}-${month}-${day}T${time}${offset}`
}

/** The same for people: `22 Nov 2026 21:05:03 UTC+01:00`. */
export function localTimeText(at: Instant, timeZone: string): string {
  const { year, month, day, time, offset } = wallClock(at, timeZone)
  return `${Number(day)} ${months[Number(month) - 1]} ${year} ${time} UTC${offset}`
}

function wallClock(at: Instant, timeZone: string) {
  const parts = formatOf(timeZone).formatToParts(toMs(at))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? ''
  return {
    year: part('year').padStart(4, '0'),
    month: part('month'),
    day: part('day'),
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
    // Intl writes GMT for no offset and GMT-03:30 for others.
    offset: part('timeZoneName').replace('GMT', '').replace('−', '-') || '+00:00',
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    })
    formats.set(timeZone, format)
  }
  return format
}
