import { Button, NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { plusMs } from '@throughline/kernel'
import { AlarmEvent } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { usePlace, useShownWindow, useWindowChoice } from '../../performance/machine/performance-hooks.ts'
import { WindowBar } from '../../performance/window/WindowBar.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { alarmEventWords } from '../alarm-words.ts'
import { TransitionTable } from './TransitionTable.tsx'
import type { AskedHistory } from './use-history.ts'
import { useHistory } from './use-history.ts'

const route = getRouteApi('/app/alarm-history')

/** What happened to the alarms of a place in a window. */
export function AlarmHistoryScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { node, unknown, tree, nodes, timeZone } = usePlace(search.node)
  const shown = useShownWindow(useWindowChoice(search, node?.id, timeZone))
  return (
    <>
      <ScreenHead title={node === undefined ? 'Alarm history' : `Alarm history of ${node.name}`} />
      <AlarmTabs />
      <WindowBar
        {...{ nodes, node, search, shown, timeZone }}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, ...next }) })}
      >
        <NativeSelect
          label="What happened"
          value={search.event ?? ''}
          data={[
            { value: '', label: 'Anything' },
            ...AlarmEvent.options.map((value) => ({ value, label: alarmEventWords[value] })),
          ]}
          onChange={(event) => {
            const chosen = AlarmEvent.safeParse(event.currentTarget.value).data
            void navigate({ search: (before) => ({ ...before, event: chosen }) })
          }}
        />
      </WindowBar>
      <div className="performance">
        {unknown ? (
          <p className="screen-note" role="alert">
            No equipment at “{search.node}”. Shown is the history of all that you may see.
          </p>
        ) : null}
        {shown === undefined ? null : (
          <Pages
            key={JSON.stringify([node?.id, search])}
            asked={{
              ...(node === undefined ? {} : { nodeId: node.id }),
              // What happens from now on belongs to a window that follows the clock.
              window: shown.following ? { ...shown.window, to: plusMs(shown.window.to, dayMs) } : shown.window,
              events: search.event === undefined ? [] : [search.event],
            }}
            tree={tree}
            timeZone={timeZone}
          />
        )}
      </div>
    </>
  )
}

const dayMs = 86_400_000

interface PagesProps {
  readonly asked: AskedHistory
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

/** The window stays as it was when it was chosen: else the pages would begin anew with every step of the clock. */
function Pages({ asked, tree, timeZone }: PagesProps): ReactElement {
  const [first] = useState(asked)
  const { transitions, error, more, reading, readMore } = useHistory(first)
  return (
    <>
      {error === null ? null : <ProblemNotice what="The history could not be read" error={error} />}
      {transitions === undefined ? null : (
        <TransitionTable transitions={transitions} tree={tree} timeZone={timeZone} named />
      )}
      {more ? (
        <div>
          <Button variant="default" loading={reading} onClick={readMore}>
            Show earlier ones
          </Button>
        </div>
      ) : null}
    </>
  )
}
