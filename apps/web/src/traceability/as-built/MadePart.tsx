import { Link } from '@tanstack/react-router'
import type { AsBuilt } from '@throughline/model'
import { DataTable, EmptyState, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { dispositionWords } from '../../quality/deviation/deviation-words.ts'
import { FileList } from './FileList.tsx'
import { InspectionResults } from './InspectionResults.tsx'
import { RunMadeView } from './RunMadeView.tsx'
import { WeighingsMade } from './WeighingsMade.tsx'

interface MadePartProps {
  readonly made: AsBuilt
  readonly timeZone: string | undefined
  /** It stands inside another's page. */
  readonly isPart?: boolean
}

/** One piece: its operations, what was found, what departed, the versions that it was made by, and the files behind it. */
export function MadePart({ made, timeZone, isPart = false }: MadePartProps): ReactElement {
  const Heading = isPart ? 'h3' : 'h2'
  return (
    <div className="performance">
      {made.unknown.length === 0 ? null : (
        <section className="screen-note" aria-label={`Not known of ${made.lot.code}`}>
          <strong>Not known, or not done yet</strong>
          <ul className="made-list">
            {made.unknown.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={`Operations of ${made.lot.code}`}>
        <Heading>Operations</Heading>
        {made.runs.length === 0 ? <EmptyState title="No operation is recorded." /> : null}
        <div className="making-list">
          {made.runs.map((run) => (
            <RunMadeView key={run.id} run={run} of={made.lot.code} timeZone={timeZone} />
          ))}
        </div>
      </section>
      <section aria-label={`Inspections of ${made.lot.code}`}>
        <Heading>Inspections</Heading>
        {made.inspections.length === 0 ? <EmptyState title="No inspection is recorded." /> : null}
        <div className="making-list">
          {made.inspections.map((inspection) => (
            <InspectionResults key={inspection.id} inspection={inspection} timeZone={timeZone} />
          ))}
        </div>
      </section>
      <WeighingsMade made={made} timeZone={timeZone} heading={Heading} />
      <Departures made={made} timeZone={timeZone} />
      <Versions made={made} timeZone={timeZone} />
      <FileList files={made.files} of={made.lot.code} />
    </div>
  )
}

/** Deviations and holds: what was not as approved, and what stopped it. */
function Departures({ made: { deviations, holds, lot }, timeZone }: MadePartProps): ReactElement | null {
  if (deviations.length + holds.length === 0) return null
  return (
    <section className="performance-panel" aria-label={`Deviations and holds of ${lot.code}`}>
      <strong>Deviations and holds</strong>
      <ul className="made-list">
        {deviations.map(({ id, code, title, state, closed }) => (
          <li key={id}>
            <Link to="/deviations/$code" params={{ code }}>
              {code}
            </Link>{' '}
            {title}:{' '}
            {closed?.disposition == null ? (
              <strong>{state}</strong>
            ) : (
              dispositionWords[closed.disposition].toLowerCase()
            )}
          </li>
        ))}
        {holds.map(({ id, reason, by, at, ended }) => (
          <li key={id}>
            Held by {by}, {formatInstant(at, 'record', timeZone)}: {reason};{' '}
            {ended === null ? <strong>not ended</strong> : `ended by ${ended.by}, ${ended.reason}`}
          </li>
        ))}
      </ul>
    </section>
  )
}

const versionWords: Readonly<Record<AsBuilt['versions'][number]['kind'], string>> = {
  material: 'Material',
  'bill-of-material': 'Bill of material',
  'work-definition': 'Work definition',
  instruction: 'Work instruction',
}

function Versions({ made: { versions, lot }, timeZone }: MadePartProps): ReactElement | null {
  if (versions.length === 0) return null
  return (
    <DataTable
      caption={`Versions that ${lot.code} was made by`}
      rows={versions}
      rowKey={({ kind, id }) => `${kind} ${id}`}
      columns={[
        { key: 'kind', head: 'Made by', tight: true, cell: ({ kind }) => versionWords[kind] },
        {
          key: 'what',
          head: 'Version',
          cell: ({ code, version, title, state }) => (
            <>
              {code}, version {version}
              <span className="machine-sub">{[title, state].filter((part) => part !== '').join(', ')}</span>
            </>
          ),
        },
        {
          key: 'signed',
          head: 'Signed',
          cell: ({ signatures }) =>
            signatures.length === 0
              ? 'not here'
              : signatures.map(({ id, meaning, printedName, signedAt, state }) => (
                  <span className="made-line" key={id}>
                    {meaning} by {printedName}, {formatInstant(signedAt, 'record', timeZone)}
                    {state === 'valid' ? '' : `, ${state}`}
                  </span>
                )),
        },
      ]}
    />
  )
}
