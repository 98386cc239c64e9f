import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../identity/access/access.css'
import './performance.css'

/** The views on what the plant is doing. */
export function PerformanceTabs(): ReactElement {
  const options = { includeSearch: false }
  return (
    <nav className="access-tabs" aria-label="Performance">
      <Link to="/performance" activeOptions={options}>
        Machines
      </Link>
      <Link to="/oee" activeOptions={options}>
        OEE and losses
      </Link>
      <Link to="/stops" activeOptions={options}>
        Stops
      </Link>
      <Link to="/andon" activeOptions={options}>
        Calls
      </Link>
      <Link to="/stop-reasons" activeOptions={options}>
        Reasons
      </Link>
      <Link to="/work-calendars" activeOptions={options}>
        Calendars
      </Link>
      <Link to="/planned-stops" activeOptions={options}>
        Planned stops
      </Link>
      <Link to="/lines" activeOptions={options}>
        Lines
      </Link>
      <Link to="/state-rules" activeOptions={options}>
        State rules
      </Link>
      <Link to="/product-standards" activeOptions={options}>
        Standards
      </Link>
    </nav>
  )
}
