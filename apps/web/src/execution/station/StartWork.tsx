import { useQuery } from '@tanstack/react-query'
import type { OperationRun, RunPiece } from '@throughline/model'
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
import { PieceChoice } from './PieceChoice.tsx'
import { pickedAfter, pieceBy, startable } from './pieces.ts'
import { placeFor } from './place-for.ts'
import { primaryForm, useDeed, useSignal, useStation } from './station-context.ts'

interface StartWorkProps {
  readonly run: OperationRun
  readonly pieces: readonly RunPiece[]
  /** The piece whose scan opened it: it is begun with. */
  readonly scanned: string | undefined
}

/** Starting an operation, or going on with it: with its pieces, and the gates in words before. */
export function StartWork({ run, pieces, scanned }: StartWorkProps): ReactElement {
  const { node, online } = useStation()
  const ready = startable(pieces)
  const many = run.state === 'ready' && pieces.length > 1
  const [picked, setPicked] = useState<readonly string[] | undefined>(() => {
    const first = scanned === undefined || !many ? undefined : pieceBy(ready, scanned)
    return first && [first.id]
  })
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
    const piece = pieceBy(pieces, code)
    if (piece !== undefined && !ready.includes(piece)) setProblem(`${piece.code} cannot be begun with now.`)
    // A piece that is scanned twice stays picked.
    else if (piece !== undefined && many)
      setPicked((now) => (now?.includes(piece.id) ? now : pickedAfter(now, piece.id)))
    else if (piece !== undefined) return
    else if (code.trim() !== '' && !tools.includes(code.trim())) setTools([...tools, code.trim()])
  }
  useSignal('code', add)

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const lack = isPaused
      ? undefined
      : place === undefined
        ? 'It is not done at this place: choose another.'
        : many && ready.length === 0
          ? 'None of its pieces can be begun with now.'
          : undefined
    setProblem(lack)
    if (lack !== undefined || deed.isPending) return
    if (isPaused) resume.mutate({ runId: run.id, version: run.version, note: note.trim() })
    else {
      const chosen = picked ?? (ready.length === pieces.length ? [] : ready.map(({ id }) => id))
      const scanned = [...new Set([...tools, ...codesIn(typed)])]
      start.mutate({ runId: run.id, nodeId: place ?? '', subjects: [...chosen] as never, tools: scanned })
    }
  }

  return (
    <>
      <form
        id={primaryForm}
        className="work-form"
        onSubmit={onSubmit}
        {...(isPaused ? {} : { 'data-takes-code': 'start' })}
      >
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
          <>
            {many ? (
              <PieceChoice
                pieces={pieces}
                picked={picked}
                onPick={(id) => setPicked(pickedAfter(picked, id))}
                onAll={() => setPicked(undefined)}
              />
            ) : null}
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
          </>
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
        <div className="work-end">
          {problem === undefined ? null : <p role="alert">{problem}</p>}
          {deed.isError ? (
            <ProblemNotice what={isPaused ? 'It was not gone on with' : 'It was not started'} error={deed.error} />
          ) : null}
          <button type="submit" className="station-tile station-tile-main work-main" disabled={deed.isPending}>
            {isPaused ? 'Go on' : picked === undefined ? 'Start' : startWords(picked.length)}
          </button>
        </div>
      </form>
      {gates === undefined ? null : <GateAnswers run={run} gates={closedGates(gates)} />}
    </>
  )
}

const startWords = (count: number): string => `Start with ${count} ${count === 1 ? 'piece' : 'pieces'}`

const codesIn = (typed: string): string[] => typed.split(/[\s,;]+/).filter((code) => code !== '')
