import { Button } from '@mantine/core'
import { plusMs, systemClock } from '@throughline/kernel'
import type { AlarmDefinition } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { TransitionTable } from '../history/TransitionTable.tsx'
import { useHistory } from '../history/use-history.ts'

interface OwnHistoryProps {
  readonly definitionId: AlarmDefinition['id']
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

const dayMs = 86_400_000
const backDays = 30

/** What happened to one alarm in the last 30 days, through all its versions. */
export function OwnHistory({ definitionId, tree, timeZone }: OwnHistoryProps): ReactElement {
  const [window] = useState(() => {
    const now = systemClock.now()
    return { from: plusMs(now, -backDays * dayMs), to: plusMs(now, dayMs) }
  })
  const { transitions, error, more, reading, readMore } = useHistory({ definitionId, window, events: [] })
  return (
    <section aria-labelledby="alarm-own-history">
      <h2 id="alarm-own-history">What happened in the last {backDays} days</h2>
      {error === null ? null : <ProblemNotice what="The history could not be read" error={error} />}
      {transitions === undefined ? null : (
        <TransitionTable transitions={transitions} tree={tree} timeZone={timeZone} named={false} />
      )}
      {more ? (
        <Button variant="default" loading={reading} onClick={readMore}>
          Show earlier ones
        </Button>
      ) : null}
    </section>
  )
}
