import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../identity/access/access.css'
import '../performance/performance.css'

/** The views on what was made of what. */
export function TraceTabs(): ReactElement {
  return (
    <nav className="access-tabs" aria-label="Genealogy">
      <Link to="/genealogy" activeOptions={{ includeSearch: false }}>
        Genealogy
      </Link>
      <Link to="/recalls" activeOptions={{ includeSearch: false }}>
        Recall drills
      </Link>
    </nav>
  )
}
