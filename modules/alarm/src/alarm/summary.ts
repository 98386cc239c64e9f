import type { Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Alarm, AlarmState, AlarmSummary, MachineAnswer } from '@throughline/model'
import type { StandingAlarm } from './rules.ts'

type Show = 'standing' | 'shelved' | 'suppressed' | 'out-of-service' | 'unknown' | 'all'

const shown: Readonly<Record<Exclude<Show, 'unknown' | 'all'>, readonly AlarmState[]>> = {
  standing: [
    'unacknowledged',
    'acknowledged',
    'returned-unacknowledged',
    'latched-unacknowledged',
    'latched-acknowledged',
  ],
  shelved: ['shelved'],
  suppressed: ['suppressed-by-design'],
  'out-of-service': ['out-of-service'],
}
const unacknowledged: readonly AlarmState[] = ['unacknowledged', 'returned-unacknowledged', 'latched-unacknowledged']

export function isShown({ state, known }: StandingAlarm, show: Show): boolean {
  if (show === 'all') return true
  return show === 'unknown' ? !known : shown[show].includes(state)
}

/** Unacknowledged ones first, then by priority and by age, the newest first; name decides between equals. */
export function inOrder(alarms: readonly StandingAlarm[]): StandingAlarm[] {
  const key = ({ state, basis, occurredAt, since }: StandingAlarm) =>
    [unacknowledged.includes(state) ? 0 : 1, basis.priority, -(occurredAt ?? since)] as const
  return alarms
    .map((alarm) => ({ alarm, key: key(alarm) }))
    .sort(
      (a, b) =>
        a.key[0] - b.key[0] ||
        a.key[1] - b.key[1] ||
        a.key[2] - b.key[2] ||
        (a.alarm.basis.name < b.alarm.basis.name ? -1 : 1),
    )
    .map(({ alarm }) => alarm)
}

/** Ten alarms in ten minutes are more than one person can answer (ISA-18.2 clause 16, EEMUA 191). */
const floodFrom = 10

/** When a flood is counted from. */
export const floodSince = (now: Instant): Instant => plusMs(now, -600_000)

export function summaryOf(alarms: readonly StandingAlarm[], lastTenMinutes: number): AlarmSummary {
  const count = (test: (alarm: StandingAlarm) => boolean): number => alarms.filter(test).length
  const byPriority = (states: readonly AlarmState[]) => {
    const of = (priority: number) => count(({ state, basis }) => basis.priority === priority && states.includes(state))
    return { 1: of(1), 2: of(2), 3: of(3), 4: of(4) }
  }
  return {
    standing: byPriority(shown.standing),
    unacknowledged: byPriority(unacknowledged),
    shelved: count(({ state }) => state === 'shelved'),
    suppressed: count(({ state }) => state === 'suppressed-by-design'),
    outOfService: count(({ state }) => state === 'out-of-service'),
    unknown: count(({ known }) => !known),
    lastTenMinutes,
    flood: lastTenMinutes >= floodFrom,
  }
}

/** Whose acknowledgement stands: the machine's answer to it is told. */
export const acknowledgedOccurrences = (alarms: readonly StandingAlarm[]): Id<'AlarmOccurrence'>[] =>
  alarms.flatMap(({ state, occurrenceId }) =>
    occurrenceId === null || unacknowledged.includes(state) ? [] : [occurrenceId],
  )

export function alarmOf(
  alarm: StandingAlarm,
  occurrencesLastHour: number,
  answers: ReadonlyMap<Id<'AlarmOccurrence'>, MachineAnswer>,
): Alarm {
  const { basis, state, abnormal, known, occurrenceId, occurredAt, detail, since, comment, shelvedUntil } = alarm
  const { id, name, nodeId, tagId, message, priority, latched, response, timeToRespond, qualityCritical } = basis
  return {
    definitionId: id,
    name,
    nodeId,
    tagId,
    message,
    priority,
    state,
    active: known ? abnormal : null,
    occurrenceId,
    occurredAt,
    detail,
    since,
    by: alarm.changedBy,
    comment,
    shelvedUntil,
    occurrencesLastHour,
    latched,
    response,
    timeToRespond,
    qualityCritical,
    machine: occurrenceId === null ? null : (answers.get(occurrenceId) ?? null),
  }
}
