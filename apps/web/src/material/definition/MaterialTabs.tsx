import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import '../../identity/access/access.css'

/** The screens about material. */
export function MaterialTabs(): ReactElement {
  const options = { includeSearch: false }
  return (
    <nav className="access-tabs" aria-label="Material">
      <Link to="/lots" activeOptions={options}>
        Lots
      </Link>
      <Link to="/containers" activeOptions={options}>
        Containers
      </Link>
      <Link to="/materials" activeOptions={options}>
        Materials
      </Link>
      <Link to="/bills-of-material" activeOptions={options}>
        Bills of material
      </Link>
    </nav>
  )
}
