import { Button } from '@mantine/core'
import type { Gate, OperationRun } from '@throughline/model'
import { checkGates, getReadiness, overrideGate } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useMakingRefresh } from '../form/making-queries.ts'

interface GateAnswersProps {
  readonly run: OperationRun
  readonly gates: readonly Gate[]
}

/** Who may, answers for going on although a gate is closed: a signature, and a deviation is opened with it. */
export function GateAnswers({ run, gates }: GateAnswersProps): ReactElement | null {
  const denial = useDenial()('execution.gate.override', 'answer for a closed gate')
  const answerable = gates.filter((gate) => !gate.open && gate.overridable)
  if (answerable.length === 0) return null
  if (denial !== undefined) return <p className="tl-dim">Somebody may answer for it by signature. {denial}</p>
  return (
    <div className="access-actions">
      {answerable.map((gate) => (
        <GateAnswer key={`${gate.kind} ${gate.subject}`} run={run} gate={gate} />
      ))}
    </div>
  )
}

function GateAnswer({ run, gate }: { readonly run: OperationRun; readonly gate: Gate }): ReactElement {
  const refresh = useMakingRefresh()
  const what = gate.subject === null ? gate.kind.replaceAll('-', ' ') : gate.subject
  const pieces = run.subjectCodes.length === 0 ? '' : ` of ${run.subjectCodes.slice(0, 3).join(', ')}`
  const signing = useSigning(
    { kind: 'execution.run', id: run.id },
    {
      makes: `going on with ${run.orderCode} · ${run.sequence} ${run.name}${pieces} although: ${gate.message}`,
      meanings: ['approved'],
      effect: 'A deviation is opened with it.',
      shows: [{ queryKey: [checkGates.name] }, { queryKey: [getReadiness.name] }],
      sign: async (signature) => {
        const { kind, subject } = gate
        await client(overrideGate, { runId: run.id, kind, subject, reason: signature.reason, signature })
        await refresh()
      },
    },
  )
  return (
    <>
      <Button variant="default" size="compact-sm" loading={signing.starting} onClick={signing.start}>
        Answer for: {what}
        {pieces}
      </Button>
      {signing.problem === null ? null : (
        <ProblemNotice what="The signature could not be prepared" error={signing.problem} />
      )}
      {signing.sheet}
    </>
  )
}
