import { DataTable } from '@throughline/ui'
import type { ReactElement } from 'react'
import { DocumentLink } from '../DocumentLink.tsx'
import type { NamedFile } from './as-built-words.ts'

/** The files behind a record, by the hash of their content. */
export function FileList({
  files,
  of,
}: {
  readonly files: readonly NamedFile[]
  readonly of: string
}): ReactElement | null {
  if (files.length === 0) return null
  return (
    <DataTable
      caption={`Files behind ${of}`}
      rows={files}
      rowKey={({ hash }) => hash}
      columns={[
        { key: 'what', head: 'File', cell: ({ what, hash }) => <DocumentLink hash={hash}>{what}</DocumentLink> },
        { key: 'hash', head: 'SHA-256', cell: ({ hash }) => <code className="made-hash">{hash}</code> },
      ]}
    />
  )
}
