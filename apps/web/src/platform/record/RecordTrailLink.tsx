import { Link, useRouteContext } from '@tanstack/react-router'
import { History } from 'lucide-react'
import type { ReactElement } from 'react'
import './record.css'

/** The way from a record to who changed it, when and why; nothing for people who may not read the trail. */
export function RecordTrailLink({ kind, id }: { readonly kind: string; readonly id: string }): ReactElement | null {
  const { session } = useRouteContext({ from: '/app' })
  if (!session.permissions.includes('platform.audit.read')) return null
  return (
    <Link to="/audit/record/$kind/$id" params={{ kind, id }} className="record-trail-link">
      <History size={14} aria-hidden="true" /> Audit trail
    </Link>
  )
}
