import type { Instant } from '@throughline/kernel'
import type { CurrentState, EquipmentNode } from '@throughline/model'

/** What is said to a person at the machine: done, at what time. */
export interface Answer {
  readonly text: string
  readonly at: Instant
}

/** What every task of the station is given. */
export interface TaskProps {
  readonly node: EquipmentNode
  readonly current: CurrentState | undefined
  readonly timeZone: string | undefined
  readonly onDone: (answer: Answer) => void
}
