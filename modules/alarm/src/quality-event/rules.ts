import type { Id, Instant } from '@throughline/kernel'
import type { AlarmCondition, AlarmDefinition, DomainEvents } from '@throughline/model'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'

type EventCondition = Extract<AlarmCondition, { kind: 'event' }>

/** One thing that quality found, for as long as it stands. */
export interface QualityEvent {
  readonly source: EventCondition['source']
  readonly ref: string
  /** In words: `DEV-0042, major: Part dropped`. */
  readonly detail: string
  readonly severity: EventCondition['severities'][number] | null
  /** Null = it is not known where, or it lies nowhere. */
  readonly nodeId: Id<'EquipmentNode'> | null
  readonly at: Instant
  /** It stands until this deviation is closed. */
  readonly deviationId: Id<'Deviation'> | null
  /** It stands until this gauge is in tolerance again. */
  readonly assetId: Id<'Asset'> | null
}

/** Causes of deviations that are told by a source of their own, or come from an alarm: one event, one alarm. */
const toldOtherwise: readonly string[] = ['alarm', 'inspection', 'calibration']

/** Undefined = nothing to raise an alarm for. */
export function ofDeviation({
  deviationId,
  code,
  at,
  opened,
}: DomainEvents['quality.deviation-opened']): QualityEvent | undefined {
  if (opened === undefined || toldOtherwise.includes(opened.cause)) return undefined
  const { severity, nodeId, title } = opened
  const detail = `${code}, ${severity}: ${title}`
  return { source: 'deviation', ref: deviationId, detail, severity, nodeId, at, deviationId, assetId: null }
}

/** Undefined = it did not fail. */
export function ofInspection({
  inspectionId,
  at,
  failed,
}: DomainEvents['quality.inspection-recorded']): QualityEvent | undefined {
  if (failed === undefined) return undefined
  const { piece, about, nodeId, deviationId, deviation = null } = failed
  const known = { severity: null, nodeId, at, deviationId, assetId: null }
  return { source: 'failed-inspection', ref: inspectionId, detail: `${named(deviation)}${piece}: ${about}`, ...known }
}

export function ofGauge(event: DomainEvents['quality.gauge-doubted']): QualityEvent {
  const { assetId, code, nodeId, deviationId, deviation = null, leftOut, at } = event
  const detail = `${named(deviation)}${code} was found out of tolerance${leftOut ? ', and left so' : ''}`
  const known = { severity: null, nodeId, at, deviationId, assetId: leftOut ? assetId : null }
  return { source: 'gauge-out-of-tolerance', ref: `${assetId} ${at}`, detail, ...known }
}

const named = (deviation: string | null): string => (deviation === null ? '' : `${deviation}, `)

/** Whether what was found is an alarm of this definition. What lies nowhere is told at the top of the plant. */
export function raises(
  nodes: NodeFinder,
  { condition, nodeId }: Pick<AlarmDefinition, 'condition' | 'nodeId'>,
  event: QualityEvent,
): boolean {
  if (condition.kind !== 'event' || condition.source !== event.source) return false
  if (event.severity !== null && !condition.severities.includes(event.severity)) return false
  if (event.nodeId === null) return nodes.node(nodeId)?.parentId === null
  return isWithin(nodes, event.nodeId, [nodeId])
}
