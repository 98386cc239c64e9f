import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { Logbook, LogbookEntry } from '@throughline/model'
import { isEnteredLate, listLogbookEntries, listLogbooks } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { textIn } from '../version/version-words.ts'
import { BookForm } from './BookForm.tsx'
import { CloseBook, ClosedNote } from './CloseBook.tsx'
import { CorrectEntry, WriteEntry } from './EntryForm.tsx'
import { bookKindWords, fieldLabel, valueText } from './logbook-words.ts'
import { ReviewEntries } from './ReviewEntries.tsx'
import '../../performance/performance.css'
import '../making.css'
import './logbook.css'

const route = getRouteApi('/app/logbooks/$logbookId')

/** One book: its entries, newest first, with who reviewed them. */
export function LogbookScreen(): ReactElement {
  const { logbookId } = route.useParams()
  const { tree, nodes } = useNodes()
  const denial = useDenial()
  const [task, setTask] = useState<'write' | 'forms' | LogbookEntry | undefined>(undefined)
  const { data: books, error } = useQuery({ ...ask(listLogbooks, {}), refetchInterval: makingRefreshMs })
  const book = books?.find(({ id }) => id === logbookId)
  const timeZone = book === undefined ? undefined : tree.timeZoneOf(book.nodeId)
  const close = (): void => setTask(undefined)
  return (
    <>
      <ScreenHead
        above={<Link to="/logbooks">Logbooks</Link>}
        title={book?.name ?? 'Logbook'}
        answer={
          book === undefined ? undefined : (
            <>
              <strong>{book.state === 'open' ? 'Open' : 'Closed'}</strong>
              <span>{bookKindWords[book.kind]}</span>
              <span>{tree.byId(book.nodeId)?.path ?? 'outside your scopes'}</span>
              <RecordTrailLink kind="execution.logbook" id={book.id} />
            </>
          )
        }
        actions={
          book?.state !== 'open' ? undefined : (
            <>
              <GuardedButton
                reason={denial('execution.logbook.write', 'write into logbooks')}
                onClick={() => setTask('write')}
              >
                Write an entry
              </GuardedButton>
              <GuardedButton
                variant="default"
                reason={denial('execution.definition.write', 'change forms')}
                onClick={() => setTask('forms')}
              >
                Change its forms
              </GuardedButton>
              <CloseBook book={book} />
            </>
          )
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The logbook could not be read" error={error} />}
        {books !== undefined && book === undefined ? (
          <EmptyState title="There is no such logbook" reason="It may lie outside your scopes." />
        ) : null}
        {book?.state === 'closed' ? <ClosedNote book={book} timeZone={timeZone} /> : null}
        {book === undefined ? null : <Entries book={book} timeZone={timeZone} onCorrect={setTask} />}
      </div>
      {task === undefined || book === undefined ? null : task === 'write' ? (
        <WriteEntry book={book} timeZone={timeZone} onClose={close} />
      ) : task === 'forms' ? (
        <BookForm nodes={nodes} book={book} onClose={close} />
      ) : (
        <CorrectEntry entry={task} onClose={close} />
      )}
    </>
  )
}

interface EntriesProps {
  readonly book: Logbook
  readonly timeZone: string | undefined
  readonly onCorrect: (entry: LogbookEntry) => void
}

function Entries({ book, timeZone, onCorrect }: EntriesProps): ReactElement {
  const { data, error } = useQuery({
    ...ask(listLogbookEntries, { logbookId: book.id, includeReplaced: true, limit: 1000 }),
    refetchInterval: makingRefreshMs,
  })
  const denial = useDenial()
  if (error !== null && data === undefined) return <ProblemNotice what="The entries could not be read" error={error} />
  if (data === undefined) return <div className="screen-pending" aria-busy="true" />
  const { entries, reviews, total } = data
  const reviewOf = ({ at, recordedAt }: LogbookEntry) =>
    reviews.find(({ window, reviewedAt }) => window.from <= at && at < window.to && recordedAt <= reviewedAt)
  const waiting = entries.filter((entry) => entry.replacedAt === null && reviewOf(entry) === undefined)
  const times = waiting.map(({ at }) => at)
  return (
    <>
      {waiting.length === 0 ? null : (
        <ReviewEntries
          book={book}
          from={Math.min(...times) as Instant}
          to={(Math.max(...times) + 1) as Instant}
          entries={waiting.length}
          timeZone={timeZone}
        />
      )}
      {entries.length === 0 ? <EmptyState title="Nothing is written yet." /> : null}
      {total > entries.length ? (
        <p className="screen-note">
          The newest {entries.length} of {total} are shown.
        </p>
      ) : null}
      <ol className="logbook-entries" aria-label="Entries, newest first">
        {entries.map((entry) => {
          const review = reviewOf(entry)
          return (
            <li key={entry.id} className="performance-panel" data-replaced={entry.replacedAt !== null}>
              <div className="performance-panel-head">
                <h2>
                  {entry.number}. {textIn(entry.form.title)}
                </h2>
                {entry.replacedAt === null && book.state === 'open' ? (
                  <GuardedButton
                    variant="default"
                    size="compact-sm"
                    reason={denial('execution.logbook.write', 'correct entries')}
                    onClick={() => onCorrect(entry)}
                  >
                    Correct
                  </GuardedButton>
                ) : null}
              </div>
              <EntryContent entry={entry} />
              <p className="tl-dim">
                {formatInstant(entry.at, 'record', timeZone)}, {entry.by.name}
                {entry.order === null ? '' : `, about ${entry.order}`}
                {lateText(entry, timeZone)}
                {entry.corrects === null ? '' : `; corrects an entry: ${entry.reason}`}
                {entry.replacedAt === null
                  ? ''
                  : `; corrected by another entry ${formatInstant(entry.replacedAt, 'record', timeZone)}`}
                {review === undefined
                  ? ''
                  : `; reviewed by ${review.reviewedBy}, ${formatInstant(review.reviewedAt, 'record', timeZone)}`}
              </p>
            </li>
          )
        })}
      </ol>
    </>
  )
}

/** Of an entry that was written late, when that was and why; a correction stands at the time of what it corrects. */
function lateText(entry: LogbookEntry, timeZone: string | undefined): string {
  if (entry.corrects !== null || !isEnteredLate(entry)) return ''
  const why = entry.reason === '' ? '' : `: ${entry.reason}`
  return `; written late, ${formatInstant(entry.recordedAt, 'record', timeZone)}${why}`
}

/** What was written; of an entry that was corrected, struck through. */
function EntryContent({ entry: { form, values, text, replacedAt } }: { readonly entry: LogbookEntry }): ReactElement {
  const struck = (words: string): ReactElement => (replacedAt === null ? <span>{words}</span> : <del>{words}</del>)
  return (
    <>
      {form.fields.length === 0 ? null : (
        <dl className="stop-facts">
          {form.fields.map((field) => (
            <div key={field.key} className="logbook-field">
              <dt>{fieldLabel(field)}</dt>
              <dd>{struck(valueText(values[field.key]))}</dd>
            </div>
          ))}
        </dl>
      )}
      {text === '' ? null : <p className="making-text">{struck(text)}</p>}
    </>
  )
}
