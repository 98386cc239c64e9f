import type { AccountAccess } from '@throughline/model'
import type { DataColumn } from '@throughline/ui'
import { formatInstant } from '@throughline/ui'
import { Clock3 } from 'lucide-react'
import { GrantList } from './GrantList.tsx'

/** What a reviewer looks at in an account. */
export function accountColumns(timeZone: string | undefined): DataColumn<AccountAccess>[] {
  return [
    {
      key: 'name',
      head: 'Account',
      cell: (account) => (
        <span className="access-person">
          {account.printedName ?? account.name}
          <span className="access-sub">{account.kind === 'machine' ? 'software' : account.name}</span>
        </span>
      ),
    },
    { key: 'roles', head: 'Roles', cell: (account) => <GrantList grants={account.grants} /> },
    { key: 'since', head: 'Held since', tight: true, cell: (account) => sinceOf(account, timeZone) },
    { key: 'state', head: 'State', tight: true, cell: (account) => account.state.replaceAll('-', ' ') },
    {
      key: 'seen',
      head: 'Last seen',
      tight: true,
      cell: (account) => (
        <span className="access-state" data-attention={account.dormant}>
          {account.dormant ? <Clock3 size={14} aria-hidden="true" /> : null}
          {account.lastSeenAt === null ? 'never' : formatInstant(account.lastSeenAt, 'day', timeZone)}
          {account.dormant ? ' · dormant' : ''}
        </span>
      ),
    },
  ]
}

function sinceOf({ grants }: AccountAccess, timeZone: string | undefined) {
  return (
    <ul>
      {grants.map(({ role, nodeId, grantedAt }) => (
        <li key={`${role} ${nodeId}`} className="tl-figure">
          {grantedAt === null ? 'not known' : formatInstant(grantedAt, 'day', timeZone)}
        </li>
      ))}
    </ul>
  )
}
