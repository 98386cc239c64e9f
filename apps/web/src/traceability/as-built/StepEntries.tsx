import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { mediaAddress } from '../../execution/offline/kept-files.ts'
import type { RunMade } from './as-built-words.ts'
import { entryText, limitsText, runName, withinText } from './as-built-words.ts'
import { LateEntry } from './LateEntry.tsx'

interface StepEntriesProps {
  readonly run: RunMade
  /** The piece that it is told of. */
  readonly of: string
  readonly timeZone: string | undefined
}

/** What was entered at each step, the replaced entries struck through. */
export function StepEntries({ run, of, timeZone }: StepEntriesProps): ReactElement | null {
  const rows = run.steps.flatMap((step) => step.entries.map((entry) => ({ step, entry })))
  const open = run.steps.filter(({ entries }) => entries.length === 0)
  if (run.steps.length === 0) return null
  return (
    <details>
      <summary>
        {rows.length} {rows.length === 1 ? 'entry' : 'entries'} at {run.steps.length - open.length} of{' '}
        {run.steps.length} steps
      </summary>
      <DataTable
        caption={`Entries of ${runName(run)} of ${of}`}
        rows={rows}
        rowKey={({ entry }) => entry.id}
        columns={[
          { key: 'step', head: 'Step', cell: ({ step }) => step.title || step.key },
          {
            key: 'value',
            head: 'Entered',
            cell: ({ entry }) =>
              entry.replacedAt === null ? (
                <Entered entry={entry} />
              ) : (
                <>
                  <s>
                    <Entered entry={entry} />
                  </s>
                  <span className="machine-sub">replaced {formatInstant(entry.replacedAt, 'record', timeZone)}</span>
                </>
              ),
          },
          {
            key: 'limits',
            head: 'Limits',
            tight: true,
            cell: ({ entry: { limits } }) => (limits === null ? '—' : limitsText(limits.low, limits.high, limits.unit)),
          },
          {
            key: 'within',
            head: 'Verdict',
            cell: ({ entry: { within, reason } }) => (
              <>
                {withinText(within)}
                {reason === '' ? null : <span className="machine-sub">{reason}</span>}
              </>
            ),
          },
          {
            key: 'by',
            head: 'By',
            cell: ({ entry }) => <Entrant entry={entry} timeZone={timeZone} />,
          },
        ]}
      />
      {open.length === 0 ? null : (
        <p className="tl-dim">Nothing was entered at: {open.map(({ key, title }) => title || key).join(', ')}.</p>
      )}
    </details>
  )
}

interface EntrantProps {
  readonly entry: RunMade['steps'][number]['entries'][number]
  readonly timeZone: string | undefined
}

/** What was entered; a photo can be looked at. */
function Entered({ entry }: Pick<EntrantProps, 'entry'>): ReactElement {
  const { value } = entry
  if (value.type !== 'photo') return <>{entryText(entry)}</>
  return (
    <a href={mediaAddress(value.blob)} target="_blank" rel="noreferrer" title={`SHA-256 ${value.blob}`}>
      {entryText(entry)}
    </a>
  )
}

/** Who made an entry, for when and when, who confirmed it and who signed it: each signature has the time at which it was given. */
function Entrant({ entry, timeZone }: EntrantProps): ReactElement {
  const { by, at, verified, signatures, offline } = entry
  return (
    <>
      {by.name}
      <span className="machine-sub">
        {formatInstant(at, 'record', timeZone)}
        {offline === null ? '' : ', without connection'}
      </span>
      <LateEntry entry={entry} timeZone={timeZone} />
      {verified === null ? null : (
        <span className="machine-sub">
          verified by {verified.by.name}, {formatInstant(verified.at, 'record', timeZone)}
        </span>
      )}
      {signatures.map(({ id, meaning, printedName, signedAt }) => (
        <span className="machine-sub" key={id}>
          signed as {meaning} by {printedName}, {formatInstant(signedAt, 'record', timeZone)}
        </span>
      ))}
    </>
  )
}
