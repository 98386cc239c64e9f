import { Link, useRouteContext } from '@tanstack/react-router'
import { ClipboardCheck, Network } from 'lucide-react'
import type { ReactElement } from 'react'
import '../platform/record/record.css'

interface ThreadLinkProps {
  readonly kind: 'lot' | 'order' | 'deviation'
  /** The code of a lot; of others their id. */
  readonly id: string
}

/** The way from a record to what went into it and what came of it; nothing for people who may not read that. */
export function ThreadLink({ kind, id }: ThreadLinkProps): ReactElement | null {
  const mayTrace = useMayTrace()
  if (!mayTrace) return null
  return (
    <Link
      to="/genealogy/$code"
      params={{ code: id }}
      search={kind === 'lot' ? {} : { kind }}
      className="record-trail-link"
    >
      <Network size={14} aria-hidden="true" /> Genealogy
    </Link>
  )
}

/** The way from a lot or serial to how it was made; nothing for people who may not read that. */
export function AsBuiltLink({ code }: { readonly code: string }): ReactElement | null {
  const mayTrace = useMayTrace()
  if (!mayTrace) return null
  return (
    <Link to="/lots/$code/as-built" params={{ code }} className="record-trail-link">
      <ClipboardCheck size={14} aria-hidden="true" /> How it was made
    </Link>
  )
}

function useMayTrace(): boolean {
  const { session } = useRouteContext({ from: '/app' })
  return session.permissions.includes('traceability.read')
}
