import { useQuery } from '@tanstack/react-query'
import type { EquipmentNode, OperationRun } from '@throughline/model'
import { checkGates, completeRun, resumeRun, startRun } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { amountText } from '../form/amount.ts'
import { GateList } from '../form/GateList.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { runStateWords } from '../order/order-words.ts'
import { PauseForm, ReportForm } from './RunForms.tsx'
import { useRunDeed } from './run-deed.ts'
import { placeFor } from './work-rules.ts'

interface RunWorkProps {
  readonly run: OperationRun
  /** Where the person stands. */
  readonly nodeId: string
  readonly tree: PlantTree
}

/** The operation that is chosen: what it is, what closes the way, and the one thing to do next. */
export function RunWork({ run, nodeId, tree }: RunWorkProps): ReactElement {
  return (
    <section className="station-state" aria-labelledby="work-chosen">
      <h2 id="work-chosen">
        {run.orderCode} · {run.sequence} {run.name}
      </h2>
      <p>
        <strong>{runStateWords[run.state]}</strong>
        {run.heldBy === null ? '' : `, in the hands of ${run.heldBy.name}`}
        {run.pauseReason === '' ? '' : `: ${run.pauseReason}`}
      </p>
      <p>
        {amountText(run.quantity, '1')} of {run.product}
        {run.attempt === 1 ? '' : `, rework ${run.attempt - 1}`}: {amountText(run.good, '1')} good,{' '}
        {amountText(run.scrap, '1')} scrap so far
      </p>
      {run.subjectCodes.length === 0 ? null : <p>Pieces: {run.subjectCodes.join(', ')}</p>}
      {run.state === 'running' ? (
        <Running key={run.version} run={run} nodeId={nodeId} />
      ) : (
        <Begin run={run} place={placeFor(run, nodeId, tree)} />
      )}
    </section>
  )
}

interface BeginProps {
  readonly run: OperationRun
  readonly place: EquipmentNode['id'] | undefined
}

/** Starting it, or going on with it: with the gates in words before. */
function Begin({ run, place }: BeginProps): ReactElement {
  const [scanned, setScanned] = useState('')
  const tools = scanned.split(/[\s,;]+/).filter((code) => code !== '')
  const { data: gates, error } = useQuery({
    ...ask(checkGates, { runId: run.id, scanned: tools }),
    refetchInterval: makingRefreshMs,
  })
  const isPaused = run.state === 'paused'
  const deed = useRunDeed(() =>
    isPaused
      ? client(resumeRun, { runId: run.id, version: run.version })
      : client(startRun, { runId: run.id, nodeId: place ?? '', tools }),
  )

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    deed.mutate()
  }

  return (
    <form className="work-form" onSubmit={onSubmit}>
      {isPaused ? null : (
        <label className="work-field">
          Gauges and tools: scan each of them
          <input
            className="station-input"
            value={scanned}
            autoComplete="off"
            onChange={({ currentTarget: { value } }) => setScanned(value)}
          />
        </label>
      )}
      {error === null ? null : <ProblemNotice what="The gates could not be read" error={error} />}
      {gates === undefined ? null : <GateList gates={gates} />}
      {place === undefined && !isPaused ? <p role="alert">It is not done at this place: choose another.</p> : null}
      {deed.isError ? (
        <ProblemNotice what={isPaused ? 'It was not gone on with' : 'It was not started'} error={deed.error} />
      ) : null}
      <button
        type="submit"
        className="station-tile station-tile-main"
        disabled={deed.isPending || (place === undefined && !isPaused)}
      >
        {isPaused ? 'Go on' : 'Start'}
      </button>
    </form>
  )
}

/** While it runs: report, pause, complete. */
function Running({ run, nodeId }: Pick<RunWorkProps, 'run' | 'nodeId'>): ReactElement {
  const [task, setTask] = useState<'report' | 'pause' | undefined>(undefined)
  const complete = useRunDeed(() => client(completeRun, { runId: run.id, version: run.version }))
  const close = (): void => setTask(undefined)
  return (
    <>
      {complete.isError ? <ProblemNotice what="It was not completed" error={complete.error} /> : null}
      {task === 'report' ? <ReportForm run={run} nodeId={nodeId} onClose={close} /> : null}
      {task === 'pause' ? <PauseForm run={run} onClose={close} /> : null}
      {task !== undefined ? null : (
        <div className="work-acts">
          <button
            type="button"
            className="station-tile station-tile-main"
            disabled={complete.isPending}
            onClick={() => complete.mutate()}
          >
            Complete
          </button>
          <button type="button" className="station-tile" onClick={() => setTask('report')}>
            Report good and scrap
          </button>
          <button type="button" className="station-tile" onClick={() => setTask('pause')}>
            Pause
          </button>
        </div>
      )}
    </>
  )
}
