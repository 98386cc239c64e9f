import type { Alarm, AlarmPriority, AlarmSummary } from '@throughline/model'
import { isHidden, isLatched, isUnacknowledged } from '../alarm-words.ts'

/** What a person may do to an alarm, by how it stands; whether they are permitted to is another question. */
export interface AlarmActions {
  readonly acknowledge: boolean
  readonly reset: boolean
  readonly shelve: boolean
  readonly unshelve: boolean
  readonly takeOutOfService: boolean
  readonly returnToService: boolean
}

export function actionsOf({ state }: Pick<Alarm, 'state'>): AlarmActions {
  return {
    acknowledge: isUnacknowledged(state),
    reset: isLatched(state),
    shelve: state !== 'shelved',
    unshelve: state === 'shelved',
    takeOutOfService: state !== 'out-of-service',
    returnToService: state === 'out-of-service',
  }
}

/** How often within an hour an alarm occurs that is said to chatter on the list; the philosophy's own figure counts by the minute. */
const chattersFrom = 5
export const isChattering = ({ occurrencesLastHour }: Pick<Alarm, 'occurrencesLastHour'>): boolean =>
  occurrencesLastHour >= chattersFrom

/** One piece of equipment with its alarms, in their own order. */
export interface AlarmGroup {
  readonly nodeId: string
  readonly alarms: readonly Alarm[]
}

/** By equipment: first where the first alarm of the list stands, then where most stand. */
export function byEquipment(alarms: readonly Alarm[]): AlarmGroup[] {
  const groups = new Map<string, Alarm[]>()
  for (const alarm of alarms) {
    const group = groups.get(alarm.nodeId)
    if (group === undefined) groups.set(alarm.nodeId, [alarm])
    else group.push(alarm)
  }
  const first = ({ alarms: all }: AlarmGroup): number => Math.min(...all.map(place))
  return Array.from(groups, ([nodeId, all]) => ({ nodeId, alarms: all })).toSorted(
    (a, b) => first(a) - first(b) || b.alarms.length - a.alarms.length || (a.nodeId < b.nodeId ? -1 : 1),
  )
}

const priorities = [1, 2, 3, 4] as const satisfies readonly AlarmPriority[]

export const countOf = (counts: AlarmSummary['standing']): number =>
  priorities.reduce((sum, priority) => sum + counts[priority], 0)

/** Time within which the alarm must be answered, in seconds; undefined where there is no bound. */
const respondSeconds: Readonly<Record<Alarm['timeToRespond'], number | undefined>> = {
  'under-3-min': 180,
  '3-to-10-min': 600,
  '10-to-30-min': 1800,
  'over-30-min': undefined,
}

/** Whether the time to respond is over for an alarm that still waits for its acknowledgement. */
export function isOverdue(alarm: Pick<Alarm, 'state' | 'occurredAt' | 'timeToRespond'>, now: number): boolean {
  const seconds = respondSeconds[alarm.timeToRespond]
  if (seconds === undefined || alarm.occurredAt === null || !isUnacknowledged(alarm.state)) return false
  return now - alarm.occurredAt > seconds * 1e6
}

/** What was refused of several, each alarm by its name. */
export function refusalsOf(outcome: readonly { readonly refused: string | null }[]): readonly string[] {
  return outcome.flatMap(({ refused }) => (refused === null ? [] : [refused]))
}

/** Most urgent first, unacknowledged before acknowledged. */
const urgency = ({ priority, state }: Alarm): number => priority * 2 + (isUnacknowledged(state) ? 0 : 1)

/** The place of an alarm in lists, as the server orders them: unacknowledged ones first, then by priority. */
const place = ({ priority, state }: Alarm): number => priority + (isUnacknowledged(state) ? 0 : 4)
const newestFirst = (a: Alarm, b: Alarm): number => (b.occurredAt ?? b.since) - (a.occurredAt ?? a.since)

/** The standing alarms of a unit, of its own node and of its tags, as lists have them: of one place, the newest first. */
export function alarmsOfUnit(
  alarms: readonly Alarm[],
  unit: { readonly node: { readonly id: string }; readonly tags: readonly { readonly id: string }[] },
): readonly Alarm[] {
  const tagIds = new Set<string | null>(unit.tags.map(({ id }) => id))
  return alarms
    .filter((alarm) => stands(alarm) && (alarm.nodeId === unit.node.id || tagIds.has(alarm.tagId)))
    .toSorted((a, b) => place(a) - place(b) || newestFirst(a, b))
}

const stands = ({ state }: Alarm): boolean => state !== 'normal' && !isHidden(state)

/** A standing alarm that a process display draws beside its tag: the most urgent one, unacknowledged before acknowledged. */
export function worstOfTag(alarms: readonly Alarm[], tagId: string): Alarm | undefined {
  return alarms.filter((alarm) => alarm.tagId === tagId && stands(alarm)).toSorted((a, b) => urgency(a) - urgency(b))[0]
}
