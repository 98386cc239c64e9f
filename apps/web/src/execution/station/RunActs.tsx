import { useMutation } from '@tanstack/react-query'
import type { OperationRun } from '@throughline/model'
import { completeRun, joinRun, pauseRun } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { useMakingRefresh } from '../form/making-queries.ts'
import { PauseForm } from './PauseForm.tsx'
import { ReportPad } from './ReportPad.tsx'
import { useDeed, useSignal, useStation } from './station-context.ts'

/** What is said of the work instead of going on with it. */
export type RunTask = 'report' | 'pause'

interface RunActsProps {
  readonly run: OperationRun
  /** Whether the person works on it. */
  readonly isIn: boolean
  /** Whether a step is still to be done. */
  readonly isOpen: boolean
  /** Whether pieces of it can be sent back to be done again. */
  readonly hasWayBack: boolean
  readonly onEnd: () => void
  readonly task: RunTask | undefined
  readonly onTask: (task: RunTask | undefined) => void
}

/** What else can be done about work in hand. */
export function RunActs({ run, isIn, isOpen, hasWayBack, onEnd, task, onTask }: RunActsProps): ReactElement {
  const { session, online } = useStation()
  const refresh = useMakingRefresh()
  const join = useMutation({
    networkMode: 'always',
    mutationFn: () => client(joinRun, { runId: run.id, join: !isIn }),
    onSettled: refresh,
  })
  const others = run.labour.filter(({ personId, to }) => to === null && personId !== session.personId)
  const pause = useDeed(pauseRun, 'Pause', onEnd)
  useSignal('report', () => onTask('report'))
  useSignal('pause', (reason) => {
    if (reason.length >= 3) pause.mutate({ runId: run.id, version: run.version, reason })
    else onTask('pause')
  })
  const close = (): void => onTask(undefined)
  if (task === 'report') return <ReportPad run={run} onClose={close} />
  if (task === 'pause') return <PauseForm run={run} onClose={close} onDone={onEnd} />
  return (
    <>
      {join.isError ? (
        <ProblemNotice what={isIn ? 'You did not leave it' : 'You did not join it'} error={join.error} />
      ) : null}
      {pause.isError ? <ProblemNotice what="It was not paused" error={pause.error} /> : null}
      <div className="work-acts">
        {isIn ? (
          <>
            <button type="button" className="station-tile" onClick={() => onTask('report')}>
              {hasWayBack ? 'Report good, scrap or rework' : 'Report good and scrap'}
            </button>
            <button type="button" className="station-tile" onClick={() => onTask('pause')}>
              Pause
            </button>
            {isOpen && Number(run.scrap) + Number(run.rework) > 0 ? <CompleteNow run={run} onEnd={onEnd} /> : null}
          </>
        ) : null}
        {online && (!isIn || others.length > 0) ? (
          <button type="button" className="station-tile" disabled={join.isPending} onClick={() => join.mutate()}>
            {isIn ? 'Leave it to the others' : 'Join this work'}
          </button>
        ) : null}
      </div>
    </>
  )
}

/** Where pieces are scrapped or sent back, their steps may stay open: the plant knows which. */
function CompleteNow({ run, onEnd }: Pick<RunActsProps, 'run' | 'onEnd'>): ReactElement {
  const complete = useDeed(completeRun, `Completion of ${run.orderCode} · ${run.sequence}`, onEnd)
  const act = (): void => complete.mutate({ runId: run.id, version: run.version })
  useSignal('complete', act)
  return (
    <>
      {complete.isError ? <ProblemNotice what="It was not completed" error={complete.error} /> : null}
      <button type="button" className="station-tile" disabled={complete.isPending} onClick={act}>
        Complete without the rest
      </button>
    </>
  )
}
