import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AlarmDefinition, AlarmEvent, AlarmPhilosophy, AlarmState } from '@throughline/model'
import { isHidden, nextState, refusalOf } from './transitions.ts'

/** What an alarm takes from its released definition. */
export type AlarmBasis = Pick<
  AlarmDefinition,
  | 'id'
  | 'name'
  | 'nodeId'
  | 'tagId'
  | 'message'
  | 'priority'
  | 'latched'
  | 'qualityCritical'
  | 'response'
  | 'timeToRespond'
>

/** One alarm as it stands. */
export interface StandingAlarm {
  readonly basis: AlarmBasis
  readonly state: AlarmState
  /** The process underneath, as it was last known. */
  readonly abnormal: boolean
  /** Whether the signal is good enough to know it now. */
  readonly known: boolean
  readonly suppressionHolds: boolean
  readonly occurrenceId: Id<'AlarmOccurrence'> | null
  readonly occurredAt: Instant | null
  readonly detail: string
  readonly since: Instant
  readonly changedBy: string | null
  readonly comment: string
  readonly shelvedUntil: Instant | null
}

/** What is done to an alarm, by a person or by the process. */
export interface Deed {
  readonly event: AlarmEvent
  readonly at: Instant
  readonly by: string | null
  /** It was done at the machine that raised the alarm, not here. */
  readonly isMachine?: boolean
  readonly comment: string
  /** Of the value, for what the process does. */
  readonly detail: string
  /** The deviation about what quality found, where that did it. */
  readonly deviationId?: Id<'Deviation'> | null
  readonly shelvedUntil: Instant | null
}

/** What a deed leaves. */
export interface Step {
  readonly before: StandingAlarm
  readonly alarm: StandingAlarm
  readonly event: AlarmEvent
  readonly deed: Deed
  /** The occurrence that the step belongs to. */
  readonly occurrenceId: Id<'AlarmOccurrence'> | null
  /** A new occurrence began, or one is told once more: it came out of hiding, or became more urgent. */
  readonly annunciated: 'new' | 'again' | null
  /** There is nothing left to call anybody for. */
  readonly answered: boolean
}

/** Does one thing to an alarm; a refusal is the sentence that says why. */
export function stepOf(
  alarm: StandingAlarm,
  deed: Deed,
  newOccurrence: () => Id<'AlarmOccurrence'>,
): Step | { readonly refused: string } {
  const begins = deed.event === 'occur'
  const event = begins && isGone(alarm.state) ? 're-alarm' : deed.event
  const abnormal = begins || (event !== 'return' && alarm.abnormal)
  const state = nextState(alarm.state, event, { abnormal, latched: alarm.basis.latched })
  if (state === undefined) return { refused: refusalOf(alarm.basis.name, alarm.state, event, alarm.changedBy) }
  const occurrenceId = begins ? newOccurrence() : alarm.occurrenceId
  const occurredAt = begins ? deed.at : alarm.occurredAt
  const ended = state === 'normal' || (isHidden(state) && !abnormal)
  const staysHidden = state === alarm.state && (begins || event === 'return')
  return {
    before: alarm,
    event,
    deed,
    occurrenceId,
    annunciated: begins
      ? 'new'
      : event === 're-alarm' || (state === 'unacknowledged' && isHidden(alarm.state))
        ? 'again'
        : null,
    answered: isCalling(alarm.state) && !isCalling(state),
    alarm: {
      ...alarm,
      state,
      abnormal,
      occurrenceId: ended ? null : occurrenceId,
      occurredAt: ended ? null : occurredAt,
      detail: begins || isAnew(event, deed) ? deed.detail : ended ? '' : alarm.detail,
      ...(staysHidden ? {} : { since: deed.at, changedBy: deed.by, comment: deed.comment }),
      shelvedUntil: state !== 'shelved' ? null : staysHidden ? alarm.shelvedUntil : deed.shelvedUntil,
    },
  }
}

/** One more event while the alarm stands: its words are what somebody has to see now. */
const isAnew = (event: AlarmEvent, { detail }: Deed): boolean => event === 're-alarm' && detail !== ''

/** The process is normal again, and the alarm still waits for somebody. */
const isGone = (state: AlarmState): boolean =>
  state === 'returned-unacknowledged' || state === 'latched-unacknowledged' || state === 'latched-acknowledged'

/** Somebody should come: nobody has acknowledged it. */
const isCalling = (state: AlarmState): boolean =>
  state === 'unacknowledged' || state === 'returned-unacknowledged' || state === 'latched-unacknowledged'

/**
 * How long an alarm of this priority may lie on the shelf; and one that is out of service is returned by those who may.
 * @throws DomainError `invalid` (`alarm.shelf-too-long`), `conflict` (`alarm.out-of-service`)
 */
export function assertShelvable(
  alarm: StandingAlarm,
  forSeconds: number,
  philosophy: Pick<AlarmPhilosophy, 'maxShelfSeconds'>,
): void {
  const { name, priority } = alarm.basis
  if (alarm.state === 'out-of-service') {
    throw new DomainError(
      'conflict',
      'alarm.out-of-service',
      `Alarm ${name} is out of service (${alarm.changedBy ?? 'by design'}): return it to service first`,
      { name },
    )
  }
  const longest = Reflect.get(philosophy.maxShelfSeconds, priority) as number
  if (forSeconds <= longest) return
  throw new DomainError(
    'invalid',
    'alarm.shelf-too-long',
    `An alarm of priority ${priority} is shelved for ${hours(longest)} at most: shelve ${name} for less`,
    { name, longestSeconds: longest, fields: [{ path: 'forSeconds', message: `at most ${longest}` }] },
  )
}

const hours = (seconds: number): string => `${Number((seconds / 3600).toFixed(2))} h`
