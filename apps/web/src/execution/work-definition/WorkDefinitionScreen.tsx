import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RoutingOperation, WorkDefinition } from '@throughline/model'
import {
  fieldDifferences,
  listWorkDefinitions,
  retireWorkDefinition,
  workDefinitionSignatures,
} from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { VersionPage } from '../version/VersionPage.tsx'
import { memberDifferences } from '../version/version-words.ts'
import { Routing } from './Routing.tsx'

const route = getRouteApi('/app/work-definitions/$code')

/** How one product is made: its versions, who stands for them, and its operations. */
export function WorkDefinitionScreen(): ReactElement {
  const { code } = route.useParams()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const [retiring, setRetiring] = useState<WorkDefinition | undefined>(undefined)
  const { data, error } = useQuery({ ...ask(listWorkDefinitions, { code }), refetchInterval: makingRefreshMs })
  return (
    <>
      <VersionPage
        title={({ product }) => `${code}: ${product}`}
        code={code}
        above={<Link to="/work-definitions">Work definitions</Link>}
        versions={data}
        error={error}
        search={route.useSearch()}
        onCompare={(version) => void navigate({ search: (before) => ({ ...before, with: version }) })}
        link={(version, text) => (
          <Link to="/work-definitions/$code" params={{ code }} search={{ version }}>
            {text}
          </Link>
        )}
        actions={(newest, effective) => (
          <>
            <GuardedButton
              reason={denial('execution.definition.write', 'write work definitions')}
              onClick={() => void navigate({ to: '/work-definition-drafts/$code', params: { code } })}
            >
              {newest.state === 'draft' ? 'Change the draft' : 'Write the next version'}
            </GuardedButton>
            {effective === undefined ? null : (
              <GuardedButton
                variant="default"
                reason={denial('execution.definition.release', 'retire work definitions')}
                onClick={() => setRetiring(effective)}
              >
                Retire
              </GuardedButton>
            )}
          </>
        )}
        kind={workDefinitionSignatures.record}
        shows={[listWorkDefinitions.name]}
        effect="With the last signature it is effective: orders released from then on are made by it, running ones keep theirs."
        fields={(before, after) => fieldDifferences(ownFields(before), ownFields(after))}
        members={(before, after) => memberDifferences(before.operations, after.operations, nameOf(before, after))}
        noun="Operation"
      >
        {(shown) => <Routing definition={shown} />}
      </VersionPage>
      {retiring === undefined ? null : (
        <TaskDialog
          title={`Retire ${code}`}
          verb="Retire"
          failure="The work definition was not retired"
          onSave={(reason) => client(retireWorkDefinition, { definitionId: retiring.id, reason })}
          onClose={() => setRetiring(undefined)}
        >
          <p>Version {retiring.version} is out of use for new orders. Running ones keep it.</p>
        </TaskDialog>
      )}
    </>
  )
}

const ownFields = ({ product, drawing, underPercent, overPercent }: WorkDefinition) => ({
  ...{ product, drawing, underPercent, overPercent },
})

/** By its name an operation is known again when its sequence changes; where a name stands twice, by its sequence. */
function nameOf(...versions: readonly WorkDefinition[]): (operation: RoutingOperation) => string {
  const isPlain = versions.every(
    ({ operations }) => new Set(operations.map(({ name }) => name)).size === operations.length,
  )
  return ({ sequence, name }) => (isPlain ? name : `${sequence} ${name}`)
}
