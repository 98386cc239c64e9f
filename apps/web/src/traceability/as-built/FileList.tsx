import type { AsBuilt } from '@throughline/model'
import { DataTable } from '@throughline/ui'
import type { ReactElement } from 'react'
import { DocumentLink } from '../DocumentLink.tsx'

/** The files behind a record, by the hash of their content. */
export function FileList({
  files,
  of,
}: {
  readonly files: AsBuilt['files']
  readonly of: string
}): ReactElement | null {
  if (files.length === 0) return null
  return (
    <DataTable
      caption={`Files behind ${of}`}
      rows={files}
      rowKey={({ sha256 }) => sha256}
      columns={[
        {
          key: 'what',
          head: 'File',
          cell: ({ of: what, sha256 }) => <DocumentLink hash={sha256}>{what}</DocumentLink>,
        },
        { key: 'hash', head: 'SHA-256', cell: ({ sha256 }) => <code className="made-hash">{sha256}</code> },
      ]}
    />
  )
}
