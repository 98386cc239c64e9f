import type { ReactElement } from 'react'
import type { TaskId } from './station-tasks.ts'
import { stationTasks } from './station-tasks.ts'

interface StationTilesProps {
  readonly task: TaskId | undefined
  readonly onTask: (task: TaskId) => void
}

/** The five fixed tiles. */
export function StationTiles({ task, onTask }: StationTilesProps): ReactElement {
  return (
    <nav className="station-tasks" aria-label="What to say">
      {stationTasks.map(({ id, label, icon: Icon }) => (
        <button key={id} type="button" className="station-task" aria-pressed={task === id} onClick={() => onTask(id)}>
          <Icon size={30} aria-hidden="true" />
          {label}
        </button>
      ))}
    </nav>
  )
}
