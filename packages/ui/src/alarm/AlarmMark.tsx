import type { ReactElement } from 'react'
import type { AlarmPriority } from '../indicator/PriorityShape.tsx'
import { PriorityShape } from '../indicator/PriorityShape.tsx'
import './alarm.css'

interface AlarmMarkProps {
  readonly priority: AlarmPriority
  /** Nobody has acknowledged it: the shape blinks once a second, or has a double outline where motion is unwanted. */
  readonly unacknowledged?: boolean
  /** Shelved, suppressed or out of service: a grey outline with the letter S, whatever the priority. */
  readonly hidden?: boolean
  readonly size?: number
}

/** How an alarm is drawn everywhere: the shape and the number of its priority. Only the shape blinks, never a text. */
export function AlarmMark({
  priority,
  unacknowledged = false,
  hidden = false,
  size = 16,
}: AlarmMarkProps): ReactElement {
  if (hidden) {
    return (
      <span className="tl-alarm-mark" role="img" aria-label={`Not shown to operators, priority ${priority}`}>
        <span className="tl-alarm-hidden" style={{ width: size + 2, height: size + 2 }} aria-hidden="true">
          S
        </span>
        <span aria-hidden="true">{priority}</span>
      </span>
    )
  }
  return (
    <span
      className="tl-alarm-mark"
      role="img"
      aria-label={`Priority ${priority}, ${unacknowledged ? 'not acknowledged' : 'acknowledged'}`}
    >
      <span className="tl-alarm-shape" data-unacknowledged={unacknowledged}>
        <PriorityShape priority={priority} size={size} />
      </span>
      <span aria-hidden="true">{priority}</span>
    </span>
  )
}
