import type { Instant } from '@throughline/kernel'

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:?\d\d)?$/

/**
 * A time as agents write it, with a fraction of up to nine digits (what is finer than a microsecond is cut off). Without a
 * zone it is UTC, as the standard demands. Undefined when it is no time.
 */
export function parseTimestamp(text: string): Instant | undefined {
  const [, seconds, fraction = '', zone = 'Z'] = form.exec(text.trim()) ?? []
  if (seconds === undefined) return undefined
  const ms = Date.parse(`${seconds}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  if (Number.isNaN(ms)) return undefined
  return (ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))) as Instant
}
