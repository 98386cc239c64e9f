import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { plusMs, systemClock } from '@throughline/kernel'
import type { AndonCall } from '@throughline/model'
import { callHelp, listCalls } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { callKinds, callText, callWords } from '../andon/call-words.ts'
import { useNow } from '../machine/performance-hooks.ts'
import { useRecorder } from './recorder.ts'
import type { TaskProps } from './task.ts'

const lookBackMs = 86_400_000

/** One touch calls somebody; below it stands who comes. */
export function CallHelp({ node, current, onDone }: TaskProps): ReactElement {
  const queryClient = useQueryClient()
  const now = useNow()
  const record = useRecorder()
  const refusal = useDenial()('performance.andon.call', 'call for help')
  useTopic('andon', [[listCalls.name]])
  const calls = useQuery({
    queryKey: [listCalls.name, node.id, 'open'],
    queryFn: ({ signal }) => {
      const to = systemClock.now()
      const window = { from: plusMs(to, -lookBackMs), to: plusMs(to, 60_000) }
      return client(listCalls, { nodeId: node.id, window, onlyOpen: true }, { signal })
    },
  })
  const call = useMutation({
    networkMode: 'always',
    mutationFn: (kind: AndonCall['kind']) =>
      record(callHelp, { nodeId: node.id, kind, stopId: current?.openStopId ?? null }),
    onSuccess: async (deed, kind) => {
      if (deed.isWaiting) {
        onDone({
          text: `${callWords[kind]}: nobody hears of it yet, the call waits on this device`,
          at: systemClock.now(),
        })
        return
      }
      onDone({ text: `${callWords[kind]} is called`, at: deed.answer.calledAt })
      await queryClient.invalidateQueries({ queryKey: [listCalls.name] })
    },
  })
  return (
    <section aria-labelledby="station-call">
      <h2 id="station-call">Whom to call?</h2>
      {refusal === undefined ? (
        <div className="station-tiles">
          {callKinds.map((kind) => (
            <button
              key={kind}
              type="button"
              className="station-tile station-tile-likely"
              disabled={call.isPending}
              onClick={() => call.mutate(kind)}
            >
              {callWords[kind]}
            </button>
          ))}
        </div>
      ) : (
        <p>{refusal}</p>
      )}
      {call.isError ? <ProblemNotice what="Nobody was called" error={call.error} /> : null}
      {calls.error === null ? null : <ProblemNotice what="The calls could not be read" error={calls.error} />}
      <h3>Open calls</h3>
      {calls.data === undefined ? null : calls.data.length === 0 ? (
        <p>None.</p>
      ) : (
        <ul className="station-list">
          {calls.data.map((one) => (
            <li key={one.id}>{callText(one, now)}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
