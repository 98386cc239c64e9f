import type { AlarmCondition, AlarmDefinition, AlarmPhilosophy, draftAlarmDefinition, Tag } from '@throughline/model'
import { AlarmPriority } from '@throughline/model'
import type { z } from 'zod'

type EventCondition = Extract<AlarmCondition, { kind: 'event' }>

/** A definition while it is typed: numbers are text, lists are text. */
export interface TypedDefinition {
  readonly name: string
  readonly nodeId: AlarmDefinition['nodeId'] | null
  readonly tagId: Tag['id'] | null
  readonly message: string
  readonly kind: AlarmCondition['kind']
  readonly limitSide: 'high-high' | 'high' | 'low' | 'low-low'
  readonly rateSide: 'rising' | 'falling' | 'either'
  readonly limit: string
  readonly deadband: string
  /** A deviation is measured from this tag, or else from `fromValue`. */
  readonly fromTagId: Tag['id'] | null
  readonly fromValue: string
  readonly seconds: string
  readonly within: string
  readonly values: string
  readonly source: string
  readonly eventSource: EventCondition['source']
  readonly severities: EventCondition['severities']
  readonly onDelay: string
  readonly offDelay: string
  readonly latched: boolean
  readonly cause: string
  readonly consequence: string
  readonly response: string
  readonly severity: AlarmDefinition['severity']
  readonly timeToRespond: AlarmDefinition['timeToRespond']
  readonly qualityCritical: boolean
  readonly suppressTagId: Tag['id'] | null
  readonly suppressValues: string
  readonly reason: string
}

const empty: TypedDefinition = {
  name: '',
  nodeId: null,
  tagId: null,
  message: '',
  kind: 'limit',
  limitSide: 'high',
  rateSide: 'either',
  limit: '',
  deadband: '0',
  fromTagId: null,
  fromValue: '',
  seconds: '',
  within: '',
  values: '',
  source: '',
  eventSource: 'deviation',
  severities: ['major', 'critical'],
  onDelay: '0',
  offDelay: '0',
  latched: false,
  cause: '',
  consequence: '',
  response: '',
  severity: 'moderate',
  timeToRespond: '10-to-30-min',
  qualityCritical: false,
  suppressTagId: null,
  suppressValues: '',
  reason: '',
}

/** What the form starts from: a version that there is, or nothing. */
export function typedOf(before: AlarmDefinition | undefined): TypedDefinition {
  if (before === undefined) return empty
  const { condition, suppressWhile } = before
  return {
    ...empty,
    ...before,
    ...typedCondition(condition),
    onDelay: String(before.onDelaySeconds),
    offDelay: String(before.offDelaySeconds),
    suppressTagId: suppressWhile?.tagId ?? null,
    suppressValues: suppressWhile?.values.join(', ') ?? '',
    reason: '',
  }
}

function typedCondition(condition: AlarmCondition): Partial<TypedDefinition> {
  const { kind } = condition
  switch (kind) {
    case 'limit':
      return { kind, limitSide: condition.side, limit: String(condition.limit), deadband: String(condition.deadband) }
    case 'deviation':
      return {
        kind,
        limit: String(condition.limit),
        deadband: String(condition.deadband),
        ...('tagId' in condition.from
          ? { fromTagId: condition.from.tagId }
          : { fromValue: String(condition.from.value) }),
      }
    case 'rate':
      return {
        kind,
        rateSide: condition.side,
        limit: String(condition.limit),
        seconds: String(condition.overSeconds),
        deadband: String(condition.deadband),
      }
    case 'stuck':
      return { kind, seconds: String(condition.forSeconds), within: String(condition.within) }
    case 'stale':
      return { kind, seconds: String(condition.forSeconds) }
    case 'state':
      return { kind, values: condition.values.join(', ') }
    case 'external':
      return { kind, source: condition.source }
    case 'event':
      return { kind, eventSource: condition.source, severities: condition.severities }
  }
}

/** What is sent to be drafted. */
export type DraftedContent = z.input<typeof draftAlarmDefinition.input>
type Read = { readonly content: DraftedContent } | { readonly problem: string }

