import type { OperationRun } from '@throughline/model'
import { getRun, isEnteredLate, verifyStep } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useMakingRefresh } from '../form/making-queries.ts'
import { StepWords } from './StepWords.tsx'
import { primaryForm, useStation } from './station-context.ts'
import { limitText, valueText } from './step-limits.ts'
import type { Answer, Cell, Sheet } from './step-sheet.ts'

interface VerifyStepProps {
  readonly run: OperationRun
  readonly cell: Cell
  readonly answer: Answer
  readonly sheet: Sheet
}

/** An entry that another person confirms: whoever made it hands the station over, the other one signs. */
export function VerifyStep({ run, cell, answer, sheet }: VerifyStepProps): ReactElement {
  const { session, timeZone } = useStation()
  const { ask } = cell.step
  const limits = ask.type === 'number' ? limitText(ask, ask.unit) : undefined
  return (
    <section className="work-step-panel" aria-labelledby="work-step-now">
      <StepWords cell={cell} sheet={sheet} />
      <p className="work-answer">
        <strong>{valueText(cell.step, answer.value, answer.limits?.unit)}</strong>
        {limits === undefined ? '' : ` (${limits})`}
        {answer.within === false ? ', outside the limits' : ''}
        {answer.reason === '' ? '' : `: ${answer.reason}`}
      </p>
      <p>
        Entered by {answer.by.name}, {formatInstant(answer.at, 'record', timeZone)}
        {answer.recordedAt !== null && isEnteredLate({ at: answer.at, recordedAt: answer.recordedAt })
          ? `: a late entry, made ${formatInstant(answer.recordedAt, 'record', timeZone)}`
          : ''}
      </p>
      {answer.recordedAt === null ? (
        <p role="alert">It is not yet recorded: a second person confirms it once the plant has it.</p>
      ) : answer.by.id === session.personId ? (
        <AskSecond cell={cell} />
      ) : (
        <Confirm run={run} answer={answer} />
      )}
    </section>
  )
}

function AskSecond({ cell }: { readonly cell: Cell }): ReactElement {
  const { handOver } = useStation()
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    handOver()
  }
  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit}>
      <p>
        You made this entry: another person confirms it
        {cell.step.verifierSkill === null ? '' : `, who is qualified for ${cell.step.verifierSkill}`}.
      </p>
      <div className="work-end">
        <button type="submit" className="station-tile station-tile-main work-main">
          Hand the station over
        </button>
      </div>
    </form>
  )
}

function Confirm({ run, answer }: Pick<VerifyStepProps, 'run' | 'answer'>): ReactElement {
  const { online, say } = useStation()
  const refresh = useMakingRefresh()
  const [isPressed, setPressed] = useState(false)
  const signing = useSigning(
    { kind: 'execution.step_entry', id: answer.id },
    {
      meanings: ['verified'],
      shows: [{ queryKey: [getRun.name, { runId: run.id }] }],
      sign: async (signature) => {
        await client(verifyStep, { entryId: answer.id, signature })
        say('Confirmed. Hand the station back now.')
        await refresh()
      },
    },
  )
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setPressed(true)
    if (online) signing.start()
  }
  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit}>
      <div className="work-end">
        {!isPressed || online ? null : (
          <p role="alert">A confirmation is a signature, which the plant checks: it waits for the connection.</p>
        )}
        {signing.problem === null ? null : <ProblemNotice what="The entry could not be read" error={signing.problem} />}
        <button type="submit" className="station-tile station-tile-main work-main" disabled={signing.starting}>
          Confirm
        </button>
      </div>
      {signing.sheet}
    </form>
  )
}
