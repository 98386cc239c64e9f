import type { ReactElement } from 'react'

export type AlarmPriority = 1 | 2 | 3 | 4

const outlines = {
  1: 'M1.5 1.5H12.5V12.5H1.5Z',
  2: 'M7 1L13 12.5H1Z',
  3: 'M1 1.5H13L7 13Z',
  4: 'M7 0.8L13.2 7L7 13.2L0.8 7Z',
} as const

/** The shape of an ISA-18.2 priority: square, triangle up, triangle down, diamond; inked, never colour alone. */
export function PriorityShape({
  priority,
  size = 14,
}: {
  readonly priority: AlarmPriority
  readonly size?: number
}): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      <path className="tl-shape" d={outlines[priority]} fill={`var(--tl-alarm-${priority})`} />
    </svg>
  )
}
