import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Inspection } from '@throughline/model'
import { listInspections } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { failedOf, kindWords, passedWords } from './characteristics.ts'
import { InspectionDeviation } from './InspectionDeviation.tsx'

interface InspectionListProps {
  readonly of:
    | { readonly lotId: NonNullable<Inspection['lotId']> }
    | { readonly orderId: NonNullable<Inspection['orderId']> }
  /** The lot or serial that a new one is about. */
  readonly piece?: string
  /** The order that a new one is about. */
  readonly order?: string
  readonly timeZone: string | undefined
}

/** What was measured on a lot, or on the pieces of an order, newest first; and the way to record another one. */
export function InspectionList({ of, piece, order, timeZone }: InspectionListProps): ReactElement {
  const navigate = useNavigate()
  const denial = useDenial()
  const { data, error } = useQuery({ ...ask(listInspections, of), refetchInterval: makingRefreshMs })
  return (
    <section aria-labelledby="inspections">
      <div className="performance-panel-head">
        <h2 id="inspections">Inspections</h2>
        <GuardedButton
          variant="default"
          reason={denial('quality.inspection.record', 'record inspections')}
          onClick={() => void navigate({ to: '/inspect', search: { piece, order } })}
        >
          Record an inspection
        </GuardedButton>
      </div>
      {error === null ? null : <ProblemNotice what="The inspections could not be read" error={error} />}
      {data === undefined ? null : (
        <>
          {data.total > data.inspections.length ? (
            <p className="screen-note">
              The newest {data.inspections.length} of {data.total} are shown.
            </p>
          ) : null}
          <DataTable
            caption="Inspections, newest first"
            rows={data.inspections}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                title="No inspection is recorded."
                reason="They come from measuring machines, or a person records them."
              />
            }
            columns={[
              {
                key: 'at',
                head: 'When',
                tight: true,
                cell: ({ at }) => <span className="tl-figure">{formatInstant(at, 'record', timeZone)}</span>,
              },
              { key: 'kind', head: 'Kind', tight: true, cell: ({ kind }) => kindWords[kind] },
              { key: 'result', head: 'Result', tight: true, cell: (inspection) => <Result inspection={inspection} /> },
              {
                key: 'piece',
                head: 'Piece',
                cell: ({ piece: code, lotId, results }) => (
                  <>
                    {lotId === null ? (
                      code
                    ) : (
                      <Link className="making-piece" to="/lots/$code/as-built" params={{ code }}>
                        {code}
                      </Link>
                    )}
                    <span className="machine-sub">
                      {results.length} {results.length === 1 ? 'characteristic' : 'characteristics'}
                    </span>
                  </>
                ),
              },
              { key: 'gauge', head: 'With', tight: true, cell: ({ gauge }) => gauge ?? 'not known' },
              { key: 'by', head: 'Recorded by', tight: true, cell: ({ recordedBy }) => recordedBy },
            ]}
          />
        </>
      )}
    </section>
  )
}

function Result({ inspection }: { readonly inspection: Inspection }): ReactElement {
  if (inspection.passed !== false) return <>{passedWords(inspection.passed)}</>
  return (
    <>
      <strong>{passedWords(false)}</strong>
      <span className="machine-sub">
        {failedOf(inspection)
          .slice(0, 3)
          .map(({ characteristic }) => characteristic)
          .join(', ')}
      </span>
      <span className="machine-sub">
        <InspectionDeviation inspection={inspection} />
      </span>
    </>
  )
}
