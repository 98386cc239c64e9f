import { Link } from '@tanstack/react-router'
import type { Alarm } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, formatDuration } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { alarmStateWords, isUnacknowledged } from '../alarm-words.ts'
import '../../identity/access/access.css'
import '../alarm.css'

interface NodeAlarmsProps {
  readonly alarms: readonly Alarm[]
  /** Path of the node, for the way to all of them. */
  readonly node: string
}

const most = 10

/** The standing alarms of one piece of equipment, on its own page; nothing while none stands. */
export function NodeAlarms({ alarms, node }: NodeAlarmsProps): ReactElement | null {
  const now = useNow(5000)
  if (alarms.length === 0) return null
  return (
    <section className="performance-panel node-alarms" aria-labelledby="node-alarms">
      <h2 id="node-alarms">Standing alarms</h2>
      <ul>
        {alarms.slice(0, most).map((alarm) => (
          <li key={alarm.definitionId} className="node-alarm">
            <AlarmMark priority={alarm.priority as AlarmPriority} unacknowledged={isUnacknowledged(alarm.state)} />
            <span>
              <Link to="/alarms/$definitionId" params={{ definitionId: alarm.definitionId }}>
                {alarm.message}
              </Link>
              <span className="access-sub">
                {alarmStateWords[alarm.state]}, {formatDuration((now - (alarm.occurredAt ?? alarm.since)) / 1000)}
                {alarm.detail === '' ? '' : ` · ${alarm.detail}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        <Link to="/alarms" search={{ node }}>
          {alarms.length > most ? `All ${alarms.length} on the alarm list` : 'To the alarm list'}
        </Link>
      </p>
    </section>
  )
}
