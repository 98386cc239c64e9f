import { useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { findDocument } from '@throughline/model'
import type { ReactElement, ReactNode } from 'react'
import { ask } from '../door/queries.ts'

const isSha256 = /^[0-9a-f]{64}$/

interface DocumentLinkProps {
  readonly hash: string
  readonly children: ReactNode
}

/** Leads to the original of a document where the plant has it, and is plain words where it has the hash alone. */
export function DocumentLink({ hash, children }: DocumentLinkProps): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const { data } = useQuery({
    ...ask(findDocument, { hash }),
    enabled: session.permissions.includes('quality.read') && isSha256.test(hash),
    // A document never changes; of a hash without one the answer is that there is none.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (data === undefined) return <>{children}</>
  return (
    <a href={`/api/document/${hash}`} download={data.name.split('/').at(-1)} title={data.name}>
      {children}
    </a>
  )
}
