import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { EquipmentClassVersion } from '@throughline/model'
import { listClasses, prepareSignature } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { usePlantZone } from '../node/plant-hooks.ts'
import { recordOf, signingWords } from './class-words.ts'
import './class.css'

/** Every version of every equipment class, with whether it may be relied on. */
export function ClassListScreen(): ReactElement {
  const { data: versions, error } = useQuery(ask(listClasses, {}))
  const timeZone = usePlantZone()
  return (
    <>
      <ScreenHead title="Equipment classes" answer={versions === undefined ? undefined : countText(versions)} />
      {error === null ? null : <ProblemNotice what="The classes could not be listed" error={error} />}
      {versions === undefined ? null : (
        <DataTable
          caption="Versions of equipment classes"
          rows={versions}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              head: 'Class',
              tight: true,
              cell: (row) => (
                <Link to="/classes/$classId" params={{ classId: row.id }}>
                  {row.name}
                </Link>
              ),
            },
            { key: 'version', head: 'Version', align: 'right', tight: true, cell: (row) => row.version },
            { key: 'state', head: 'State', tight: true, cell: (row) => stateWord[row.state] },
            { key: 'signed', head: 'Signatures', tight: true, cell: (row) => <SigningState version={row} /> },
            { key: 'tags', head: 'Tags', align: 'right', tight: true, cell: (row) => row.tags.length },
            {
              key: 'at',
              head: 'Published',
              tight: true,
              cell: (row) => (row.publishedAt === null ? '—' : formatInstant(row.publishedAt, 'record', timeZone)),
            },
            { key: 'description', head: 'Description', cell: (row) => row.description },
          ]}
          empty={
            <EmptyState
              title="No equipment classes yet"
              reason="They come with the plant model, or are drafted by an engineer."
            />
          }
        />
      )}
    </>
  )
}

const stateWord = { draft: 'Draft', published: 'Published' } as const

function countText(versions: readonly EquipmentClassVersion[]): string {
  const classes = new Set(versions.map((version) => version.name)).size
  return `${classes} ${classes === 1 ? 'class' : 'classes'} in ${versions.length} ${versions.length === 1 ? 'version' : 'versions'}`
}

function SigningState({ version }: { readonly version: EquipmentClassVersion }): ReactElement {
  const { data, isError } = useQuery(ask(prepareSignature, { record: recordOf(version.id) }))
  if (isError) return <span className="tl-dim">could not be read</span>
  return <span className="class-signing">{data === undefined ? '' : signingWords(data.steps)}</span>
}
