import type { Instant } from '@throughline/kernel'
import { toMs } from '@throughline/kernel'

/**
 * `record` = 22 Nov 2026 12:47:03 UTC+01:00 (never ambiguous) · `second` = 12:47:03 · `minute` = 12:47 ·
 * `day-minute` = 22 Nov 12:47 · `day` = 22 Nov 2026.
 */
export type InstantStyle = 'record' | 'second' | 'minute' | 'day-minute' | 'day'

/** An instant on the wall clock of one IANA zone, 24 h; without a zone, that of the browser. */
export function formatInstant(at: Instant, style: InstantStyle, timeZone?: string): string {
  const part = partsOf(toMs(at), timeZone)
  const clock = `${part('hour')}:${part('minute')}`
  const day = `${part('day')} ${part('month')}`
  switch (style) {
    case 'record':
      return `${day} ${part('year')} ${clock}:${part('second')} ${offsetOf(part('timeZoneName'))}`
    case 'second':
      return `${clock}:${part('second')}`
    case 'minute':
      return clock
    case 'day-minute':
      return `${day} ${clock}`
    case 'day':
      return `${day} ${part('year')}`
  }
}

/** A duration in its two largest units: `4 s`, `19 min`, `1 h 05 min`, `3 d 04 h`. Negative counts as zero. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${twoDigits(minutes % 60)} min`
  return `${Math.floor(hours / 24)} d ${twoDigits(hours % 24)} h`
}

/** Minutes by which the zone's clock is ahead of UTC at that moment. */
export function zoneOffsetMin(ms: number, timeZone?: string): number {
  const part = partsOf(ms, timeZone)
  const match = /([+-])(\d\d):(\d\d)/.exec(offsetOf(part('timeZoneName')).replace('−', '-'))
  if (match === null) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

const twoDigits = (count: number): string => String(count).padStart(2, '0')

const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(ms: number, timeZone: string | undefined): (type: Intl.DateTimeFormatPartTypes) => string {
  const key = timeZone ?? ''
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
      ...(timeZone === undefined ? {} : { timeZone }),
    })
    formats.set(key, format)
  }
  const parts = format.formatToParts(ms)
  return (type) => {
    const value = parts.find((part) => part.type === type)?.value ?? ''
    // British English writes "Sept"; every month has three letters here.
    return type === 'month' ? value.slice(0, 3) : value
  }
}

function offsetOf(zoneName: string): string {
  const offset = zoneName.replace('GMT', '')
  return offset === '' ? 'UTC+00:00' : `UTC${offset}`
}
