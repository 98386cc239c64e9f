import { Link, useRouteContext } from '@tanstack/react-router'
import { AlarmMark } from '@throughline/ui'
import type { ReactElement } from 'react'
import { countOf } from '../list/list-rules.ts'
import { useAlarms } from './use-alarms.ts'
import '../alarm.css'

const priorities = [1, 2, 3, 4] as const

/** The standing alarms by priority, on every page; the way to their list. Nothing for people who may not read alarms. */
export function TopBarAlarms(): ReactElement | null {
  const { session } = useRouteContext({ from: '/app' })
  if (!session.permissions.includes('alarm.read')) return null
  return <Summary />
}

function Summary(): ReactElement {
  const { summary, error } = useAlarms({ limit: 1 })
  if (summary === undefined) {
    return (
      <Link to="/alarms" className="alarm-tops">
        <span className="alarm-tops-word">Alarms{error === null ? '' : ': could not be read'}</span>
      </Link>
    )
  }
  const standing = countOf(summary.standing)
  const present = priorities.filter((priority) => summary.standing[priority] > 0)
  const [first] = present
  const others = first === undefined ? 0 : standing - summary.standing[first]
  return (
    <>
      <Link to="/alarms" className="alarm-tops">
        {standing === 0 ? (
          <span className="alarm-tops-word">No alarms</span>
        ) : (
          <span className="tl-hidden">Standing alarms:</span>
        )}
        {present.map((priority) => (
          <span key={priority} className="alarm-count" data-first={priority === first}>
            <AlarmMark priority={priority} unacknowledged={summary.unacknowledged[priority] > 0} size={14} />
            <span className="tl-figure">× {summary.standing[priority]}</span>
          </span>
        ))}
        {/* Where there is room for one priority only. */}
        {others === 0 ? null : <span className="alarm-tops-others tl-figure">+ {others}</span>}
        {summary.flood ? <strong className="alarm-tops-word">Flood</strong> : null}
      </Link>
      {/* Told at once only where it cannot wait. */}
      <span className="tl-hidden" role="alert">
        {summary.unacknowledged[1] === 0
          ? ''
          : `${summary.unacknowledged[1]} critical ${summary.unacknowledged[1] === 1 ? 'alarm' : 'alarms'} not acknowledged`}
      </span>
    </>
  )
}
