import { useQueryClient } from '@tanstack/react-query'
import type { Stop } from '@throughline/model'
import { listStops, mergeStops } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo, useState } from 'react'
import { client } from '../../door/client.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { durationText } from '../machine/machine-words.ts'
import { mergeableRuns } from './stop-rules.ts'

interface MergeStopsProps {
  readonly stops: readonly Stop[]
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

const mostAtOnce = 20
const mostRuns = 10

/** Stops that follow each other without a gap: one standstill may be told as one stop. */
export function MergeStops({ stops, tree, timeZone }: MergeStopsProps): ReactElement | null {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const [merging, setMerging] = useState<readonly Stop[] | undefined>(undefined)
  const runs = useMemo(() => mergeableRuns(stops), [stops])
  if (runs.length === 0) return null
  const spanOf = (run: readonly Stop[]): string => {
    const [first, last] = [run[0], run.at(-1)]
    if (first === undefined || last === undefined) return ''
    const until = last.to === null ? 'now' : formatInstant(last.to, 'minute', timeZone)
    const lasts = last.to === null ? '' : `, ${durationText(last.to - first.from)}`
    return `${tree.byId(first.nodeId)?.name ?? 'a machine'}, ${formatInstant(first.from, 'day-minute', timeZone)} to ${until}${lasts}`
  }
  return (
    <details>
      <summary>
        {runs.length} {runs.length === 1 ? 'standstill is' : 'standstills are'} told as several stops
      </summary>
      <ul className="comment-list">
        {runs.slice(0, mostRuns).map((run) => (
          <li key={run[0]?.id} className="form-line">
            <span>
              {run.length} stops: {spanOf(run)}
            </span>
            <GuardedButton
              size="compact-sm"
              variant="default"
              reason={
                denial('performance.stop.reclassify', 'merge stops') ??
                (run.length > mostAtOnce ? `At most ${mostAtOnce} stops can be taken together at once.` : undefined)
              }
              aria-label={`Take together ${run.length} stops: ${spanOf(run)}`}
              onClick={() => setMerging(run)}
            >
              Take together
            </GuardedButton>
          </li>
        ))}
      </ul>
      {runs.length > mostRuns ? <p>The newest {mostRuns} are listed.</p> : null}
      {merging === undefined ? null : (
        <ReasonDialog
          title={`Take ${merging.length} stops together`}
          confirm="Take together"
          failure="The stops stay apart"
          onClose={() => setMerging(undefined)}
          onConfirm={async (why) => {
            await client(mergeStops, { stops: merging.map(({ id, version }) => ({ stopId: id, version })), why })
            await queryClient.invalidateQueries({ queryKey: [listStops.name] })
          }}
        >
          <p>
            {spanOf(merging)} becomes one stop. The {merging.length} stops stay readable and are no longer counted.
          </p>
        </ReasonDialog>
      )}
    </details>
  )
}
