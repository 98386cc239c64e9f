import { useMutation } from '@tanstack/react-query'
import type { OperationRun, StepValue } from '@throughline/model'
import { correctStep, recordStep } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { useMakingRefresh } from '../form/making-queries.ts'
import type { AnswerProps } from './entry/AnswerForm.tsx'
import { NumberEntry } from './entry/NumberEntry.tsx'
import { PhotoEntry } from './entry/PhotoEntry.tsx'
import { CheckEntry, ChoiceEntry, ReadEntry, TextEntry } from './entry/PlainEntries.tsx'
import { ScanEntry } from './entry/ScanEntry.tsx'
import { SignatureEntry } from './entry/SignatureEntry.tsx'
import { TableEntry } from './entry/TableEntry.tsx'
import { TagEntry } from './entry/TagEntry.tsx'
import { TimerEntry } from './entry/TimerEntry.tsx'
import { StepWords } from './StepWords.tsx'
import { primaryForm, useDeed, useSignal, useStation } from './station-context.ts'
import { answersFor } from './step-answers.ts'
import { text, valueText } from './step-limits.ts'
import { fillingText } from './step-material.ts'
import type { Answer, Cell, Sheet } from './step-sheet.ts'
import { standingOf } from './step-sheet.ts'

interface StepPanelProps {
  readonly run: OperationRun
  readonly cell: Cell
  readonly sheet: Sheet
  /** False = another person has the work in hand. */
  readonly mayAnswer: boolean
  readonly onDone: () => void
  readonly onLeaveOut: () => void
}

/** The step at hand: what it says and shows, and what it asks for. */
export function StepPanel(props: StepPanelProps): ReactElement {
  const { run, cell, sheet, mayAnswer, onDone, onLeaveOut } = props
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const answers = cell.step.ask.type === 'signature' ? [] : answersFor(sheet, cell)
  const isOpen = answers.length === 0 || standingOf(cell, sheet) === 'unfilled'
  const filling = fillingText(sheet, cell)
  const corrected = chosen ?? (isOpen || answers.length > 1 ? undefined : answers[0]?.id)
  return (
    <section className="work-step-panel" aria-labelledby="work-step-now">
      <StepWords cell={cell} sheet={sheet} />
      {!mayAnswer ? (
        <HandBack run={run} />
      ) : isOpen ? (
        <>
          {filling === undefined ? null : (
            <p className="work-filling" role="status">
              {filling}
            </p>
          )}
          {corrected === undefined ? <NewAnswer run={run} cell={cell} sheet={sheet} onDone={onDone} /> : null}
          <Recorded {...props} answers={answers} corrected={corrected} onCorrect={setChosen} />
          {cell.step.optional && answers.length === 0 ? <LeaveOut onLeaveOut={onLeaveOut} /> : null}
        </>
      ) : (
        <>
          <Recorded {...props} answers={answers} corrected={corrected} onCorrect={setChosen} />
          <button type="button" className="station-tile" onClick={onDone}>
            Leave it as it is
          </button>
        </>
      )}
    </section>
  )
}

function LeaveOut({ onLeaveOut }: Pick<StepPanelProps, 'onLeaveOut'>): ReactElement {
  useSignal('skip', onLeaveOut)
  return (
    <button type="button" className="station-tile" onClick={onLeaveOut}>
      Leave it out
    </button>
  )
}

interface RecordedProps extends StepPanelProps {
  readonly answers: readonly Answer[]
  readonly corrected: string | undefined
  readonly onCorrect: (entryId: string) => void
}

/** What was recorded of a step: one entry is corrected at once, of several one is chosen first. */
function Recorded({ answers, corrected, onCorrect, ...props }: RecordedProps): ReactElement {
  const { step } = props.cell
  return (
    <>
      {answers.map(({ id, by, value, reason, recordedAt, limits }) => (
        <div key={id}>
          <p className="work-answer">
            {recordedAt === null ? 'Not yet recorded' : `Recorded by ${by.name}`}:{' '}
            <strong>{valueText(step, value, limits?.unit)}</strong>
            {reason === '' ? '' : `: ${reason}`}
          </p>
          {corrected === id ? (
            <Correction {...props} entryId={id} />
          ) : corrected === undefined && recordedAt !== null ? (
            <button type="button" className="station-tile" onClick={() => onCorrect(id)}>
              Correct {valueText(step, value, limits?.unit)}
            </button>
          ) : null}
        </div>
      ))}
    </>
  )
}

type AskedProps = Pick<StepPanelProps, 'run' | 'cell' | 'sheet' | 'onDone'>

function NewAnswer({ run, cell, sheet, onDone }: AskedProps): ReactElement {
  const record = useDeed(recordStep, text(cell.step.title), onDone)
  const answer = (value: StepValue, reason: string): void =>
    record.mutate({ runId: run.id, step: cell.step.key, subject: cell.subject as never, value, reason })
  return <Entry {...{ run, cell, sheet, answer }} busy={record.isPending} error={record.error} isCorrection={false} />
}

/** What was recorded is corrected with a reason; the old entry stays readable. */
function Correction({ cell, sheet, run, entryId, onDone }: AskedProps & { readonly entryId: string }): ReactElement {
  const { say } = useStation()
  const refresh = useMakingRefresh()
  const correct = useMutation({
    networkMode: 'always',
    mutationFn: ({ value, reason }: { value: StepValue; reason: string }) =>
      client(correctStep, { entryId, value, reason }),
    onSuccess: () => {
      say(`${text(cell.step.title)}: corrected.`)
      onDone()
    },
    onSettled: refresh,
  })
  const answer = (value: StepValue, reason: string): void => correct.mutate({ value, reason })
  return (
    <Entry
      {...{ run, cell, sheet, answer }}
      busy={correct.isPending}
      error={correct.error}
      isCorrection
      corrected={entryId}
    />
  )
}

function Entry(props: AnswerProps): ReactElement {
  const { ask } = props.cell.step
  switch (ask.type) {
    case 'read':
      return <ReadEntry {...props} />
    case 'check':
      return <CheckEntry {...props} />
    case 'number':
      return <NumberEntry {...props} ask={ask} />
    case 'text':
      return <TextEntry {...props} ask={ask} />
    case 'choice':
      return <ChoiceEntry {...props} ask={ask} />
    case 'photo':
      return <PhotoEntry {...props} />
    case 'scan':
      return <ScanEntry {...props} ask={ask} />
    case 'table':
      return <TableEntry {...props} ask={ask} />
    case 'timer':
      return <TimerEntry {...props} ask={ask} />
    case 'tag':
      return <TagEntry {...props} ask={ask} />
    case 'signature':
      return <SignatureEntry {...props} ask={ask} />
  }
}

function HandBack({ run }: { readonly run: OperationRun }): ReactElement {
  const { handOver } = useStation()
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    handOver()
  }
  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit}>
      <p>{run.heldBy?.name ?? 'Another person'} has this work in hand.</p>
      <div className="work-end">
        <button type="submit" className="station-tile station-tile-main work-main">
          Hand the station back{run.heldBy === null ? '' : ` to ${run.heldBy.name}`}
        </button>
      </div>
    </form>
  )
}
