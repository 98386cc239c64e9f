import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../identity/access/access.css'
import '../performance/performance.css'
import './alarm.css'

/** The views on the alarms. */
export function AlarmTabs(): ReactElement {
  const options = { includeSearch: false, exact: true }
  return (
    <nav className="access-tabs" aria-label="Alarms">
      <Link to="/alarms" activeOptions={options}>
        Alarm list
      </Link>
      <Link to="/alarm-history" activeOptions={options}>
        History
      </Link>
      <Link to="/alarm-kpis" activeOptions={options}>
        Key figures
      </Link>
      <Link to="/alarm-definitions" activeOptions={{ includeSearch: false }}>
        Master alarm database
      </Link>
      <Link to="/alarm-philosophy" activeOptions={options}>
        Philosophy
      </Link>
      <Link to="/alarm-rosters" activeOptions={options}>
        Rosters and calls
      </Link>
    </nav>
  )
}
