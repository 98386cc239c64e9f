import type { Instant } from '@throughline/kernel'
import { toMs } from '@throughline/kernel'

/** Times as records show them, never ambiguous: `22 Nov 2026 12:47:03 UTC+01:00`. */
export function timeTextIn(timeZone: string): (at: Instant) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  })
  return (at) => {
    const parts = format.formatToParts(toMs(at))
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? ''
    const offset = part('timeZoneName').replace('GMT', '') || '+00:00'
    const clock = `${part('hour')}:${part('minute')}:${part('second')}`
    return `${part('day')} ${part('month')} ${part('year')} ${clock} UTC${offset}`
  }
}
