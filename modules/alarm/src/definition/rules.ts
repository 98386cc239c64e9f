import { DomainError } from '@throughline/kernel'
import type { AlarmCondition, AlarmDefinition } from '@throughline/model'
import type { AlarmTag } from './plant.ts'

/** What people say of an alarm. */
export type AlarmContent = Pick<
  AlarmDefinition,
  | 'name'
  | 'message'
  | 'condition'
  | 'tagId'
  | 'suppressWhile'
  | 'cause'
  | 'consequence'
  | 'response'
  | 'changeReason'
  | 'qualityCritical'
>
type Limit = Extract<AlarmCondition, { kind: 'limit' }>

/** The tags that a definition names, for whoever must know or may see them. */
export function tagsOf({
  tagId,
  condition,
  suppressWhile,
}: Pick<AlarmContent, 'tagId' | 'condition' | 'suppressWhile'>) {
  const reference = condition.kind === 'deviation' && 'tagId' in condition.from ? condition.from.tagId : null
  const named = [tagId, reference, suppressWhile?.tagId ?? null]
  return [...new Set(named.flatMap((each) => each ?? []))]
}

/**
 * Whether an alarm can do what it says.
 *
 * @param tag the tag that it watches; null = none is named
 * @param neighbours other alarms of the same tag, released or drafted
 * @throws DomainError `invalid` (`alarm.definition-invalid`) naming the field and what to do
 */
export function assertDefinition(
  content: AlarmContent,
  tag: AlarmTag | null,
  neighbours: readonly Pick<AlarmDefinition, 'name' | 'condition'>[],
): void {
  const { name, message, condition } = content
  if (message.trim().length < 3) throw wrong('message', `Alarm ${name} needs a message that its operator understands`)
  if (condition.kind === 'external') return
  if (condition.kind === 'event') {
    assertEvent(content, condition)
    return
  }
  if (tag === null) throw wrong('tagId', `Alarm ${name} watches no tag: name the one that its condition is about`)
  if (condition.kind === 'state') assertState(name, condition.values, tag)
  if (condition.kind === 'state') return
  if (condition.kind === 'stale' || (condition.kind === 'stuck' && condition.within === 0)) return
  if (tag.dataType !== 'double' && tag.dataType !== 'int64') {
    throw wrong('condition', `${tag.path} holds ${tag.dataType}: a ${condition.kind} condition needs a number`)
  }
  if (condition.kind === 'limit') {
    assertWithinRange('condition.limit', condition.limit, tag)
    assertOrder(name, condition, neighbours)
    assertDeadband(name, condition, tag, neighbours)
  }
  if (condition.kind === 'deviation') {
    if ('value' in condition.from) assertWithinRange('condition.from.value', condition.from.value, tag)
    assertDeadbandBelow(condition.deadband, condition.limit, 'the limit itself: the alarm would never return')
  }
  if (condition.kind === 'rate') {
    assertDeadbandBelow(condition.deadband, condition.limit, 'the limit itself: the alarm would never return')
  }
}

function assertEvent(
  { name, qualityCritical }: AlarmContent,
  { source, severities }: Extract<AlarmCondition, { kind: 'event' }>,
): void {
  if (qualityCritical) {
    throw wrong('qualityCritical', `Alarm ${name} is raised by quality, which knows of it: it opens no deviation anew`)
  }
  if (source === 'deviation' && severities.length === 0) {
    throw wrong('condition.severities', `Say which deviations raise alarm ${name}: minor, major, critical`)
  }
  if (source === 'deviation' || severities.length === 0) return
  throw wrong('condition.severities', `Only deviations are minor, major or critical: leave it out of alarm ${name}`)
}

function assertState(name: string, values: readonly string[], tag: AlarmTag): void {
  const odd = tag.dataType === 'boolean' ? values.find((value) => value !== 'true' && value !== 'false') : undefined
  if (odd !== undefined) {
    throw wrong('condition.values', `${tag.path} is true or false, never "${odd}": correct the values of alarm ${name}`)
  }
  if (tag.dataType !== 'double') return
  throw wrong('condition.values', `${tag.path} is measured, and has no states: give alarm ${name} a limit`)
}

function assertWithinRange(path: string, value: number, { rangeLow, rangeHigh, path: tag, unit }: AlarmTag): void {
  if ((rangeLow === null || value >= rangeLow) && (rangeHigh === null || value <= rangeHigh)) return
  const range = `${rangeLow ?? '−∞'} to ${rangeHigh ?? '∞'} ${unit}`
  throw wrong(path, `${value} lies outside the range of ${tag} (${range}): it would never be met, or always`)
}

const rank = { 'high-high': 3, high: 2, low: 1, 'low-low': 0 } as const

const limitsOf = (neighbours: readonly Pick<AlarmDefinition, 'name' | 'condition'>[]) =>
  neighbours.flatMap(({ name, condition }) => (condition.kind === 'limit' ? [{ name, condition }] : []))

/** HH above H above L above LL. */
function assertOrder(name: string, { side, limit }: Limit, neighbours: Parameters<typeof limitsOf>[0]): void {
  for (const other of limitsOf(neighbours)) {
    const above = rank[side] - rank[other.condition.side]
    if (above === 0 || Math.sign(limit - other.condition.limit) === Math.sign(above)) continue
    throw wrong(
      'condition.limit',
      `${name} (${side}, ${limit}) must lie ${above > 0 ? 'above' : 'below'} ${other.name} (${other.condition.side}, ${other.condition.limit}) of the same tag`,
    )
  }
}

/** Within its deadband an alarm still stands: the next limit that way must be met outside it. */
function assertDeadband(
  name: string,
  { side, limit, deadband }: Limit,
  { rangeLow, rangeHigh }: AlarmTag,
  neighbours: Parameters<typeof limitsOf>[0],
): void {
  const down = side === 'high' || side === 'high-high'
  for (const other of limitsOf(neighbours)) {
    const distance = down ? limit - other.condition.limit : other.condition.limit - limit
    if (distance > 0)
      assertDeadbandBelow(deadband, distance, `the distance to ${other.name} (${other.condition.limit})`)
  }
  const end = down ? rangeLow : rangeHigh
  if (end === null) return
  assertDeadbandBelow(
    deadband,
    Math.abs(limit - end),
    `the distance to the end of the range (${end}): ${name} would never return`,
  )
}

function assertDeadbandBelow(deadband: number, distance: number, what: string): void {
  if (deadband < distance || deadband === 0) return
  throw wrong('condition.deadband', `The deadband ${deadband} is not narrower than ${what}`)
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid', 'alarm.definition-invalid', message, { fields: [{ path, message }] })
