import type { Instant } from '@throughline/kernel'
import type { ReactElement } from 'react'
import { formatInstant } from '../format/time.ts'
import type { LineState } from './quality-state.ts'
import './quality.css'

const words = { live: 'Live', stale: 'Stale', offline: 'Offline' } as const

interface DataAgeProps {
  readonly line: LineState
  /** The time of the newest data; undefined = none has come. */
  readonly dataAt: Instant | undefined
  readonly timeZone?: string | undefined
}

/** Whether what is on screen is alive, and how old it is. */
export function DataAge({ line, dataAt, timeZone }: DataAgeProps): ReactElement {
  return (
    <span className="tl-age">
      <span className="tl-age-dot" data-line={line} aria-hidden="true" />
      <span className="tl-age-word" role="status">
        {words[line]}
      </span>
      {dataAt === undefined ? null : (
        <span className="tl-figure tl-dim tl-age-time" title={formatInstant(dataAt, 'record', timeZone)}>
          {formatInstant(dataAt, 'second', timeZone)}
        </span>
      )}
    </span>
  )
}
