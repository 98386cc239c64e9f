import { useQuery } from '@tanstack/react-query'
import type { OperationRun } from '@throughline/model'
import { checkGates, resumeRun, startRun } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { GateList } from '../form/GateList.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { closedGates } from '../order/order-words.ts'
import { GateAnswers } from './GateAnswers.tsx'
import { placeFor } from './place-for.ts'
import { primaryForm, useDeed, useSignal, useStation } from './station-context.ts'

/** Starting an operation, or going on with it: with the gates in words before. */
export function StartWork({ run }: { readonly run: OperationRun }): ReactElement {
  const { node, online } = useStation()
  const { tree } = useNodes()
  const [tools, setTools] = useState<readonly string[]>([])
  const [typed, setTyped] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { data: gates, error } = useQuery({
    ...ask(checkGates, { runId: run.id, scanned: [...tools] }),
    refetchInterval: makingRefreshMs,
  })
  const isPaused = run.state === 'paused'
  const place = placeFor(run, node.id, tree)
  const start = useDeed(startRun, `Start of ${run.orderCode} · ${run.sequence}`)
  const resume = useDeed(resumeRun, `Going on with ${run.orderCode} · ${run.sequence}`)
  const deed = isPaused ? resume : start
  const add = (code: string): void => {
    setTyped('')
    setProblem(undefined)
    if (code.trim() !== '' && !tools.includes(code.trim())) setTools([...tools, code.trim()])
  }
  useSignal('code', add)

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const lack = place === undefined && !isPaused ? 'It is not done at this place: choose another.' : undefined
    setProblem(lack)
    if (lack !== undefined || deed.isPending) return
    if (isPaused) resume.mutate({ runId: run.id, version: run.version, note: note.trim() })
    else start.mutate({ runId: run.id, nodeId: place ?? '', tools: [...new Set([...tools, ...codesIn(typed)])] })
  }

  return (
    <>
      <form id={primaryForm} className="work-form" onSubmit={onSubmit} {...(isPaused ? {} : { 'data-takes-code': '' })}>
        {isPaused ? (
          <label className="work-field">
            What you found (may be left out)
            <input
              className="station-input"
              maxLength={500}
              value={note}
              onChange={({ currentTarget: { value } }) => setNote(value)}
            />
          </label>
        ) : (
          <div className="work-field">
            <label htmlFor="work-tools">Gauges and tools: scan each of them</label>
            <div className="work-typed">
              <input
                id="work-tools"
                className="station-input"
                value={typed}
                autoComplete="off"
                onChange={({ currentTarget: { value } }) => setTyped(value)}
              />
              <button type="button" className="station-tile" onClick={() => add(typed)}>
                Add
              </button>
            </div>
            {tools.length === 0 ? null : (
              <p>
                Scanned: {tools.join(', ')}{' '}
                <button type="button" className="station-tile" onClick={() => setTools([])}>
                  None of them
                </button>
              </p>
            )}
          </div>
        )}
        {error === null || gates !== undefined ? null : (
          <ProblemNotice what="The gates could not be read" error={error} />
        )}
        {gates === undefined ? (
          online ? null : (
            <p>The gates are looked at when the start is delivered: it may be refused then.</p>
          )
        ) : (
          <GateList gates={gates} />
        )}
        {problem === undefined ? null : <p role="alert">{problem}</p>}
        {deed.isError ? (
          <ProblemNotice what={isPaused ? 'It was not gone on with' : 'It was not started'} error={deed.error} />
        ) : null}
        <button type="submit" className="station-tile station-tile-main work-main" disabled={deed.isPending}>
          {isPaused ? 'Go on' : 'Start'}
        </button>
      </form>
      {gates === undefined ? null : <GateAnswers run={run} gates={closedGates(gates)} />}
    </>
  )
}

const codesIn = (typed: string): string[] => typed.split(/[\s,;]+/).filter((code) => code !== '')
