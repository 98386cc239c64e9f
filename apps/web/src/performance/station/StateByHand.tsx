import { useMutation, useQueryClient } from '@tanstack/react-query'
import { systemClock } from '@throughline/kernel'
import { listCurrentStates, recordState } from '@throughline/model'
import { machineStateWords, ProblemNotice, StateChip } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { useDenial } from '../../identity/access/may.ts'
import { useLiveStore } from '../../live/live-hooks.ts'
import type { TaskProps } from './task.ts'

const states = ['running', 'idle', 'starved', 'blocked', 'down', 'changeover', 'planned-stop'] as const

/** Says what the machine does from now on, where it has no signal or the signal is wrong. */
export function StateByHand({ node, current, onDone }: TaskProps): ReactElement {
  const queryClient = useQueryClient()
  const store = useLiveStore()
  const refusal = useDenial()('performance.stop.explain', 'record states')
  const record = useMutation({
    mutationFn: (state: (typeof states)[number]) =>
      client(recordState, { nodeId: node.id, state, from: store.line().dataAt ?? systemClock.now(), to: null }),
    onSuccess: async (interval) => {
      onDone({ text: `Recorded: ${machineStateWords[interval.state]}`, at: interval.from })
      await queryClient.invalidateQueries({ queryKey: [listCurrentStates.name] })
    },
  })
  if (refusal !== undefined) return <p>{refusal}</p>
  return (
    <section aria-labelledby="station-by-hand">
      <h2 id="station-by-hand">What does it do from now on?</h2>
      <p>It holds until something else is recorded. What the machine itself tells stays readable.</p>
      {record.isError ? <ProblemNotice what="The state was not recorded" error={record.error} /> : null}
      <div className="station-tiles">
        {states.map((state) => (
          <button
            key={state}
            type="button"
            className="station-tile"
            aria-pressed={current?.state === state}
            disabled={record.isPending}
            onClick={() => record.mutate(state)}
          >
            <StateChip state={state} />
          </button>
        ))}
      </div>
    </section>
  )
}
