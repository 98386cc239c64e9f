import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../../identity/access/access.css'

/** The three views on what was recorded. */
export function AuditTabs(): ReactElement {
  const exact = { exact: true, includeSearch: false }
  return (
    <nav className="access-tabs" aria-label="Audit">
      <Link to="/audit" activeOptions={exact}>
        Audit trail
      </Link>
      <Link to="/audit/reviews" activeOptions={{ includeSearch: false }}>
        Reviews
      </Link>
      <Link to="/ledger" activeOptions={exact}>
        Ledger
      </Link>
    </nav>
  )
}
