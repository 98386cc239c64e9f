import { Link, useRouteContext } from '@tanstack/react-router'
import type { Permission } from '@throughline/model'
import type { ReactElement } from 'react'
import './access.css'

const tabs = [
  { to: '/people', label: 'People', permission: 'identity.person.read' },
  { to: '/qualifications', label: 'Qualifications', permission: 'identity.qualification.read' },
  { to: '/machine-accounts', label: 'Machine accounts', permission: 'identity.person.read' },
  { to: '/badges', label: 'Badges', permission: 'identity.person.read' },
  { to: '/stations', label: 'Stations', permission: 'identity.person.read' },
  { to: '/sessions', label: 'Sessions', permission: undefined },
  { to: '/sign-in-rules', label: 'Sign-in rules', permission: 'identity.person.read' },
  { to: '/access-review', label: 'Access review', permission: 'identity.access-review.read' },
] as const satisfies readonly { to: string; label: string; permission: Permission | undefined }[]

/** The screens about accounts, of those that the person may open. */
export function AccessTabs(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const open = tabs.filter(({ permission }) => permission === undefined || session.permissions.includes(permission))
  return (
    <nav className="access-tabs" aria-label="Accounts">
      {open.map(({ to, label }) => (
        <Link key={to} to={to} activeOptions={{ exact: false, includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
