import type { Instant } from '@throughline/kernel'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { durationText } from '../machine/machine-words.ts'

interface OfflineNoticeProps {
  /** Of the last answer; without one, when the page began to ask. */
  readonly since: Instant
  readonly now: Instant
  readonly timeZone: string | undefined
  /** Nothing has come at all. */
  readonly isEmpty: boolean
}

const dayUs = 86_400_000_000

/** Over everything, as large as the wall has room for: what is below is no longer true. */
export function OfflineNotice({ since, now, timeZone, isEmpty }: OfflineNoticeProps): ReactElement {
  const format = now - since < dayUs ? 'second' : 'record'
  return (
    <div className="wall-offline" role="alert">
      <strong>OFFLINE</strong>
      <span className="tl-figure">
        since {formatInstant(since, format, timeZone)}, {durationText(now - since)}
      </span>
      <span>{isEmpty ? 'No data has come yet.' : 'What is below is of that time.'} Connecting again by itself.</span>
    </div>
  )
}
