import type { OperationRun } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { useCurrentStates, useNodes } from '../../performance/machine/performance-hooks.ts'
import { CallHelp } from '../../performance/station/CallHelp.tsx'
import { CountEntryPad } from '../../performance/station/CountEntryPad.tsx'
import type { Recorder } from '../../performance/station/recorder.ts'
import { RecorderContext } from '../../performance/station/recorder.ts'
import { StopReasonTiles } from '../../performance/station/StopReasonTiles.tsx'
import type { Answer } from '../../performance/station/task.ts'
import { offlineDesk } from '../offline/offline-desk.ts'
import { LogbookTask } from './LogbookTask.tsx'
import { ReportPad } from './ReportPad.tsx'
import { useStation } from './station-context.ts'
import type { TaskId } from './station-tasks.ts'

interface StationTaskProps {
  readonly task: TaskId
  readonly run: OperationRun | undefined
  readonly onClose: () => void
}

/** What one of the five tiles opens. */
export function StationTask({ task, run, onClose }: StationTaskProps): ReactElement {
  const { session, node, timeZone, say } = useStation()
  const { tree } = useNodes()
  const machineId = run?.nodeId ?? node.id
  const { states } = useCurrentStates(machineId)
  const current = states?.find((one) => one.nodeId === machineId)
  const shared = {
    ...{ node: tree.byId(machineId) ?? node, current, timeZone },
    onDone: ({ text, at }: Answer) => say(`${text}, ${formatInstant(at, 'second', timeZone)}.`),
  }
  const record: Recorder = (operation, input) => offlineDesk.perform(operation, input, session.personId)
  return (
    <RecorderContext value={record}>
      <div className="work-task">
        {task === 'stop' ? <StopReasonTiles {...shared} /> : null}
        {task === 'scrap' ? (
          run?.state === 'running' ? (
            <ReportPad run={run} onClose={onClose} />
          ) : (
            <CountEntryPad {...shared} kind="scrap" />
          )
        ) : null}
        {task === 'scan' ? <ScanTask onClose={onClose} /> : null}
        {task === 'logbook' ? <LogbookTask order={run?.orderCode ?? null} /> : null}
        {task === 'call' ? <CallHelp {...shared} /> : null}
        <div className="work-acts">
          <button type="button" className="station-tile" onClick={onClose}>
            Back to the work
          </button>
        </div>
      </div>
    </RecorderContext>
  )
}

/** A code by hand, where the scanner cannot read it: it goes where the scan would have gone. */
function ScanTask({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [typed, setTyped] = useState('')
  const { scan } = useStation()
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (typed.trim() === '') return
    onClose()
    // Once the work is on the page again, which takes the code.
    setTimeout(() => scan(typed.trim()))
  }
  return (
    <form className="work-form" onSubmit={onSubmit} aria-labelledby="station-scan">
      <h2 id="station-scan">Scan</h2>
      <p>Scan at any time, on any page of this station. A code that cannot be read is typed here.</p>
      <label className="work-field">
        Code
        <input
          className="station-input"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <div className="work-acts">
        <button type="submit" className="station-tile station-tile-main">
          Go
        </button>
        <a className="station-tile" href="/work-codes" target="_blank" rel="noreferrer">
          Print the sheet of commands
        </a>
      </div>
    </form>
  )
}
