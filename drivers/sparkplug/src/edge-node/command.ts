import type { Instant } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { modelTypeOf } from '../data-type.ts'
import type { Metric } from '../generated/sparkplug_b_pb.ts'
import { decodePayload, has, rebirthMetric } from '../payload.ts'
import { decodeValue, fitTo } from '../value.ts'
import type { MetricTable } from './metric-table.ts'

/** A write that a host asks for. */
export interface MetricWrite {
  /** Null for a metric of the edge node itself. */
  readonly device: string | null
  readonly name: string
  readonly value: SampleValue
  /** When the host sent it, as far as it says so. */
  readonly sentAt: Instant | null
}

/** What one command message asks: a rebirth, writes, and what of it could not be understood (as faults). */
export interface Command {
  readonly rebirth: boolean
  readonly writes: readonly MetricWrite[]
  readonly faults: readonly { readonly cause: string; readonly example: string }[]
}

export function readCommand(bytes: Uint8Array, device: string | null, table: MetricTable): Command {
  const decoded = decodePayload(bytes)
  if ('problem' in decoded)
    return { rebirth: false, writes: [], faults: [{ cause: 'payload-malformed', example: decoded.problem }] }
  const writes: MetricWrite[] = []
  const faults: { cause: string; example: string }[] = []
  let rebirth = false
  for (const metric of decoded.payload.metrics) {
    if (device === null && metric.name === rebirthMetric) {
      rebirth ||= metric.value.case === 'booleanValue' && metric.value.value
      continue
    }
    const write = readWrite(metric, device, table)
    if ('cause' in write) faults.push(write)
    else writes.push({ ...write, sentAt: sentAt(metric, decoded.payload.timestamp) })
  }
  return { rebirth, writes, faults }
}

function readWrite(
  metric: Metric,
  device: string | null,
  table: MetricTable,
): Omit<MetricWrite, 'sentAt'> | { cause: string; example: string } {
  const definition = table.find(metric.name, has(metric, 'alias') ? metric.alias : undefined)
  const where = `${device ?? 'the edge node'}: ${metric.name || `alias ${metric.alias}`}`
  if (!definition) return { cause: 'command-metric-unknown', example: where }
  const decoded = decodeValue(definition.dataType, metric.value)
  if (decoded.problem !== null) return { cause: `command-${decoded.problem}`, example: where }
  const fitted = fitTo(modelTypeOf(definition.dataType), decoded.value)
  if (fitted.problem !== null) return { cause: `command-${fitted.problem}`, example: where }
  return { device, name: definition.name, value: fitted.value }
}

function sentAt(metric: Metric, payloadTime: bigint): Instant | null {
  const ms = Number(has(metric, 'timestamp') ? metric.timestamp : payloadTime)
  return ms > 0 && Number.isSafeInteger(ms * 1000) ? ((ms * 1000) as Instant) : null
}
