import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../../identity/access/access.css'

/** The screens about how things are made. */
export function MakingTabs(): ReactElement {
  const options = { includeSearch: false }
  return (
    <nav className="access-tabs" aria-label="Making">
      <Link to="/orders" activeOptions={options}>
        Orders
      </Link>
      <Link to="/instructions" activeOptions={options}>
        Work instructions
      </Link>
      <Link to="/work-definitions" activeOptions={options}>
        Work definitions
      </Link>
      <Link to="/logbooks" activeOptions={options}>
        Logbooks
      </Link>
      <Link to="/cleaning" activeOptions={options}>
        Cleaning
      </Link>
    </nav>
  )
}
