import type { Instant } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { SparkplugDataType } from '../data-type.ts'
import { dataTypeOf } from '../data-type.ts'
import type { Metric, Payload } from '../generated/sparkplug_b_pb.ts'
import { has } from '../payload.ts'
import { decodeValue } from '../value.ts'

/** What a birth announced: `uncarried` for a data type that Throughline has no value for. */
export type MetricType = SparkplugDataType | 'uncarried'

/** One metric's value as a message told it. */
export interface Reading {
  readonly at: Instant
  readonly value: SampleValue | null
  readonly status: number
  /** Late data: never the current value. */
  readonly historical: boolean
}

export type Fault = (cause: string, example: string) => void

/** Reads the data type that a birth gives a metric. */
export function readType(metric: Metric, where: string, fault: Fault): MetricType {
  if (!has(metric, 'datatype')) {
    fault('datatype-missing', where)
    return 'uncarried'
  }
  const type = dataTypeOf(metric.datatype)
  if (type === undefined) fault('datatype-unknown', `${where} has data type ${metric.datatype}`)
  else if (type === 'uncarried') fault('datatype-uncarried', `${where} has data type ${metric.datatype}`)
  return type ?? 'uncarried'
}

/** Reads one metric of a message; whatever is wrong with it becomes a fault and a status, never an error. */
export function readMetric(
  metric: Metric,
  type: MetricType,
  message: Payload,
  now: Instant,
  where: string,
  fault: Fault,
): Reading {
  const timed = readTime(metric, message, now, where, fault)
  const historical = metric.isHistorical
  const quality = readQuality(metric, where, fault)
  if (type === 'uncarried') return { at: timed.at, value: null, status: statusCode.badTypeMismatch, historical }
  if (metric.isNull) {
    return { at: timed.at, value: null, status: worse(statusCode.bad, quality), historical }
  }
  if (metric.value.case === undefined) {
    fault('value-missing', where)
    return { at: timed.at, value: null, status: statusCode.bad, historical }
  }
  const { value, problem, status } = decodeValue(type, metric.value)
  if (problem !== null)
    fault(problem, `${where} of type ${type}: ${metric.value.case} ${String(metric.value.value).slice(0, 80)}`)
  return { at: timed.at, value, status: worse(worse(status, quality), timed.status), historical }
}

/** The status of graver severity; the first when they are equally grave. */
function worse(one: number, other: number): number {
  return other >>> 30 > one >>> 30 ? other : one
}

function readTime(
  metric: Metric,
  message: Payload,
  now: Instant,
  where: string,
  fault: Fault,
): { at: Instant; status: number } {
  const isOwn = has(metric, 'timestamp')
  if (!isOwn && !has(message, 'timestamp')) {
    fault('timestamp-missing', where)
    return { at: now, status: statusCode.uncertain }
  }
  const at = instantOf(isOwn ? metric.timestamp : message.timestamp)
  if (at !== undefined) return { at, status: statusCode.good }
  fault('timestamp-unreadable', `${where} at ${metric.timestamp} ms`)
  return { at: now, status: statusCode.uncertain }
}

/** Before this no plant ran: the clock that said so was never set. */
const year2000Ms = 946_684_800_000

/** Milliseconds as an instant; undefined for a time before 2000 or beyond what an instant can hold. */
export function instantOf(ms: bigint): Instant | undefined {
  const at = Number(ms) * 1000
  return Number(ms) >= year2000Ms && Number.isSafeInteger(at) ? (at as Instant) : undefined
}

/** Sparkplug's quality property: 192 good, 500 stale, 0 bad. */
function readQuality({ properties }: Metric, where: string, fault: Fault): number {
  if (!properties) return statusCode.good
  if (properties.keys.length !== properties.values.length) {
    fault('property-set-uneven', `${where} has ${properties.keys.length} keys and ${properties.values.length} values`)
    return statusCode.uncertain
  }
  const value = properties.values[properties.keys.indexOf('Quality')]?.value
  if (value === undefined) return statusCode.good
  switch (value.value) {
    case 192:
      return statusCode.good
    case 500:
      return statusCode.uncertainLastUsable
    case 0:
      return statusCode.bad
    default:
      fault('quality-unknown', `${where} has quality ${String(value.value).slice(0, 80)}`)
      return statusCode.uncertain
  }
}
