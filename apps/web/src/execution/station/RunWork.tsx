import type { OperationRun } from '@throughline/model'
import { completeRun } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useState } from 'react'
import type { DeskState } from '../offline/offline-desk.ts'
import { useKeptMedia } from '../offline/use-offline-work.ts'
import type { RunTask } from './RunActs.tsx'
import { RunActs } from './RunActs.tsx'
import { RunHead } from './RunHead.tsx'
import { StartWork } from './StartWork.tsx'
import { StepList } from './StepList.tsx'
import { StepPanel } from './StepPanel.tsx'
import { primaryForm, useDeed, useSignal, useStation } from './station-context.ts'
import { answersFor } from './step-answers.ts'
import type { Cell } from './step-sheet.ts'
import { answerOf, cellKey, cellsOf, currentCell, standingOf } from './step-sheet.ts'
import { useRun } from './use-run.ts'
import { VerifyStep } from './VerifyStep.tsx'

interface RunWorkProps {
  readonly listed: OperationRun
  readonly desk: DeskState
  /** The piece whose scan opened it. */
  readonly scanned: string | undefined
  /** It is completed, or put down. */
  readonly onEnd: () => void
}

/** One operation: its order, the step that is to be done now, the one big button, and all steps beside it. */
export function RunWork({ listed, desk, scanned, onEnd }: RunWorkProps): ReactElement {
  const shown = useRun(listed, desk)
  const { run, sheet, pieces, sentBack, hasWayBack } = shown
  const { session } = useStation()
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const [picked, setPicked] = useState<string | undefined>(undefined)
  const [task, setTask] = useState<RunTask | undefined>(undefined)
  useKeptMedia(sheet.steps)
  const isRunning = run.state === 'running'
  const next = currentCell(sheet, leftOut)
  const cell = (isRunning ? cellsOf(sheet).find((each) => cellKey(each) === picked) : undefined) ?? next
  const isIn =
    run.heldBy?.id === session.personId ||
    run.labour.some(({ personId, to }) => personId === session.personId && to === null)
  const at = cell === undefined ? run.state : cellKey(cell)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever comes next is read from its beginning
  useEffect(() => {
    for (const each of document.querySelectorAll('.work-body, .work-column')) each.scrollTo(0, 0)
  }, [at, task])
  const goOn = (): void => setPicked(undefined)
  return (
    <div className="work-columns" data-steps={sheet.steps.length > 0}>
      <div className="work-column">
        <RunHead {...{ run, pieces, sentBack }} />
        {shown.error === null ? null : <ProblemNotice what="The work could not be read" error={shown.error} />}
        {!shown.isRead ? (
          <p aria-busy="true">The steps are being read</p>
        ) : !isRunning ? (
          <StartWork run={run} pieces={pieces} scanned={scanned} />
        ) : (
          <>
            {task !== undefined ? null : cell === undefined ? (
              isIn ? (
                <Complete run={run} onEnd={onEnd} />
              ) : null
            ) : (
              <CellWork
                key={`${cellKey(cell)} ${answersFor(sheet, cell)
                  .map(({ id }) => id)
                  .join()}`}
                {...{ run, cell, isIn, sheet }}
                onDone={goOn}
                onLeaveOut={() => {
                  setLeftOut(new Set([...leftOut, cellKey(cell)]))
                  goOn()
                }}
              />
            )}
            <RunActs {...{ run, isIn, hasWayBack, onEnd, task }} isOpen={cell !== undefined} onTask={setTask} />
          </>
        )}
      </div>
      {sheet.steps.length === 0 ? null : (
        <StepList sheet={sheet} current={cell} onPick={isRunning && isIn ? setPicked : undefined} />
      )}
    </div>
  )
}

interface CellWorkProps {
  readonly run: OperationRun
  readonly cell: Cell
  readonly isIn: boolean
  readonly sheet: Parameters<typeof standingOf>[1]
  readonly onDone: () => void
  readonly onLeaveOut: () => void
}

/** What the step at hand asks of who stands here: an answer, a confirmation, or to let the other one go on. */
function CellWork({ run, cell, isIn, sheet, onDone, onLeaveOut }: CellWorkProps): ReactElement {
  const answer = answerOf(sheet, cell)
  if (answer !== undefined && standingOf(cell, sheet) === 'unverified') {
    return <VerifyStep run={run} cell={cell} answer={answer} sheet={sheet} />
  }
  return <StepPanel {...{ run, cell, sheet, onDone, onLeaveOut }} mayAnswer={isIn} />
}

/** Nothing is left to be done: the pieces go on. */
function Complete({ run, onEnd }: { readonly run: OperationRun; readonly onEnd: () => void }): ReactElement {
  const complete = useDeed(completeRun, `Completion of ${run.orderCode} · ${run.sequence}`, onEnd)
  const act = (): void => {
    if (!complete.isPending) complete.mutate({ runId: run.id, version: run.version })
  }
  useSignal('complete', act)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    act()
  }
  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit}>
      {run.instructionId === null ? null : <p>Every step is done.</p>}
      <div className="work-end">
        {complete.isError ? <ProblemNotice what="It was not completed" error={complete.error} /> : null}
        <button type="submit" className="station-tile station-tile-main work-main" disabled={complete.isPending}>
          Complete
        </button>
      </div>
    </form>
  )
}
