import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listInstructions } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import { MakingTabs } from '../version/MakingTabs.tsx'
import { VersionedList } from '../version/VersionedList.tsx'
import { textIn } from '../version/version-words.ts'

const route = getRouteApi('/app/instructions')

/** The work instructions of the plant. */
export function InstructionListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const listed = useQuery({ ...ask(listInstructions, {}), refetchInterval: makingRefreshMs })
  return (
    <VersionedList
      title="Work instructions"
      nouns={['instruction', 'instructions']}
      listed={listed}
      state={state}
      onState={(value) => void navigate({ search: { state: value } })}
      tabs={<MakingTabs />}
      permission="execution.definition.write"
      onWrite={() => void navigate({ to: '/instruction-drafts' })}
      first={({ code, title }) => (
        <>
          <Link to="/instructions/$code" params={{ code }}>
            {code}
          </Link>
          <span className="machine-sub">{textIn(title)}</span>
        </>
      )}
      columns={[{ key: 'steps', head: 'Steps', align: 'right', tight: true, cell: ({ steps }) => steps.length }]}
    />
  )
}
