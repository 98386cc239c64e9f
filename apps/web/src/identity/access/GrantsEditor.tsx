import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Role, RoleGrant } from '@throughline/model'
import { roles } from '@throughline/model'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { nodesQuery } from '../../door/queries.ts'
import { ScopePicker } from './ScopePicker.tsx'
import './access.css'

interface GrantsEditorProps {
  readonly grants: readonly RoleGrant[]
  readonly onChange: (grants: RoleGrant[]) => void
  /** Machine accounts may hold the role of an edge agent, people may not. */
  readonly forSoftware?: boolean
}

/** Roles and where each is held. */
export function GrantsEditor({ grants, onChange, forSoftware = false }: GrantsEditorProps): ReactElement {
  const nodes = useQuery(nodesQuery).data ?? []
  const offered = roles.filter((role) => forSoftware || role !== 'edge-agent')
  const replace = (index: number, change: Partial<RoleGrant>): void =>
    onChange(grants.map((grant, place) => (place === index ? { ...grant, ...change } : grant)))
  return (
    <fieldset className="grants">
      <legend>Roles</legend>
      <ul>
        {grants.map((grant, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two rows may hold the same role and place while being edited
          <li key={index} className="grant">
            <NativeSelect
              aria-label={`Role ${index + 1}`}
              data={[...offered]}
              value={grant.role}
              onChange={(event) => replace(index, { role: event.currentTarget.value as Role })}
            />
            <ScopePicker
              label={`Scope of role ${index + 1}`}
              nodes={nodes}
              value={grant.nodeId}
              onPick={(nodeId) => replace(index, { nodeId })}
            />
            <button
              type="button"
              className="icon-button"
              aria-label={`Take role ${index + 1} away`}
              disabled={grants.length === 1}
              title={grants.length === 1 ? 'An account holds at least one role.' : undefined}
              onClick={() => onChange(grants.filter((_, place) => place !== index))}
            >
              <X size={16} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => onChange([...grants, { role: firstFree(offered, grants), nodeId: null }])}
      >
        Add a role
      </Button>
    </fieldset>
  )
}

/** A role that is not yet held for the whole plant. */
const firstFree = (offered: readonly Role[], grants: readonly RoleGrant[]): Role =>
  offered.find((role) => !grants.some((grant) => grant.role === role && grant.nodeId === null)) ?? 'operator'
