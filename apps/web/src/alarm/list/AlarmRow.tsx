import { Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { Alarm, MachineAnswer } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, formatDuration, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { alarmStateWords, isHidden, isUnacknowledged, machineWords, respondWords } from '../alarm-words.ts'
import type { AlarmTask } from './AlarmDialogs.tsx'
import { actionsOf, isChattering, isOverdue } from './list-rules.ts'

interface AlarmRowProps {
  readonly alarm: Alarm
  readonly tree: PlantTree
  readonly now: Instant
  readonly selected: boolean
  readonly onSelect: (selected: boolean) => void
  readonly onTask: (task: AlarmTask) => void
}

/** One alarm: what it is, how long it stands, what to do about it. */
export function AlarmRow({ alarm, tree, now, selected, onSelect, onTask }: AlarmRowProps): ReactElement {
  const node = tree.byId(alarm.nodeId)
  const timeZone = tree.timeZoneOf(alarm.nodeId)
  return (
    <li className="alarm-row">
      <label className="alarm-pick">
        <input type="checkbox" checked={selected} onChange={(event) => onSelect(event.currentTarget.checked)} />
        <span className="tl-hidden">Choose {alarm.name}</span>
      </label>
      <AlarmMark
        priority={alarm.priority as AlarmPriority}
        unacknowledged={isUnacknowledged(alarm.state)}
        hidden={isHidden(alarm.state)}
      />
      <div className="alarm-what">
        <Link to="/alarms/$definitionId" params={{ definitionId: alarm.definitionId }} className="alarm-message">
          {alarm.message}
        </Link>
        <span className="access-sub">
          {node?.path ?? 'equipment outside your scopes'} · {alarm.name}
        </span>
        {alarm.detail === '' ? null : <span className="alarm-detail tl-figure">{alarm.detail}</span>}
      </div>
      <div className="alarm-since">
        <AlarmStanding alarm={alarm} now={now} timeZone={timeZone} />
      </div>
      <div className="alarm-response">
        {alarm.response === '' ? <span className="tl-dim">No response is written down</span> : alarm.response}
        <span className="access-sub">Respond within: {respondWords[alarm.timeToRespond]}</span>
      </div>
      <AlarmButtons alarm={alarm} onTask={onTask} />
    </li>
  )
}

interface AlarmStandingProps {
  readonly alarm: Alarm
  readonly now: Instant
  readonly timeZone: string | undefined
}

/** State, age and who changed it last. */
export function AlarmStanding({ alarm, now, timeZone }: AlarmStandingProps): ReactElement {
  const { state, occurredAt, since, by, comment, shelvedUntil, active, occurrencesLastHour, machine } = alarm
  return (
    <>
      <strong>{alarmStateWords[state]}</strong>
      {active === null ? <span className="alarm-note">? Unknown: its signal is bad</span> : null}
      <span className="access-sub" title={formatInstant(occurredAt ?? since, 'record', timeZone)}>
        {occurredAt === null ? 'since' : 'occurred'} {formatDuration((now - (occurredAt ?? since)) / 1000)} ago
      </span>
      {isOverdue(alarm, now) ? <span className="alarm-note">Time to respond is over</span> : null}
      {isChattering(alarm) ? (
        <span className="alarm-note">Repeating: {occurrencesLastHour} times within the hour</span>
      ) : null}
      {shelvedUntil === null || state !== 'shelved' ? null : (
        <span className="access-sub">until {formatInstant(shelvedUntil, 'record', timeZone)}</span>
      )}
      {by === null ? null : (
        <span className="access-sub">
          by {by}
          {comment === '' ? '' : `: ${comment}`}
        </span>
      )}
      {machine === null ? null : (
        <span className={hasFailed(machine) ? 'alarm-note' : 'access-sub'}>{machineWords(machine, timeZone)}</span>
      )}
    </>
  )
}

/** Somebody has to go to the machine. */
const hasFailed = ({ state }: MachineAnswer): boolean => state === 'refused' || state === 'unanswered'

interface AlarmButtonsProps {
  readonly alarm: Alarm
  readonly onTask: (task: AlarmTask) => void
}

/** What may be done to an alarm as it stands; what the person may not do says whom to ask. */
export function AlarmButtons({ alarm, onTask }: AlarmButtonsProps): ReactElement {
  const denial = useDenial()
  const can = actionsOf(alarm)
  const mayNotAnswer = denial('alarm.acknowledge', 'acknowledge or reset alarms')
  const mayNotShelve = denial('alarm.shelve', 'shelve alarms')
  const mayNotSuppress = denial('alarm.suppress', 'take alarms out of service')
  const buttons = [
    {
      shown: can.acknowledge,
      word: 'Acknowledge',
      reason: mayNotAnswer,
      task: { kind: 'acknowledge', alarms: [alarm] },
    },
    { shown: can.reset, word: 'Reset', reason: mayNotAnswer, task: { kind: 'reset', alarms: [alarm] } },
    { shown: can.shelve, word: 'Shelve', reason: mayNotShelve, task: { kind: 'shelve', alarm } },
    { shown: can.unshelve, word: 'Unshelve', reason: mayNotShelve, task: { kind: 'unshelve', alarm } },
    { shown: can.takeOutOfService, word: 'Out of service', reason: mayNotSuppress, task: { kind: 'take-out', alarm } },
    { shown: can.returnToService, word: 'Return to service', reason: mayNotSuppress, task: { kind: 'return', alarm } },
  ] as const satisfies readonly { shown: boolean; word: string; reason: string | undefined; task: AlarmTask }[]
  return (
    <div className="alarm-buttons">
      {buttons
        .filter(({ shown }) => shown)
        .map(({ word, reason, task }) => (
          <GuardedButton
            key={word}
            variant="default"
            size="compact-sm"
            reason={reason}
            aria-label={`${word}: ${alarm.name}`}
            onClick={() => onTask(task)}
          >
            {word}
          </GuardedButton>
        ))}
    </div>
  )
}
