import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listInstructions, VersionState } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { MakingTabs } from '../version/MakingTabs.tsx'
import { textIn, versionStateWords } from '../version/version-words.ts'
import '../../performance/performance.css'
import '../making.css'

const route = getRouteApi('/app/instructions')

/** The work instructions of the plant, each by its newest version. */
export function InstructionListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const { data, error } = useQuery({ ...ask(listInstructions, {}), refetchInterval: makingRefreshMs })
  const waiting = data?.filter((each) => each.state === 'draft' || each.state === 'in-review').length ?? 0
  return (
    <>
      <ScreenHead
        title="Work instructions"
        answer={
          data === undefined ? undefined : (
            <>
              <span>
                {data.length} {data.length === 1 ? 'instruction' : 'instructions'}
              </span>
              <strong>{waiting === 0 ? 'none waits for signatures' : `${waiting} to be reviewed or released`}</strong>
            </>
          )
        }
        actions={
          <GuardedButton
            reason={denial('execution.definition.write', 'write instructions')}
            onClick={() => void navigate({ to: '/instruction-drafts' })}
          >
            Write an instruction
          </GuardedButton>
        }
      />
      <MakingTabs />
      <div className="performance">
        <search className="access-filter">
          <NativeSelect
            label="State of the newest version"
            value={state ?? ''}
            data={[
              { value: '', label: 'Any' },
              ...VersionState.options.map((value) => ({ value: value as string, label: versionStateWords[value] })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: { state: VersionState.options.find((each) => each === value) } })
            }
          />
        </search>
        {error === null ? null : <ProblemNotice what="The instructions could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Work instructions, newest version of each"
            rows={data.filter((each) => state === undefined || each.state === state)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                title={state === undefined ? 'No work instruction yet.' : 'No instruction fits.'}
                reason={state === undefined ? 'Engineers write them here.' : 'Take back the filter.'}
              />
            }
            columns={[
              {
                key: 'code',
                head: 'Instruction',
                cell: ({ code, title }) => (
                  <>
                    <Link to="/instructions/$code" params={{ code }}>
                      {code}
                    </Link>
                    <span className="machine-sub">{textIn(title)}</span>
                  </>
                ),
              },
              { key: 'version', head: 'Version', align: 'right', tight: true, cell: ({ version }) => version },
              { key: 'state', head: 'State', tight: true, cell: (row) => versionStateWords[row.state] },
              { key: 'steps', head: 'Steps', align: 'right', tight: true, cell: ({ steps }) => steps.length },
              {
                key: 'by',
                head: 'Drafted',
                tight: true,
                cell: ({ draftedBy, draftedAt }) => (
                  <>
                    {draftedBy}
                    <span className="machine-sub">{formatInstant(draftedAt, 'day-minute', timeZone)}</span>
                  </>
                ),
              },
              { key: 'why', head: 'Why', cell: ({ changeReason }) => changeReason },
            ]}
          />
        )}
      </div>
    </>
  )
}
