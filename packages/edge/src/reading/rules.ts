import type { Instant } from '@throughline/kernel'
import type { DataType, Sample, SampleValue } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'

/** What the runtime must know of a tag to judge its readings. */
export interface TagRules {
  /** Null for a source that belongs to no tag: it is passed on in the type it came in. */
  readonly dataType: DataType | null
  readonly scale: number
  readonly offset: number
  readonly rangeLow: number | null
  readonly rangeHigh: number | null
  readonly deadband: number
}

/** Something wrong with one reading: `cause` in kebab-case. */
export interface ReadingFault {
  readonly cause: string
  readonly example: string
}

export interface Judged {
  readonly sample: Sample
  readonly faults: readonly ReadingFault[]
}

const year2000 = 946_684_800_000_000
const futureLimitUs = 60e6
/** A longer text is no reading; a device that sends one must not fill the buffer with it. */
const maxTextLength = 10_000

const noFaults: readonly ReadingFault[] = []
const int64Low = -(2n ** 63n)
const int64High = 2n ** 63n - 1n

/**
 * A reading as the tag's owner meant it: in the tag's type and unit, at a credible instant, with a status no better
 * than what is known. Whatever is wrong with it becomes a worse status and a fault; it is never dropped.
 */
export function judge(raw: Sample, rules: TagRules, now: Instant): Judged {
  const faults: ReadingFault[] = []
  const serverAt = timeProblem(raw.serverAt, now) === undefined ? raw.serverAt : now
  const problem = timeProblem(raw.at, now)
  if (problem !== undefined) faults.push({ cause: problem, example: `${raw.tag} at ${raw.at}` })
  const at = problem === undefined ? raw.at : serverAt
  const timedStatus = problem === undefined ? raw.status : atLeastUncertain(raw.status)
  const { value, status, fault } = judgeValue(raw.value, timedStatus, rules)
  if (fault !== undefined) faults.push({ cause: fault, example: `${raw.tag} = ${exampleOf(raw.value)}` })
  return { sample: { tag: raw.tag, at, serverAt, value, status }, faults: faults.length === 0 ? noFaults : faults }
}

function timeProblem(at: Instant, now: Instant): 'instant-in-past' | 'instant-in-future' | undefined {
  // NaN fails every comparison, so a time that is no number counts as one before 2000.
  if (!(Number.isSafeInteger(at) && at >= year2000)) return at > now ? 'instant-in-future' : 'instant-in-past'
  return at > now + futureLimitUs ? 'instant-in-future' : undefined
}

const atLeastUncertain = (status: number): number => (qualityOf(status) === 'good' ? statusCode.uncertain : status)

interface JudgedValue {
  readonly value: SampleValue | null
  readonly status: number
  readonly fault?: string
}

function judgeValue(raw: SampleValue | null, status: number, rules: TagRules): JudgedValue {
  if (raw === null) {
    return qualityOf(status) === 'bad' ? { value: null, status } : refused('value-missing', statusCode.bad)
  }
  if (typeof raw === 'number' && !Number.isFinite(raw)) return refused('not-a-number', statusCode.badOutOfRange)
  if (typeof raw === 'string' && raw.length > maxTextLength) return refused('text-too-long', statusCode.badOutOfRange)
  if (typeof raw === 'bigint' && (raw < int64Low || raw > int64High)) {
    return refused('int64-overflow', statusCode.badOutOfRange)
  }
  const typed = rules.dataType === null ? raw : asType(raw, rules.dataType)
  if (typed === undefined) return refused('type-mismatch', statusCode.badTypeMismatch)
  const value = scaled(typed, rules)
  if (value === undefined) return refused('number-overflow', statusCode.badOutOfRange)
  const exceeded = isOutside(value, rules) && qualityOf(status) === 'good'
  return { value, status: exceeded ? statusCode.uncertainUnitsExceeded : status }
}

const refused = (fault: string, status: number): JudgedValue => ({ value: null, status, fault })

/** Whole numbers change between double and int64 where that is what they are; nothing else changes its type. */
function asType(value: SampleValue, dataType: DataType): SampleValue | undefined {
  switch (dataType) {
    case 'double':
      if (typeof value === 'bigint') return Number(value)
      return typeof value === 'number' ? value : undefined
    case 'int64':
      if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
      return typeof value === 'bigint' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'string':
      return typeof value === 'string' ? value : undefined
  }
}

/** Undefined when the result is no number any more. 64-bit integers stay exact as long as scale and offset are whole. */
function scaled(value: SampleValue, { scale, offset }: TagRules): SampleValue | undefined {
  if (scale === 1 && offset === 0) return value
  if (typeof value === 'number') {
    const result = value * scale + offset
    return Number.isFinite(result) ? result : undefined
  }
  if (typeof value !== 'bigint') return value
  if (Number.isSafeInteger(scale) && Number.isSafeInteger(offset)) {
    const result = value * BigInt(scale) + BigInt(offset)
    return result < int64Low || result > int64High ? undefined : result
  }
  const rounded = Math.round(Number(value) * scale + offset)
  return Number.isSafeInteger(rounded) ? BigInt(rounded) : undefined
}

function isOutside(value: SampleValue, { rangeLow, rangeHigh }: TagRules): boolean {
  if (typeof value !== 'number' && typeof value !== 'bigint') return false
  return (rangeLow !== null && value < rangeLow) || (rangeHigh !== null && value > rangeHigh)
}

const exampleOf = (value: SampleValue | null): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value)

/** At least one sample in this time while the source speaks, so that silence means something. */
export const heartbeatUs = 60e6

/**
 * Report by exception: whether a reading tells more than the last reported one. A change of status is always told, a
 * change of value from the deadband on, an older reading always (it is late data), and after a minute any reading.
 */
export function isWorthReporting(last: Sample | undefined, sample: Sample, deadband: number): boolean {
  if (last === undefined || sample.at < last.at) return true
  if (sample.status !== last.status) return true
  if (sample.at === last.at) return sample.value !== last.value
  return sample.at - last.at >= heartbeatUs || hasChanged(last.value, sample.value, deadband)
}

function hasChanged(before: SampleValue | null, after: SampleValue | null, deadband: number): boolean {
  if (before === after) return false
  if (typeof before === 'number' && typeof after === 'number') return Math.abs(after - before) >= deadband
  if (typeof before === 'bigint' && typeof after === 'bigint') {
    return Number(after > before ? after - before : before - after) >= deadband
  }
  return true
}
