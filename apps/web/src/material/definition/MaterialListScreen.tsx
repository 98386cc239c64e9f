import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listMaterialDefinitions } from '@throughline/model'
import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { VersionedList } from '../../execution/version/VersionedList.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { MaterialForm } from './MaterialForm.tsx'
import { MaterialTabs } from './MaterialTabs.tsx'
import { kindWords } from './material-draft.ts'

const route = getRouteApi('/app/materials')

/** The kinds of material that the plant knows. */
export function MaterialListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const [writing, setWriting] = useState(false)
  const { data, error } = useQuery({ ...ask(listMaterialDefinitions, {}), refetchInterval: makingRefreshMs })
  return (
    <>
      <VersionedList
        title="Materials"
        nouns={['material', 'materials']}
        rows={data}
        error={error}
        state={state}
        onState={(value) => void navigate({ search: { state: value } })}
        tabs={<MaterialTabs />}
        action={
          <GuardedButton
            reason={denial('material.definition.write', 'write materials')}
            onClick={() => setWriting(true)}
          >
            Write a material
          </GuardedButton>
        }
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
          { key: 'control', head: 'Control', tight: true, cell: ({ control }) => control },
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
