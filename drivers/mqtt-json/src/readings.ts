import type { DriverTag, JsonNode } from '@throughline/edge'
import { characteristicOf, curveOf, JsonPath, scalarOf } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import type { ParsedDocument, Sample } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import type { Message, MessageFault } from './message.ts'
import type { MqttOptions } from './options.ts'

/** What a message says to one tag: a sample, one of each point for a path to many, or nothing. */
export function samplesOf(
  tag: DriverTag,
  path: JsonPath,
  message: Message,
  options: MqttOptions,
  fault: (fault: MessageFault) => void,
): Sample[] {
  const found = path.allIn(message.body)
  const instants = path.isMany ? instantsOf(found.length, message, options, fault) : null
  return found.map((raw, index) => {
    const { value, status, fault: cause } = scalarOf(raw, tag.dataType)
    if (cause !== undefined) fault({ cause, example: `${message.topic}:${path.text} is no ${tag.dataType}` })
    const known = instants === null ? { at: message.at, status: message.status } : instants(index)
    const worst = value === null ? status : known.status
    return { tag: tag.tag, at: known.at, serverAt: message.arrivedAt, value, status: worst }
  })
}

type InstantOf = (index: number) => { readonly at: Instant; readonly status: number }

/** Points without times of their own follow each other by a microsecond, so that none hides another, and are uncertain. */
function instantsOf(
  count: number,
  message: Message,
  { pointTime, pointUs, times }: MqttOptions,
  fault: (fault: MessageFault) => void,
): InstantOf {
  const inOrder: InstantOf = (index) => ({
    at: (message.at + index) as Instant,
    status: atBestUncertain(message.status),
  })
  if (pointTime === null) return inOrder
  const found = pointTime.allIn(message.body)
  if (found.length !== count) {
    fault({ cause: 'points-uneven', example: `${message.topic}: ${count} values and ${found.length} times` })
    return inOrder
  }
  return (index) => {
    const raw = found[index]
    const at = pointUs === null ? times.read(raw) : offsetFrom(message.at, raw, pointUs)
    if (at !== undefined) return { at, status: pointUs === null ? statusCode.good : message.status }
    fault({ cause: 'time-unreadable', example: `${message.topic}: point ${index}` })
    return inOrder(index)
  }
}

function offsetFrom(at: Instant, raw: JsonNode | undefined, unitUs: number): Instant | undefined {
  return typeof raw === 'number' ? ((at + Math.round(raw * unitUs)) as Instant) : undefined
}

const atBestUncertain = (status: number): number => (qualityOf(status) === 'good' ? statusCode.uncertain : status)

/** A whole message as a document: its results by the options' paths, and its curve. */
export function documentOf(message: Message, options: MqttOptions): ParsedDocument {
  const { records, curve, fields } = options
  const found = records === null ? message.body : records.firstIn(message.body)
  const list: readonly JsonNode[] = Array.isArray(found) ? found : found === undefined ? [] : [found]
  const own = qualityOf(message.status) === 'good' && options.time !== null ? message.at : null
  const results = list.flatMap((record) => {
    // What holds for all records stands beside them.
    const get = (field: string): JsonNode | undefined =>
      new JsonPath(field).firstIn(record) ?? new JsonPath(field).firstIn(message.body)
    return characteristicOf(fields, get, own) ?? []
  })
  const serial = fields.serial === undefined ? null : new JsonPath(fields.serial).firstIn(message.body)
  const name = results[0]?.characteristic ?? message.topic.slice(0, 500)
  const drawn = curveOf(name, serialText(serial), own, curve?.firstIn(message.body))
  return { results, curves: drawn === undefined ? [] : [drawn], statistics: [] }
}

const serialText = (raw: JsonNode | undefined): string | null =>
  typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'bigint' ? String(raw).slice(0, 500) : null
