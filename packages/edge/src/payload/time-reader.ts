import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { Temporal } from 'temporal-polyfill'
import type { JsonNode } from './json.ts'

/** Which order of parts a date has when it is not ISO 8601: `dd.MM.yyyy HH:mm:ss`. */
const parts: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<fraction>\\d{1,6})',
}

/** Makes instants of what sources write for times. A time without an offset is one of the zone that was named. */
export class TimeReader {
  readonly #zone: string
  readonly #pattern: RegExp | null

  /** @throws DomainError `invalid` naming the zone or the format */
  constructor(zone = 'UTC', format: string | null = null) {
    this.#zone = checkedZone(zone)
    this.#pattern = format === null ? null : patternOf(format)
  }

  /**
   * ISO 8601 with or without offset, the format that was named, or seconds, milliseconds or microseconds since 1970
   * (told apart by their size); undefined for anything else. Of an hour that the clock went through twice the first is
   * meant, an hour that it left out lies after the change.
   */
  read(raw: JsonNode | undefined): Instant | undefined {
    if (typeof raw === 'number') return sinceEpoch(raw)
    if (typeof raw === 'bigint') return sinceEpoch(Number(raw))
    if (typeof raw !== 'string') return undefined
    const text = raw.trim()
    if (this.#pattern !== null) return this.#formatted(this.#pattern, text)
    if (/^\d{9,17}(\.\d+)?$/.test(text)) return sinceEpoch(Number(text))
    return this.#iso(text)
  }

  #iso(text: string): Instant | undefined {
    if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
    try {
      if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10)))
        return fromNanoseconds(Temporal.Instant.from(text).epochNanoseconds)
      return this.#local(Temporal.PlainDateTime.from(text))
    } catch {
      return undefined
    }
  }

  #formatted(pattern: RegExp, text: string): Instant | undefined {
    const found = pattern.exec(text)?.groups
    if (found === undefined) return undefined
    const fraction = Number((found['fraction'] ?? '').padEnd(6, '0'))
    try {
      const fields = {
        year: Number(found['year']),
        month: Number(found['month']),
        day: Number(found['day']),
        hour: Number(found['hour'] ?? 0),
        minute: Number(found['minute'] ?? 0),
        second: Number(found['second'] ?? 0),
        millisecond: Math.floor(fraction / 1000),
        microsecond: fraction % 1000,
      }
      return this.#local(Temporal.PlainDateTime.from(fields, { overflow: 'reject' }))
    } catch {
      return undefined
    }
  }

  #local(time: Temporal.PlainDateTime): Instant {
    return fromNanoseconds(time.toZonedDateTime(this.#zone).epochNanoseconds)
  }
}

const fromNanoseconds = (nanoseconds: bigint): Instant => Number(nanoseconds / 1000n) as Instant

/** Seconds of our days have 10 digits before the point, milliseconds 13, microseconds 16. */
function sinceEpoch(value: number): Instant | undefined {
  if (!(value > 0)) return undefined
  if (value < 1e11) return Math.round(value * 1e6) as Instant
  if (value < 1e14) return Math.round(value * 1e3) as Instant
  return value < 1e17 ? (Math.round(value) as Instant) : undefined
}

function checkedZone(zone: string): string {
  try {
    Temporal.PlainDateTime.from('2026-01-01T00:00').toZonedDateTime(zone)
    return zone
  } catch (error) {
    const message = `"${zone}" is no time zone: write a name such as Europe/Berlin`
    throw new DomainError('invalid', 'edge.zone-unknown', message, { zone }, error)
  }
}

function patternOf(format: string): RegExp {
  const named = new Set<string>()
  const pattern = format.replaceAll(/yyyy|SSS|MM|dd|HH|mm|ss|[^A-Za-z]|[A-Za-z]+/g, (piece) => {
    const part = parts[piece]
    if (part !== undefined && !named.has(piece)) {
      named.add(piece)
      return part
    }
    if (/[A-SU-Za-z]/.test(piece)) throw wrongFormat(format)
    return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  if (!['yyyy', 'MM', 'dd'].every((part) => named.has(part))) throw wrongFormat(format)
  return new RegExp(`^${pattern}$`)
}

const wrongFormat = (format: string): DomainError =>
  new DomainError(
    'invalid',
    'edge.time-format-invalid',
    `"${format}" is no form of a date: put it together of yyyy, MM, dd, HH, mm, ss and SSS, as in dd.MM.yyyy HH:mm:ss`,
  )
