import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { EquipmentClassVersion, TagTemplate } from '@throughline/model'
import { listClasses } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, formatNumber, ProblemNotice, unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { RecordSignatures } from '../../identity/signature/RecordSignatures.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { usePlantZone } from '../node/plant-hooks.ts'
import { isReleased, recordOf, signingWords } from './class-words.ts'
import './class.css'

const route = getRouteApi('/app/classes/$classId')
const classesQuery = ask(listClasses, {})

/** One version of an equipment class: its tags, and who stands for it. */
export function ClassVersionScreen(): ReactElement {
  const { classId } = route.useParams()
  const { data: versions, error } = useQuery(classesQuery)
  const version = versions?.find((each) => each.id === classId)
  if (version !== undefined) return <VersionOf key={version.id} version={version} />
  return (
    <>
      <ScreenHead title="Equipment class" />
      {error === null ? null : <ProblemNotice what="The class could not be read" error={error} />}
      {versions === undefined ? null : (
        <EmptyState
          title="No such version of an equipment class"
          action={<Link to="/classes">Go to the equipment classes</Link>}
        />
      )}
    </>
  )
}

function VersionOf({ version }: { readonly version: EquipmentClassVersion }): ReactElement {
  const timeZone = usePlantZone()
  const record = recordOf(version.id)
  const signing = useSigning(record, { shows: [classesQuery] })
  const steps = signing.preparation?.steps
  return (
    <div className="class-screen">
      <ScreenHead
        above={
          <nav aria-label="Where this is">
            <Link to="/classes">Equipment classes</Link>
          </nav>
        }
        title={`${version.name}, version ${version.version}`}
        answer={
          <>
            {steps === undefined ? null : <strong>{signingWords(steps)}</strong>}
            <span>
              {version.publishedAt === null
                ? 'Draft'
                : `Published ${formatInstant(version.publishedAt, 'record', timeZone)}`}
            </span>
            {version.description === '' ? null : <span>{version.description}</span>}
          </>
        }
        actions={<RecordTrailLink kind={record.kind} id={record.id} />}
      />
      {steps === undefined || isReleased(steps) ? null : <p className="screen-note">{notReleased[version.state]}</p>}
      <RecordSignatures signing={signing} />
      <div className="class-tags">
        <h2>Tags of every instance</h2>
        <DataTable
          caption="Tags of every instance"
          rows={version.tags}
          rowKey={(tag) => tag.name}
          columns={[
            { key: 'name', head: 'Tag', tight: true, cell: (tag) => tag.name },
            { key: 'type', head: 'Type', tight: true, cell: (tag) => tag.dataType },
            { key: 'unit', head: 'Unit', tight: true, cell: (tag) => unitLabel(tag.unit) || '—' },
            {
              key: 'range',
              head: 'Range',
              align: 'right',
              tight: true,
              cell: (tag) => band(tag, tag.rangeLow, tag.rangeHigh),
            },
            {
              key: 'normal',
              head: 'Normal',
              align: 'right',
              tight: true,
              cell: (tag) => band(tag, tag.normalLow, tag.normalHigh),
            },
            { key: 'writable', head: 'Writable', tight: true, cell: (tag) => (tag.writable ? 'Yes' : 'No') },
            { key: 'description', head: 'Description', cell: (tag) => tag.description },
          ]}
          empty={<EmptyState title="No tags" reason="Instances of this version have tags of their own only." />}
        />
      </div>
    </div>
  )
}

const notReleased = {
  draft: 'This version is a draft. It can still be changed, and a change makes the signatures on it void.',
  published:
    'This version is not released yet. Equipment can be made of it all the same: the signatures are on record, they do not lock it.',
} as const

/** `0 … 100`; a side that is open is left out. */
function band(tag: TagTemplate, low: number | null, high: number | null): ReactElement {
  const side = (value: number | null): string => (value === null ? '' : formatNumber(value, tag.decimals))
  return <span className="tl-figure">{low === null && high === null ? '—' : `${side(low)} … ${side(high)}`}</span>
}
