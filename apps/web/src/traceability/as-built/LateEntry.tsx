import type { Instant } from '@throughline/kernel'
import { isEnteredLate } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'

interface LateEntryProps {
  /** When it happened, and when it was entered. */
  readonly entry: { readonly at: Instant; readonly recordedAt: Instant }
  readonly timeZone: string | undefined
}

/** That something was entered long after it happened, with both times; nothing where it was entered at once. */
export function LateEntry({ entry, timeZone }: LateEntryProps): ReactElement | null {
  if (!isEnteredLate(entry)) return null
  const [entered, happened] = [entry.recordedAt, entry.at].map((at) => formatInstant(at, 'record', timeZone))
  return (
    <span className="machine-sub">
      late entry: entered {entered} for {happened}
    </span>
  )
}
