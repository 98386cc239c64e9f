import { useQuery } from '@tanstack/react-query'
import type { RoleGrant } from '@throughline/model'
import type { ReactElement } from 'react'
import { nodesQuery } from '../../door/queries.ts'
import { scopeText } from './ScopePicker.tsx'

/** Roles with where each is held, one a line. */
export function GrantList({ grants }: { grants: readonly RoleGrant[] }): ReactElement {
  const nodes = useQuery(nodesQuery).data ?? []
  return (
    <ul>
      {grants.map(({ role, nodeId }) => (
        <li key={`${role} ${nodeId}`}>
          {role}
          {nodeId === null ? '' : <span className="tl-dim"> at {scopeText(nodes, nodeId)}</span>}
        </li>
      ))}
    </ul>
  )
}
