import type { Clock } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { SparkplugDataType } from '../data-type.ts'
import type { MetricInit } from '../payload.ts'
import { encodePayload, wireTime } from '../payload.ts'
import { decodeValue, encodeValue } from '../value.ts'
import type { KnownMetric } from './node-model.ts'

/** A command for one metric, and the value that the metric tells when it was obeyed. */
export interface WriteCommand {
  readonly payload: Buffer
  readonly expected: SampleValue
}

/**
 * Encodes a write in the data type of the metric's birth.
 * @throws DomainError `invalid` when the value does not fit the metric
 */
export function writeCommand(metric: KnownMetric, value: SampleValue, clock: Clock): WriteCommand {
  if (metric.type === 'uncarried') {
    const text = `${metric.address} has a data type that cannot be written`
    throw new DomainError('invalid', 'sparkplug.metric-not-writable', text, { address: metric.address })
  }
  const at = clock.now()
  const wire = encodeValue(metric.type, value)
  // Where the births give aliases, commands use them and leave the name out.
  const named: MetricInit = metric.alias === null ? { name: metric.name } : { alias: metric.alias }
  const payload = encodePayload({ at, metrics: [{ ...named, timestamp: wireTime(at), value: wire }] })
  return { payload, expected: asTold(metric.type, wire) }
}

/** A Float cannot hold every double: 0.1 comes back as 0.10000000149. */
function asTold(type: SparkplugDataType, wire: ReturnType<typeof encodeValue>): SampleValue {
  const rounded = wire.case === 'floatValue' ? { case: wire.case, value: Math.fround(wire.value) } : wire
  const told = decodeValue(type, rounded)
  if (told.value !== null) return told.value
  throw new DomainError(
    'invalid',
    'sparkplug.value-does-not-fit',
    `${String(wire.value)} cannot be read back as ${type}`,
  )
}
