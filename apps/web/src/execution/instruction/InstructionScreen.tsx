import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { WorkInstruction } from '@throughline/model'
import { fieldDifferences, instructionSignatures, listInstructions, retireInstruction } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { VersionDifference } from '../version/VersionDifference.tsx'
import { VersionSignatures } from '../version/VersionSignatures.tsx'
import { VersionTable } from '../version/VersionTable.tsx'
import { chosenVersion, memberDifferences, textIn, versionsAnswer } from '../version/version-words.ts'
import { InstructionSteps } from './InstructionSteps.tsx'
import { InstructionUse } from './InstructionUse.tsx'
import '../../performance/performance.css'
import '../making.css'
import './instruction.css'

const route = getRouteApi('/app/instructions/$code')

/** One work instruction: what holds, what waits, what differs, who stands for it, and where it is used. */
export function InstructionScreen(): ReactElement {
  const { code } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const [retiring, setRetiring] = useState(false)
  const { data, error } = useQuery({ ...ask(listInstructions, { code }), refetchInterval: makingRefreshMs })
  const versions = (data ?? []).toSorted((a, b) => b.version - a.version)
  const [newest] = versions
  const shown = chosenVersion(versions, search.version)
  const compared =
    versions.find(({ version }) => version === search.with && version !== shown?.version) ??
    versions.find(({ version }) => shown !== undefined && version < shown.version)
  const effective = versions.find(({ state }) => state === 'effective')
  return (
    <>
      <ScreenHead
        above={<Link to="/instructions">Work instructions</Link>}
        title={newest === undefined ? code : `${code}: ${textIn(newest.title)}`}
        answer={newest === undefined ? undefined : <strong>{versionsAnswer(versions)}</strong>}
        actions={
          newest === undefined ? undefined : (
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
                  onClick={() => setRetiring(true)}
                >
                  Retire
                </GuardedButton>
              )}
            </>
          )
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The instruction could not be read" error={error} />}
        {data !== undefined && newest === undefined ? (
          <EmptyState
            title={`There is no work instruction ${code}`}
            action={<Link to="/instructions">Go to the work instructions</Link>}
          />
        ) : null}
        {shown === undefined ? null : (
          <>
            <VersionTable
              versions={versions}
              chosen={shown.version}
              link={(version, text) => (
                <Link to="/instructions/$code" params={{ code }} search={{ version }}>
                  {text}
                </Link>
              )}
            />
            <VersionSignatures
              key={shown.id}
              kind={instructionSignatures.record}
              shown={shown}
              shows={[listInstructions.name]}
              effect="With the last signature it is effective: orders released from then on follow it, running ones keep theirs."
            />
            <VersionDifference
              versions={versions}
              shown={shown}
              compared={compared}
              noun="Step"
              onCompare={(version) => void navigate({ search: (before) => ({ ...before, with: version }) })}
              fields={compared === undefined ? [] : fieldDifferences({ title: compared.title }, { title: shown.title })}
              members={compared === undefined ? [] : memberDifferences(compared.steps, shown.steps, ({ key }) => key)}
            />
            <InstructionSteps instruction={shown} />
            <InstructionUse code={code} versions={versions} />
          </>
        )}
      </div>
      {retiring && effective !== undefined ? (
        <Retire instruction={effective} onClose={() => setRetiring(false)} />
      ) : null}
    </>
  )
}

interface RetireProps {
  readonly instruction: WorkInstruction
  readonly onClose: () => void
}

function Retire({ instruction: { id, code, version }, onClose }: RetireProps): ReactElement {
  return (
    <TaskDialog
      title={`Retire ${code}`}
      verb="Retire"
      failure="The instruction was not retired"
      onSave={(reason) => client(retireInstruction, { instructionId: id, reason })}
      onClose={onClose}
    >
      <p>
        Version {version} is out of use for new work: orders whose routing names it cannot be released. Running orders
        keep it.
      </p>
    </TaskDialog>
  )
}