/** Makes an input of what was typed, or says what is missing. The server judges the rest. */
export function contentOf(typed: TypedDefinition): Read {
  const { nodeId, suppressTagId } = typed
  const condition = conditionOf(typed)
  const onDelaySeconds = numberOf(typed.onDelay)
  const offDelaySeconds = numberOf(typed.offDelay)
  const suppressValues = listOf(typed.suppressValues)
  if (typed.name.trim() === '') return { problem: 'Give the alarm a name, such as WFI-01.Conductivity.high.' }
  if (nodeId === null) return { problem: 'Choose the equipment that it belongs to.' }
  if (typed.kind !== 'external' && typed.kind !== 'event' && typed.tagId === null)
    return { problem: 'Choose the tag that it watches.' }
  if (typed.message.trim().length < 3) return { problem: 'Write the message that the operator reads.' }
  if (typeof condition === 'string') return { problem: condition }
  if (onDelaySeconds === undefined || offDelaySeconds === undefined || onDelaySeconds < 0 || offDelaySeconds < 0) {
    return { problem: 'Give both delays in seconds; 0 = none.' }
  }
  if (suppressTagId !== null && suppressValues.length === 0) {
    return { problem: 'Say at which values of that tag it is suppressed.' }
  }
  if (typed.reason.trim().length < 3) return { problem: 'Say why, in 3 characters at least.' }
  return {
    content: {
      name: typed.name.trim(),
      nodeId,
      // What quality finds is about equipment, and about none of its tags.
      tagId: typed.kind === 'event' ? null : typed.tagId,
      message: typed.message.trim(),
      condition,
      onDelaySeconds,
      offDelaySeconds,
      latched: typed.latched,
      cause: typed.cause.trim(),
      consequence: typed.consequence.trim(),
      response: typed.response.trim(),
      severity: typed.severity,
      timeToRespond: typed.timeToRespond,
      qualityCritical: typed.qualityCritical,
      suppressWhile: suppressTagId === null ? null : { tagId: suppressTagId, values: suppressValues },
      changeReason: typed.reason.trim(),
    },
  }
}

function conditionOf(typed: TypedDefinition): DraftedContent['condition'] | string {
  const limit = numberOf(typed.limit)
  const deadband = numberOf(typed.deadband)
  const seconds = numberOf(typed.seconds)
  const within = numberOf(typed.within)
  const noLimit = 'Give the limit and the deadband as numbers, in the unit of the tag.'
  const noSeconds = 'Give the time in seconds, more than 0.'
  switch (typed.kind) {
    case 'limit':
      if (limit === undefined || deadband === undefined) return noLimit
      return { kind: 'limit', side: typed.limitSide, limit, deadband }
    case 'deviation': {
      const value = numberOf(typed.fromValue)
      if (limit === undefined || deadband === undefined) return noLimit
      if (typed.fromTagId !== null) return { kind: 'deviation', limit, deadband, from: { tagId: typed.fromTagId } }
      if (value === undefined) return 'Choose the tag that it is measured from, or give a number.'
      return { kind: 'deviation', limit, deadband, from: { value } }
    }
    case 'rate':
      if (limit === undefined || deadband === undefined) return noLimit
      if (seconds === undefined || seconds <= 0) return noSeconds
      return { kind: 'rate', side: typed.rateSide, limit, overSeconds: seconds, deadband }
    case 'stuck':
      if (seconds === undefined || seconds <= 0) return noSeconds
      if (within === undefined) return 'Say within which distance the value counts as unchanged; 0 = exactly the same.'
      return { kind: 'stuck', forSeconds: seconds, within }
    case 'stale':
      return seconds === undefined || seconds <= 0 ? noSeconds : { kind: 'stale', forSeconds: seconds }
    case 'state': {
      const values = listOf(typed.values)
      return values.length === 0 ? 'Give the values that raise it, with commas between.' : { kind: 'state', values }
    }
    case 'external': {
      const source = typed.source.trim()
      return source === '' ? 'Name the source that raises it.' : { kind: 'external', source }
    }
    case 'event': {
      const { eventSource: source, severities } = typed
      if (source !== 'deviation') return { kind: 'event', source, severities: [] }
      return severities.length === 0 ? 'Choose which deviations raise it.' : { kind: 'event', source, severities }
    }
  }
}

/** The priority that the matrix gives to what is chosen; undefined where the matrix has no such place. */
export function priorityOf(
  philosophy: Pick<AlarmPhilosophy, 'matrix'> | undefined,
  severity: AlarmDefinition['severity'],
  timeToRespond: AlarmDefinition['timeToRespond'],
): 1 | 2 | 3 | 4 | undefined {
  const priority = AlarmPriority.safeParse(philosophy?.matrix[severity]?.[timeToRespond])
  return priority.success ? (priority.data as 1 | 2 | 3 | 4) : undefined
}

/** A number as people type it, with a point or a comma; undefined for an empty field and for anything else. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim().replace('−', '-').replace(',', '.')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : undefined
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
