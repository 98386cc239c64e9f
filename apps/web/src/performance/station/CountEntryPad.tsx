import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { systemClock } from '@throughline/kernel'
import type { Reason } from '@throughline/model'
import { listCounts, listCurrentStates, recordCount } from '@throughline/model'
import { formatNumber, ProblemNotice } from '@throughline/ui'
import { Delete } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useDenial } from '../../identity/access/may.ts'
import { useLiveStore } from '../../live/live-hooks.ts'
import { CountList } from '../count/CountList.tsx'
import { reasonText } from '../machine/machine-words.ts'
import { useInWindow, useReasons, useWindowChoice } from '../machine/performance-hooks.ts'
import { localInstant } from '../window/window-choice.ts'
import { pressed } from './number-pad.ts'
import { ReasonTiles } from './ReasonTiles.tsx'
import { useRecorder } from './recorder.ts'
import type { TaskProps } from './task.ts'

interface CountEntryPadProps extends TaskProps {
  readonly kind: 'scrap' | 'rework'
}

const thisShift = {}
const mostListed = 5
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** How many, and why: touching the reason records it. */
export function CountEntryPad({ node, current, timeZone, onDone, kind }: CountEntryPadProps): ReactElement {
  const queryClient = useQueryClient()
  const store = useLiveStore()
  const send = useRecorder()
  const refusal = useDenial()('performance.count.record', 'record parts')
  const [typed, setTyped] = useState('')
  const [madeAt, setMadeAt] = useState('')
  const { reasons, error, textOf } = useReasons('scrap', node.id)
  const choice = useWindowChoice(thisShift, node.id, timeZone)
  const entries = useInWindow(listCounts, choice, node.id, (window) => ({ nodeId: node.id, window }))
  const quantity = typed === '' ? 1 : Number(typed)
  const record = useMutation({
    networkMode: 'always',
    mutationFn: (reason: Reason | null) =>
      send(recordCount, {
        nodeId: node.id,
        kind,
        quantity,
        reasonId: reason?.id ?? null,
        madeAt: madeAtOf(),
        comment: '',
      }),
    onSuccess: async (deed, reason) => {
      const why = reason === null ? '' : `, ${reasonText(reason, navigator.languages)}`
      const what = `${formatNumber(quantity, 0)} ${kind}${why}`
      setTyped('')
      setMadeAt('')
      if (deed.isWaiting) return onDone({ text: `Not yet recorded: ${what}`, at: systemClock.now() })
      onDone({ text: `Recorded: ${what}`, at: deed.answer.recordedAt })
      await queryClient.invalidateQueries({ queryKey: [listCounts.name] })
      await queryClient.invalidateQueries({ queryKey: [listCurrentStates.name] })
    },
  })
  if (refusal !== undefined) return <p>{refusal}</p>

  /** The server's clock, where it is known: a tablet's own may run ahead, and parts of the future are refused. */
  function madeAtOf(): Instant {
    return localInstant(madeAt, timeZone) ?? store.line().dataAt ?? systemClock.now()
  }

  const shownEntries = (entries.data?.answer ?? []).filter((entry) => entry.kind === kind).slice(0, mostListed)
  return (
    <section aria-labelledby="station-count">
      <h2 id="station-count">{kind === 'scrap' ? 'How many are scrap, and why?' : 'How many go to rework?'}</h2>
      <p className="station-subject">
        <output className="station-quantity tl-figure" aria-label="Number of parts">
          {formatNumber(quantity, 0)}
        </output>{' '}
        {quantity === 1 ? 'part' : 'parts'}
        {current?.order ? ` of ${current.order}` : ''}
      </p>
      <fieldset className="station-pad">
        <legend className="tl-hidden">Number of parts</legend>
        {digits.map((digit) => (
          <button key={digit} type="button" className="station-key" onClick={() => setTyped(pressed(typed, digit))}>
            {digit}
          </button>
        ))}
        <button type="button" className="station-key" aria-label="Start again" onClick={() => setTyped('')}>
          C
        </button>
        <button type="button" className="station-key" onClick={() => setTyped(pressed(typed, '0'))}>
          0
        </button>
        <button
          type="button"
          className="station-key"
          aria-label="Delete the last digit"
          onClick={() => setTyped(typed.slice(0, -1))}
        >
          <Delete size={30} aria-hidden="true" />
        </button>
      </fieldset>
      <details className="station-earlier" open={madeAt !== ''}>
        <summary>Made {madeAt === '' ? 'now' : 'earlier'}: change</summary>
        <label>
          Made at
          <input
            type="datetime-local"
            className="station-input"
            value={madeAt}
            onChange={(event) => setMadeAt(event.currentTarget.value)}
          />
        </label>
      </details>
      {record.isError ? <ProblemNotice what="The parts were not recorded" error={record.error} /> : null}
      {error === null ? null : <ProblemNotice what="The reasons could not be read" error={error} />}
      {kind === 'scrap' && reasons !== undefined && reasons.length > 0 ? (
        <ReasonTiles
          reasons={reasons}
          suggested={[]}
          busy={record.isPending}
          onPick={(reason) => record.mutate(reason)}
        />
      ) : (
        <div className="station-tiles">
          <button
            type="button"
            className="station-tile station-tile-main"
            disabled={record.isPending}
            onClick={() => record.mutate(null)}
          >
            Record {formatNumber(quantity, 0)} {kind}
          </button>
        </div>
      )}
      {shownEntries.length === 0 ? null : (
        <>
          <h3>Recorded in this shift</h3>
          <CountList entries={shownEntries} textOf={textOf} timeZone={timeZone} atMachine />
        </>
      )}
    </section>
  )
}
