import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { WorkInstruction } from '@throughline/model'
import { fieldDifferences, instructionSignatures, listInstructions, retireInstruction } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { VersionPage } from '../version/VersionPage.tsx'
import { memberDifferences, textIn } from '../version/version-words.ts'
import { InstructionSteps } from './InstructionSteps.tsx'
import { InstructionUse } from './InstructionUse.tsx'
import './instruction.css'

const route = getRouteApi('/app/instructions/$code')

/** One work instruction: its versions, who stands for them, its steps, and where it is used. */
export function InstructionScreen(): ReactElement {
  const { code } = route.useParams()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const [retiring, setRetiring] = useState<WorkInstruction | undefined>(undefined)
  const { data, error } = useQuery({ ...ask(listInstructions, { code }), refetchInterval: makingRefreshMs })
  return (
    <>
      <VersionPage
        title={({ title }) => `${code}: ${textIn(title)}`}
        code={code}
        above={<Link to="/instructions">Work instructions</Link>}
        versions={data}
        error={error}
        search={route.useSearch()}
        onCompare={(version) => void navigate({ search: (before) => ({ ...before, with: version }) })}
        link={(version, text) => (
          <Link to="/instructions/$code" params={{ code }} search={{ version }}>
            {text}
          </Link>
        )}
        actions={(newest, effective) => (
          <>
            <GuardedButton
              reason={denial('execution.definition.write', 'write instructions')}
              onClick={() => void navigate({ to: '/instruction-drafts/$code', params: { code } })}
            >
              {newest.state === 'draft' ? 'Change the draft' : 'Write the next version'}
            </GuardedButton>
            {effective === undefined ? null : (
              <GuardedButton
                variant="default"
                reason={denial('execution.definition.release', 'retire instructions')}
                onClick={() => setRetiring(effective)}
              >
                Retire
              </GuardedButton>
            )}
          </>
        )}
        kind={instructionSignatures.record}
        shows={[listInstructions.name]}
        effect="With the last signature it is effective: orders released from then on follow it, running ones keep theirs."
        fields={(before, after) => fieldDifferences({ title: before.title }, { title: after.title })}
        members={(before, after) => memberDifferences(before.steps, after.steps, ({ key }) => key)}
        noun="Step"
      >
        {(shown, versions) => (
          <>
            <InstructionSteps instruction={shown} />
            <InstructionUse code={code} versions={versions} />
          </>
        )}
      </VersionPage>
      {retiring === undefined ? null : (
        <TaskDialog
          title={`Retire ${code}`}
          verb="Retire"
          failure="The instruction was not retired"
          onSave={(reason) => client(retireInstruction, { instructionId: retiring.id, reason })}
          onClose={() => setRetiring(undefined)}
        >
          <p>
            Version {retiring.version} is out of use for new work: orders whose routing names it cannot be released.
            Running orders keep it.
          </p>
        </TaskDialog>
      )}
    </>
  )
}
