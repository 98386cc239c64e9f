import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listMaterialDefinitions } from '@throughline/model'
import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { VersionedList } from '../../execution/version/VersionedList.tsx'
import { MaterialForm } from './MaterialForm.tsx'
import { MaterialTabs } from './MaterialTabs.tsx'
import { controlWords, kindWords } from './material-draft.ts'

const route = getRouteApi('/app/materials')

/** The kinds of material that the plant knows. */
export function MaterialListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const [writing, setWriting] = useState(false)
  const listed = useQuery({ ...ask(listMaterialDefinitions, {}), refetchInterval: makingRefreshMs })
  return (
    <>
      <VersionedList
        title="Materials"
        nouns={['material', 'materials']}
        listed={listed}
        state={state}
        onState={(value) => void navigate({ search: { state: value } })}
        tabs={<MaterialTabs />}
        permission="material.definition.write"
        onWrite={() => setWriting(true)}
        first={({ code, name }) => (
          <>
            <Link to="/materials/$code" params={{ code }}>
              {code}
            </Link>
            <span className="machine-sub">{name}</span>
          </>
        )}
        columns={[
          { key: 'kind', head: 'Kind', tight: true, cell: ({ kind }) => kindWords[kind] },
          { key: 'unit', head: 'Unit', tight: true, cell: ({ unit }) => unitLabel(unit) || 'pieces' },
          { key: 'control', head: 'Control', tight: true, cell: ({ control }) => controlWords[control].split(':')[0] },
        ]}
      />
      {writing ? (
        <MaterialForm
          before={undefined}
          onClose={() => setWriting(false)}
          onDrafted={({ code }) => void navigate({ to: '/materials/$code', params: { code } })}
        />
      ) : null}
    </>
  )
}
