import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { AuditEntry, RecordChange } from '@throughline/model'
import { getAuditEntry, recordNoun } from '@throughline/model'
import { DifferenceList, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { clockWords, entrySentence, outcomeWords, whoOf } from './entry-words.ts'
import './audit.css'

const route = getRouteApi('/app/audit/entry/$entryId')

/** One entry with everything that was recorded with it. */
export function EntryScreen(): ReactElement {
  const { entryId } = route.useParams()
  const query = useQuery(ask(getAuditEntry, { entryId }))
  const timeZone = usePlantZone()
  const timeText = (at: Instant): string => formatInstant(at, 'record', timeZone)
  if (query.isError) return <ProblemNotice what="The entry could not be read" error={query.error} />
  if (query.data === undefined) return <div className="screen-pending" aria-busy="true" />
  const { entry, changes } = query.data
  return (
    <>
      <ScreenHead
        above={<Link to="/audit">Audit trail</Link>}
        title={entrySentence(entry)}
        answer={<span>{timeText(entry.at)}</span>}
      />
      <div className="audit">
        <Facts entry={entry} timeText={timeText} />
        <section aria-labelledby="entry-changes">
          <h2 id="entry-changes">What it changed</h2>
          {changes.length === 0 ? (
            <p className="tl-dim">
              {entry.outcome === 'done' ? 'It changed no record.' : 'It was refused and changed nothing.'}
            </p>
          ) : (
            changes.map((change) => (
              <Changed key={`${change.record.kind} ${change.record.id}`} change={change} timeText={timeText} />
            ))
          )}
        </section>
        <details className="entry-input">
          <summary>What was asked for, as it was sent</summary>
          <pre>{JSON.stringify(entry.input, null, 2)}</pre>
        </details>
      </div>
    </>
  )
}

function Facts({ entry, timeText }: { entry: AuditEntry; timeText: (at: Instant) => string }): ReactElement {
  return (
    <dl className="facts-list">
      <Fact name="Who">
        {whoOf(entry)}
        {entry.actorRoles.length === 0 ? '' : ` (${entry.actorRoles.join(', ')})`}
      </Fact>
      <Fact name="When">{timeText(entry.at)}</Fact>
      <Fact name="Reason">{entry.reason ?? 'None was asked for'}</Fact>
      <Fact name="Outcome">{outcomeWords(entry.outcome)}</Fact>
      <Fact name="From where">{entry.origin ?? 'The plant’s own server'}</Fact>
      {entry.cause === null ? null : <Fact name="Because of event">{entry.cause}</Fact>}
      <Fact name="Clock">{clockWords[entry.clock]}</Fact>
      <Fact name="Software">Throughline {entry.software}</Fact>
      <Fact name="Operation">
        <code>{entry.operation}</code>
      </Fact>
      <Fact name="Entry">
        number {entry.number}, <code>{entry.id}</code>
      </Fact>
      <Fact name="SHA-256 of it">
        <code title={entry.leafHash}>{entry.leafHash.slice(0, 16)}…</code>
      </Fact>
    </dl>
  )
}

/** A fact and its name. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Changed({ change, timeText }: { change: RecordChange; timeText: (at: Instant) => string }): ReactElement {
  const { kind, id } = change.record
  return (
    <div className="entry-change">
      <p>
        <Link to="/audit/record/$kind/$id" params={{ kind, id }}>
          {recordNoun(kind)}, version {change.version}
        </Link>
      </p>
      <DifferenceList rows={change.rows} timeText={timeText} />
    </div>
  )
}
