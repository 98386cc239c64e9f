import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { AuditEntry, AuditReview, AuditReviewFinding } from '@throughline/model'
import { getAuditReview, listReviewedEntries, noteAuditReviewFinding } from '@throughline/model'
import { formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { EntryLine } from '../audit/EntryLine.tsx'
import { entrySentence } from '../audit/entry-words.ts'
import { riskWords } from './risk-words.ts'

interface Reviewed {
  readonly review: AuditReview
  readonly findings: readonly AuditReviewFinding[]
}

/** Entries with a risk, each to be opened and noted on; those without are folded with their count, and open on request. */
export function ReviewedEntries({ review, findings }: Reviewed): ReactElement {
  const [routineShown, setRoutineShown] = useState(false)
  const [noting, setNoting] = useState<AuditEntry | undefined>(undefined)
  const routine = review.entries - review.attention
  const part = { review, findings, onNote: setNoting }
  return (
    <section aria-labelledby="review-entries">
      <h2 id="review-entries">Entries to look at</h2>
      {review.attention === 0 ? <p className="tl-dim">None of the entries needs a look of its own.</p> : null}
      <Part {...part} part="attention" label="Entries to look at, newest first" />
      {routine === 0 ? null : (
        <>
          <h2>Routine entries</h2>
          <p>
            {formatNumber(routine, 0)} {routine === 1 ? 'entry has' : 'entries have'} none of the marks above: nobody
            changed a record by hand, nothing was refused, late, or done by an administrator.
          </p>
          {routineShown ? (
            <Part {...part} part="routine" label="Routine entries, newest first" />
          ) : (
            <div>
              <Button variant="default" onClick={() => setRoutineShown(true)}>
                Show routine entries
              </Button>
            </div>
          )}
        </>
      )}
      {noting === undefined ? null : <NoteDialog review={review} entry={noting} onClose={() => setNoting(undefined)} />}
    </section>
  )
}

interface PartProps extends Reviewed {
  readonly part: 'attention' | 'routine'
  readonly label: string
  readonly onNote: (entry: AuditEntry) => void
}

const pageSize = 50

function Part({ review, findings, part, label, onNote }: PartProps): ReactElement {
  const denial = useDenial()
  const input = { reviewId: review.id, part, limit: pageSize }
  const query = useInfiniteQuery({
    queryKey: [listReviewedEntries.name, input],
    queryFn: ({ pageParam, signal }) =>
      client(listReviewedEntries, pageParam === null ? input : { ...input, before: pageParam }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : (page.at(-1)?.entry.number ?? undefined)),
  })
  if (query.isError) return <ProblemNotice what="The entries could not be read" error={query.error} />
  const reason =
    review.state === 'completed'
      ? 'The review is completed: open another to say more.'
      : denial('platform.audit.review', 'note findings')
  return (
    <>
      <ol className="entry-list" aria-label={label} aria-busy={query.isFetching}>
        {query.data?.pages.flat().map(({ entry, risks }) => (
          <li key={entry.id} className="review-entry">
            <EntryLine entry={entry}>
              <p className="entry-facts">
                {risks.map((risk) => (
                  <span key={risk} className="review-risk">
                    {riskWords[risk]}
                  </span>
                ))}
                {findings.some(({ entryId }) => entryId === entry.id) ? <strong>noted on</strong> : null}
              </p>
            </EntryLine>
            <GuardedButton
              variant="default"
              size="compact-sm"
              reason={reason}
              aria-label={`Note a finding: ${entrySentence(entry)}`}
              onClick={() => onNote(entry)}
            >
              Note a finding
            </GuardedButton>
          </li>
        ))}
      </ol>
      {query.hasNextPage ? (
        <div>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older entries
          </Button>
        </div>
      ) : null}
    </>
  )
}

interface NoteDialogProps {
  readonly review: AuditReview
  readonly entry: AuditEntry
  readonly onClose: () => void
}

function NoteDialog({ review, entry, onClose }: NoteDialogProps): ReactElement {
  const queryClient = useQueryClient()
  return (
    <ReasonDialog
      title="Note a finding"
      label="Finding"
      confirm="Note it"
      failure="The finding was not noted"
      onConfirm={(text) => client(noteAuditReviewFinding, { reviewId: review.id, entryId: entry.id, text })}
      onDone={() => {
        void queryClient.invalidateQueries({ queryKey: [getAuditReview.name] })
        onClose()
      }}
      onClose={onClose}
    >
      <p>{entrySentence(entry)}.</p>
    </ReasonDialog>
  )
}
