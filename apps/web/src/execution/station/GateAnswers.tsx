import type { Gate, OperationRun } from '@throughline/model'
import { checkGates, overrideGate } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useStation } from './station-context.ts'

interface GateAnswersProps {
  readonly run: OperationRun
  /** The closed ones. */
  readonly gates: readonly Gate[]
}

/** Who may, answers for going on although a gate is closed: by signature, and a deviation is opened. */
export function GateAnswers({ run, gates }: GateAnswersProps): ReactElement | null {
  const denial = useDenial()('execution.gate.override', 'answer for a closed gate')
  const answerable = gates.filter(({ overridable }) => overridable)
  if (answerable.length === 0) return null
  return (
    <section className="work-form" aria-labelledby="work-override">
      <h3 id="work-override">Go on all the same</h3>
      {denial === undefined ? (
        answerable.map((gate) => <GateAnswer key={`${gate.kind} ${gate.subject}`} run={run} gate={gate} />)
      ) : (
        <p>
          It takes the signature of somebody who answers for it, and opens a deviation. {denial} They take over by Hand
          over.
        </p>
      )}
    </section>
  )
}

function GateAnswer({ run, gate }: { readonly run: OperationRun; readonly gate: Gate }): ReactElement {
  const { online } = useStation()
  const [isPressed, setPressed] = useState(false)
  const signing = useSigning(
    { kind: 'execution.run', id: run.id },
    {
      makes: `going on with ${run.orderCode} · ${run.sequence} ${run.name} although: ${gate.message}`,
      meanings: ['approved'],
      effect: 'A deviation is opened with it.',
      shows: [{ queryKey: [checkGates.name] }],
      sign: (signature) =>
        client(overrideGate, {
          ...{ runId: run.id, kind: gate.kind, subject: gate.subject, reason: signature.reason, signature },
        }),
    },
  )
  return (
    <>
      <button
        type="button"
        className="station-tile"
        disabled={signing.starting}
        onClick={() => {
          setPressed(true)
          if (online) signing.start()
        }}
      >
        Answer for: {gate.message}
      </button>
      {!isPressed || online ? null : (
        <p role="alert">An override is a signature, which the plant checks: it waits for the connection.</p>
      )}
      {signing.sheet}
    </>
  )
}
