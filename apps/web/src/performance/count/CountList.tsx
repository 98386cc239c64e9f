import type { CountEntry } from '@throughline/model'
import { formatInstant, formatNumber } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { CorrectCount } from './CorrectCount.tsx'
import './count.css'

interface CountListProps {
  /** Newest first; what was replaced is shown struck through. */
  readonly entries: readonly CountEntry[]
  readonly textOf: (reasonId: string) => string
  readonly timeZone: string | undefined
  /** At the machine everything is to be touched, and nothing else is there. */
  readonly atMachine?: boolean
}

/** What people recorded, each with the way to correct it or take it back. */
export function CountList({ entries, textOf, timeZone, atMachine = false }: CountListProps): ReactElement {
  const mayNot = useDenial()('performance.count.correct', 'correct counts')
  const [correcting, setCorrecting] = useState<CountEntry | undefined>(undefined)
  return (
    <>
      <ul className={atMachine ? 'count-list count-floor' : 'count-list'}>
        {entries.map((entry) => (
          <li key={entry.id} className="count-entry">
            <span>
              {entry.replacedAt === null ? countText(entry) : <del>{countText(entry)}</del>}
              {entry.replacedAt === null ? null : (
                <span className="machine-sub">
                  corrected or taken back by {entry.replacedBy ?? 'somebody'},{' '}
                  {formatInstant(entry.replacedAt, 'minute', timeZone)}
                  {entry.replacedWhy === null ? '' : `: ${entry.replacedWhy}`}
                </span>
              )}
              {entry.comment === '' ? null : <span className="machine-sub">{entry.comment}</span>}
            </span>
            <span className="count-acts">
              {entry.replacedAt === null ? (
                <GuardedButton
                  size={atMachine ? 'md' : 'compact-sm'}
                  variant="default"
                  reason={mayNot}
                  aria-label={`Correct: ${countText(entry)}`}
                  onClick={() => setCorrecting(entry)}
                >
                  Correct
                </GuardedButton>
              ) : null}
              {atMachine ? null : <RecordTrailLink kind="performance.count_entry" id={entry.id} />}
            </span>
          </li>
        ))}
      </ul>
      {correcting === undefined ? null : (
        <CorrectCount
          entry={correcting}
          what={countText(correcting)}
          textOf={textOf}
          atMachine={atMachine}
          onClose={() => setCorrecting(undefined)}
        />
      )}
    </>
  )

  function countText(entry: CountEntry): string {
    const why = entry.reasonId === null ? '' : `, ${textOf(entry.reasonId)}`
    const at = formatInstant(entry.madeAt, 'minute', timeZone)
    return `${at} ${formatNumber(entry.quantity, 0)} ${entry.kind}${why}, by ${entry.recordedBy}`
  }
}
