import { Button } from '@mantine/core'
import type { Instant } from '@throughline/kernel'
import { DataTable, EmptyState, formatInstant } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import type { LevelNode } from './thread-graph.ts'
import type { SortColumn } from './thread-sort.ts'
import { sortedNodes } from './thread-sort.ts'
import { kindWord, levelWords } from './thread-words.ts'

interface ThreadTableProps {
  readonly nodes: readonly LevelNode[]
  readonly chosenKey: string | undefined
  readonly timeZone: string | undefined
  readonly onPick: (key: string) => void
}

const page = 200

/** The nodes of the drawing as rows, in the order that one wants. */
export function ThreadTable({ nodes, chosenKey, timeZone, onPick }: ThreadTableProps): ReactElement {
  const [sort, setSort] = useState<{ readonly by: SortColumn; readonly isDown: boolean }>({
    by: 'level',
    isDown: false,
  })
  const [shown, setShown] = useState(page)
  const rows = sortedNodes(nodes, sort.by, sort.isDown)

  const head = (by: SortColumn, words: string): ReactNode => (
    <button
      type="button"
      className="thread-sort"
      onClick={() => setSort({ by, isDown: sort.by === by && !sort.isDown })}
    >
      {words}
      <span aria-hidden="true">{sort.by === by ? (sort.isDown ? ' ↓' : ' ↑') : ''}</span>
      <span className="tl-hidden">
        {sort.by === by ? (sort.isDown ? ', sorted from the last' : ', sorted from the first') : ', sort by it'}
      </span>
    </button>
  )
  const time = (at: Instant | null): string => (at === null ? '—' : formatInstant(at, 'record', timeZone))

  return (
    <section aria-labelledby="thread-table">
      <h2 id="thread-table">As a table</h2>
      <DataTable
        caption="Everything in the drawing"
        rows={rows.slice(0, shown)}
        rowKey={({ key }) => key}
        empty={<EmptyState title="Nothing fits." reason="Take back the search." />}
        columns={[
          { key: 'level', head: head('level', 'Distance'), tight: true, cell: ({ level }) => levelWords(level) },
          { key: 'kind', head: head('kind', 'Kind'), tight: true, cell: ({ kind }) => kindWord(kind) },
          {
            key: 'label',
            head: head('label', 'Name'),
            tight: true,
            cell: ({ key, label }) => (
              <Button variant="subtle" size="compact-sm" aria-pressed={key === chosenKey} onClick={() => onPick(key)}>
                {label}
              </Button>
            ),
          },
          { key: 'detail', head: head('detail', 'What'), cell: ({ detail }) => detail || '—' },
          { key: 'at', head: head('at', 'When'), tight: true, cell: ({ at }) => time(at) },
        ]}
      />
      {rows.length > shown ? (
        <p className="thread-more">
          {shown} of {rows.length} rows.{' '}
          <Button variant="default" size="compact-sm" onClick={() => setShown(shown + page)}>
            Show {Math.min(page, rows.length - shown)} more
          </Button>
        </p>
      ) : null}
    </section>
  )
}
