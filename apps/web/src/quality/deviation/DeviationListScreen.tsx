import { SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { DeviationState, listDeviations } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import '../../execution/making.css'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { DeviationTable } from './DeviationTable.tsx'
import { deviationStateWords } from './deviation-words.ts'
import { OpenDeviation } from './OpenDeviation.tsx'

const route = getRouteApi('/app/deviations')

/** The deviations of the plant: open ones first. */
export function DeviationListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const { nodes } = useNodes()
  const timeZone = usePlantZone()
  const [opening, setOpening] = useState(false)
  const { data, error } = useQuery({
    ...ask(listDeviations, state === undefined ? {} : { state }),
    placeholderData: keepPreviousData,
    refetchInterval: makingRefreshMs,
  })
  const open = useQuery({ ...ask(listDeviations, { state: 'open', limit: 1 }), refetchInterval: makingRefreshMs })
  return (
    <>
      <ScreenHead
        title="Deviations"
        answer={
          open.data === undefined || data === undefined ? undefined : (
            <>
              <strong>{open.data.total === 0 ? 'None is open' : `${open.data.total} open`}</strong>
              <span>{data.total} shown here</span>
            </>
          )
        }
        actions={
          <GuardedButton reason={denial('quality.deviation.open', 'open deviations')} onClick={() => setOpening(true)}>
            Open a deviation
          </GuardedButton>
        }
      />
      <div className="performance">
        <SegmentedControl
          aria-label="Which deviations"
          style={{ justifySelf: 'start' }}
          data={[
            { value: 'all', label: 'All' },
            ...DeviationState.options.map((value) => ({ value: value as string, label: deviationStateWords[value] })),
          ]}
          value={state ?? 'all'}
          onChange={(value) =>
            void navigate({ search: { state: DeviationState.options.find((each) => each === value) } })
          }
        />
        {error === null ? null : <ProblemNotice what="The deviations could not be read" error={error} />}
        {data === undefined ? null : (
          <>
            {data.total > data.deviations.length ? (
              <p className="screen-note">
                The newest {data.deviations.length} of {data.total} are shown. Choose a state for the others.
              </p>
            ) : null}
            <DeviationTable
              caption="Deviations, open ones first"
              deviations={data.deviations}
              timeZone={timeZone}
              empty={
                <EmptyState
                  title={state === undefined ? 'No deviation yet.' : 'No deviation in this state.'}
                  reason="They are opened by persons, and by overrides, limits, inspections and calibrations."
                />
              }
            />
          </>
        )}
      </div>
      {opening ? <OpenDeviation nodes={nodes} timeZone={timeZone} onClose={() => setOpening(false)} /> : null}
    </>
  )
}
