import { useQuery } from '@tanstack/react-query'
import { plusMs, systemClock } from '@throughline/kernel'
import type { Stop } from '@throughline/model'
import { listCounts } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { CountList } from '../count/CountList.tsx'
import { useReasons } from '../machine/performance-hooks.ts'

interface StopCountsProps {
  readonly stop: Pick<Stop, 'id' | 'nodeId' | 'from' | 'to'>
  readonly timeZone: string | undefined
}

const aroundMs = 3_600_000

/** What people recorded at the machine around a stop: parts spoilt by it are found there. */
export function StopCounts({ stop: { id, nodeId, from, to }, timeZone }: StopCountsProps): ReactElement | null {
  const { textOf } = useReasons('scrap', nodeId)
  const { data, error } = useQuery({
    queryKey: [listCounts.name, 'stop', id, to],
    queryFn: ({ signal }) => {
      const window = { from: plusMs(from, -aroundMs), to: plusMs(to ?? systemClock.now(), aroundMs) }
      return client(listCounts, { nodeId, window, includeReplaced: true }, { signal })
    },
  })
  return (
    <section className="performance-panel" aria-labelledby="stop-counts">
      <h2 id="stop-counts">Parts recorded around it</h2>
      {error === null ? null : <ProblemNotice what="The counts could not be read" error={error} />}
      {data === undefined ? null : data.length === 0 ? (
        <p className="tl-dim">Nobody recorded parts from an hour before the stop to an hour after it.</p>
      ) : (
        <CountList entries={data} textOf={textOf} timeZone={timeZone} />
      )}
    </section>
  )
}
