import { Link } from '@tanstack/react-router'
import type { AuditEntry } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import { Ban } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { entrySentence, outcomeWords } from './entry-words.ts'
import './audit.css'

/** One entry as people read it: what happened in a sentence, then when, in which role, why, with what outcome. */
export function EntryLine({ entry, children }: { entry: AuditEntry; children?: ReactNode }): ReactElement {
  const timeZone = usePlantZone()
  const isRefused = entry.outcome !== 'done'
  return (
    <article className="entry-line" data-refused={isRefused}>
      <p className="entry-sentence">
        <Link to="/audit/entry/$entryId" params={{ entryId: entry.id }}>
          {entrySentence(entry)}
        </Link>
      </p>
      <p className="entry-facts">
        <time className="tl-figure">{formatInstant(entry.at, 'record', timeZone)}</time>
        {entry.actorRoles.length === 0 ? null : <span>as {entry.actorRoles.join(', ')}</span>}
        {isRefused ? (
          <span className="entry-refused">
            <Ban size={14} aria-hidden="true" /> {outcomeWords(entry.outcome)}
          </span>
        ) : null}
        {entry.changes === 0 ? null : (
          <span>
            {entry.changes} {entry.changes === 1 ? 'record' : 'records'} changed
          </span>
        )}
        {entry.clock === 'unsynchronised' ? <span>clock not synchronised</span> : null}
      </p>
      {entry.reason === null ? null : <p className="entry-reason">Reason: {entry.reason}</p>}
      {children}
    </article>
  )
}
