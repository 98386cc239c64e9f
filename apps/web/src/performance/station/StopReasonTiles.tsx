import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { systemClock } from '@throughline/kernel'
import type { Reason, Stop } from '@throughline/model'
import { explainStop, getStop, listStops, suggestReasons } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { durationText, reasonText, stateText } from '../machine/machine-words.ts'
import { useInWindow, useNow, useReasons, useWindowChoice } from '../machine/performance-hooks.ts'
import { openFirst } from '../stop/stop-rules.ts'
import { ReasonTiles } from './ReasonTiles.tsx'
import { useRecorder } from './recorder.ts'
import type { TaskProps } from './task.ts'

const thisShift = {}
const mostListed = 6

/** The stop that stands now, or those of the shift that still want a reason: one touch says it. */
export function StopReasonTiles({ node, current, timeZone, onDone }: TaskProps): ReactElement {
  const queryClient = useQueryClient()
  const now = useNow()
  const record = useRecorder()
  const refusal = useDenial()('performance.stop.explain', 'explain stops')
  useTopic('performance', [[listStops.name], [getStop.name]])
  const choice = useWindowChoice(thisShift, node.id, timeZone)
  const waiting = useInWindow(listStops, choice, [node.id, 'unexplained'], (window) => ({
    nodeId: node.id,
    window,
    show: 'unexplained' as const,
  }))
  const openId = current?.openStopId ?? null
  const open = useQuery({ ...ask(getStop, { stopId: openId ?? '' }), enabled: openId !== null })
  const { reasons, error, textOf } = useReasons('stop', node.id)
  const suggested = useQuery({ ...ask(suggestReasons, { nodeId: node.id }), staleTime: 30_000 })
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const stops = openFirst(waiting.data?.answer.stops ?? [])
  const openStop = openId === null ? undefined : open.data
  const candidates = openStop?.reasonId === null ? [openStop, ...stops.filter(({ id }) => id !== openStop.id)] : stops
  const stop = candidates.find(({ id }) => id === chosen) ?? candidates[0]
  const explain = useMutation({
    networkMode: 'always',
    mutationFn: ({ stop, reason }: { stop: Stop; reason: Reason }) =>
      record(explainStop, { stopId: stop.id, version: stop.version, reasonId: reason.id }),
    onSuccess: async ({ isWaiting }, { reason }) => {
      const said = isWaiting ? 'Not yet recorded' : 'Recorded'
      onDone({ text: `${said}: ${reasonText(reason, navigator.languages)}`, at: systemClock.now() })
      setChosen(undefined)
      if (isWaiting) return
      await queryClient.invalidateQueries({ queryKey: [listStops.name] })
      await queryClient.invalidateQueries({ queryKey: [getStop.name] })
    },
  })
  const failure = waiting.error ?? open.error ?? error
  if (refusal !== undefined) return <p>{refusal}</p>
  return (
    <section aria-labelledby="station-stop">
      <h2 id="station-stop">Why did it stop?</h2>
      {failure === null ? null : <ProblemNotice what="The stops could not be read" error={failure} />}
      {openStop === undefined || openStop.reasonId === null ? null : (
        <p>
          This stop has its reason: {textOf(openStop.reasonId)}. If that is wrong, tell a supervisor, who may change it.
        </p>
      )}
      {stop === undefined ? (
        waiting.data === undefined ? null : (
          <EmptyState title="No stop of this shift waits for a reason." />
        )
      ) : (
        <>
          {candidates.length === 1 ? (
            <p className="station-subject">{stopText(stop)}</p>
          ) : (
            <fieldset className="station-tiles station-choice">
              <legend>Which stop?</legend>
              {candidates.slice(0, mostListed).map((one) => (
                <button
                  key={one.id}
                  type="button"
                  className="station-tile"
                  aria-pressed={one.id === stop.id}
                  onClick={() => setChosen(one.id)}
                >
                  {stopText(one)}
                </button>
              ))}
              {candidates.length > mostListed ? <p>and {candidates.length - mostListed} older ones</p> : null}
            </fieldset>
          )}
          {explain.isError ? <ProblemNotice what="The reason was not recorded" error={explain.error} /> : null}
          {reasons === undefined ? null : reasons.length === 0 ? (
            <EmptyState title="No reasons for this machine yet" reason="Whoever keeps the reason tree adds them." />
          ) : (
            <ReasonTiles
              key={stop.id}
              reasons={reasons}
              suggested={suggested.data?.map(({ reasonId }) => reasonId) ?? []}
              busy={explain.isPending}
              onPick={(reason) => explain.mutate({ stop, reason })}
            />
          )}
        </>
      )}
    </section>
  )

  function stopText(one: Stop): string {
    const lasts = durationText((one.to ?? now) - one.from)
    const from = formatInstant(one.from, 'minute', timeZone)
    return `${stateText(one.state, one.label)} since ${from}, ${lasts}${one.to === null ? ', open' : ''}`
  }
}
