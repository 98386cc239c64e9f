import { Link } from '@tanstack/react-router'
import type { Tag } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import { LineChart } from 'lucide-react'
import type { ReactElement } from 'react'
import { useLiveTag } from '../../live/live-hooks.ts'
import { TagValue } from './TagValue.tsx'

interface TagRowsProps {
  readonly caption: string
  readonly tags: readonly Tag[]
  readonly timeZone: string | undefined
}

/** Tags as rows: value with quality, since when, and the way to the trend. */
export function TagRows({ caption, tags, timeZone }: TagRowsProps): ReactElement {
  return (
    <DataTable
      caption={caption}
      rows={tags}
      rowKey={(tag) => tag.id}
      columns={[
        { key: 'name', head: 'Tag', cell: (tag) => <span title={tag.path}>{tag.name}</span> },
        { key: 'value', head: 'Value', align: 'right', cell: (tag) => <TagValue tag={tag} /> },
        {
          key: 'at',
          head: 'Time',
          align: 'right',
          tight: true,
          cell: (tag) => <TagTime tag={tag} timeZone={timeZone} />,
        },
        {
          key: 'trend',
          head: <span className="tl-hidden">Trend</span>,
          tight: true,
          cell: (tag) => (tag.dataType === 'string' ? null : <TrendLink tag={tag} />),
        },
      ]}
    />
  )
}

/** The source's own time of the newest reading. */
export function TagTime({ tag, timeZone }: { readonly tag: Tag; readonly timeZone: string | undefined }): ReactElement {
  const { figure } = useLiveTag(tag.id)
  if (figure === undefined) return <span className="tl-dim">—</span>
  return (
    <span className="tl-figure tl-dim" title={formatInstant(figure.at, 'record', timeZone)}>
      {formatInstant(figure.at, 'second', timeZone)}
    </span>
  )
}

function TrendLink({ tag }: { readonly tag: Tag }): ReactElement {
  return (
    <Link to="/trend" search={{ tags: tag.id, last: '1h' }} className="trend-link" aria-label={`Trend of ${tag.path}`}>
      <LineChart size={16} aria-hidden="true" />
    </Link>
  )
}
