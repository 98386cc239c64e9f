import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../../identity/access/access.css'

/** The screens about what equipment, gauges and tools are fit for. */
export function EquipmentTabs(): ReactElement {
  return (
    <nav className="access-tabs" aria-label="Fitness for use">
      <Link to="/gauges-and-tools" activeOptions={{ includeSearch: false }}>
        Gauges and tools
      </Link>
      <Link to="/out-of-service" activeOptions={{ includeSearch: false }}>
        Out of service
      </Link>
      <Link to="/special-processes" activeOptions={{ includeSearch: false }}>
        Special processes
      </Link>
    </nav>
  )
}
