import type { Instant } from '@throughline/kernel'
import type { FieldDifference, RecordChange } from '@throughline/model'
import { fieldDifferences, fieldWords, recordNoun, valueText } from '@throughline/model'
import type { ReactElement } from 'react'
import './difference.css'

interface DifferenceListProps {
  readonly rows: RecordChange['rows']
  /** How an instant is written, in the zone of the plant. */
  readonly timeText: (at: Instant) => string
}

/** What a change did to the rows of a record: added, changed or removed, by word, sign and colour, field by field. */
export function DifferenceList({ rows, timeText }: DifferenceListProps): ReactElement {
  return (
    <ul className="tl-differences">
      {rows.map((row, index) => (
        // Rows of a change have no name of their own, and never move.
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is part of the record
        <li key={index}>
          <RowDifference row={row} timeText={timeText} />
        </li>
      ))}
    </ul>
  )
}

const signs = { added: '+', changed: '±', removed: '−' } as const

function RowDifference({
  row: { table, before, after },
  timeText,
}: {
  readonly row: RecordChange['rows'][number]
  readonly timeText: (at: Instant) => string
}): ReactElement {
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed'
  // A new row's empty fields tell nothing.
  const told = fieldDifferences(before, after).filter((each) => each.kind !== 'added' || each.after !== null)
  return (
    <section className="tl-difference" data-kind={kind}>
      <h3>
        <span className="tl-difference-sign" aria-hidden="true">
          {signs[kind]}
        </span>{' '}
        {recordNoun(table)} {kind}
      </h3>
      <dl>
        {told.map((difference) => (
          <div key={difference.path.join('/')} className="tl-difference-field">
            <dt>{fieldWords(difference.path)}</dt>
            <dd>
              <Change difference={difference} timeText={timeText} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Change({
  difference: { kind, before, after },
  timeText,
}: {
  readonly difference: FieldDifference
  readonly timeText: (at: Instant) => string
}): ReactElement {
  const old = <Value text={valueText(before, timeText)} />
  const young = <Value text={valueText(after, timeText)} />
  switch (kind) {
    case 'added':
      return <ins>{young}</ins>
    case 'removed':
      return <del>{old}</del>
    case 'changed':
      return (
        <>
          was <del>{old}</del>, is now <ins>{young}</ins>
        </>
      )
  }
}

const longText = 160

/** A long structure is folded to its beginning, and opens to all of it. */
function Value({ text }: { readonly text: string }): ReactElement {
  if (text.length <= longText) return <span>{text}</span>
  return (
    <details className="tl-difference-long">
      <summary>
        {text.slice(0, longText)}… <span className="tl-difference-more">({text.length} characters: show all)</span>
      </summary>
      {text}
    </details>
  )
}
