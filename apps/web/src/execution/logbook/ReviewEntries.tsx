import { TextInput } from '@mantine/core'
import type { Instant } from '@throughline/kernel'
import type { Logbook } from '@throughline/model'
import { listLogbookEntries, reviewLogbook } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useMakingRefresh } from '../form/making-queries.ts'

interface ReviewEntriesProps {
  readonly book: Logbook
  /** The stretch that was read: all that is on screen and not reviewed yet. */
  readonly from: Instant
  readonly to: Instant
  readonly entries: number
  readonly timeZone: string | undefined
}

/** Signs that the entries on screen were read. */
export function ReviewEntries({ book, from, to, entries, timeZone }: ReviewEntriesProps): ReactElement {
  const denial = useDenial()
  const refresh = useMakingRefresh()
  const [comment, setComment] = useState('')
  const at = (instant: Instant): string => formatInstant(instant, 'record', timeZone)
  const signing = useSigning(
    { kind: 'execution.logbook', id: book.id },
    {
      makes: `${entries} ${entries === 1 ? 'entry' : 'entries'} of ${book.name} from ${at(from)} to ${at(to)}`,
      meanings: ['reviewed'],
      shows: [{ queryKey: [listLogbookEntries.name] }],
      sign: async (signature) => {
        await client(reviewLogbook, { logbookId: book.id, window: { from, to }, comment: comment.trim(), signature })
        setComment('')
        await refresh()
      },
    },
  )
  return (
    <section className="performance-panel" aria-labelledby="logbook-review">
      <h2 id="logbook-review">
        {entries} {entries === 1 ? 'entry waits' : 'entries wait'} for review
      </h2>
      <div className="form-line">
        <TextInput
          label="Comment"
          description="May stay empty"
          value={comment}
          maxLength={1000}
          onChange={({ currentTarget: { value } }) => setComment(value)}
        />
        <GuardedButton
          reason={denial('execution.logbook.review', 'review logbooks')}
          loading={signing.starting}
          onClick={signing.start}
        >
          Sign the review
        </GuardedButton>
      </div>
      {signing.problem === null ? null : (
        <ProblemNotice what="The signature could not be prepared" error={signing.problem} />
      )}
      {signing.sheet}
    </section>
  )
}
