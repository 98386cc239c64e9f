import { useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { findDocument, findMedia } from '@throughline/model'
import type { ReactElement, ReactNode } from 'react'
import { ask } from '../door/queries.ts'
import { mediaAddress } from '../execution/offline/kept-files.ts'

const isSha256 = /^[0-9a-f]{64}$/

interface DocumentLinkProps {
  readonly hash: string
  readonly children: ReactNode
}

/** Leads to the file of this content where the plant has it, and is plain words where it has the hash alone. */
export function DocumentLink({ hash, children }: DocumentLinkProps): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  // A file never changes; of a hash without one the answer is that there is none.
  const once = { staleTime: Number.POSITIVE_INFINITY, retry: false }
  const mayAsk = session.permissions.includes('quality.read')
  const document = useQuery({ ...ask(findDocument, { hash }), enabled: mayAsk && isSha256.test(hash), ...once })
  // What agents and imports delivered is a document; what people stored with their work is not.
  const isNoDocument = isSha256.test(hash) && (!mayAsk || document.isError)
  const media = useQuery({ ...ask(findMedia, { hash }), enabled: isNoDocument, ...once })
  if (document.data !== undefined) {
    const { name } = document.data
    return (
      <a href={`/api/document/${hash}`} download={name.split('/').at(-1)} title={name}>
        {children}
      </a>
    )
  }
  if (media.data === undefined) return <>{children}</>
  return (
    <a href={mediaAddress(hash)} target="_blank" rel="noreferrer" title={media.data.type}>
      {children}
    </a>
  )
}
