import { useQuery } from '@tanstack/react-query'
import type { Logbook } from '@throughline/model'
import { closeLogbook, listLogbooks, listSignatures } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useMakingRefresh } from '../form/making-queries.ts'

/** Closes a book for good, by a signature whose reason stands with it. */
export function CloseBook({ book }: { readonly book: Logbook }): ReactElement {
  const denial = useDenial()
  const refresh = useMakingRefresh()
  const signing = useSigning(
    { kind: 'execution.logbook', id: book.id },
    {
      meanings: ['approved'],
      effect: `This closes ${book.name} for good: nothing is written or corrected in it any more. It stays readable and can be reviewed.`,
      shows: [{ queryKey: [listLogbooks.name] }],
      sign: async (signature) => {
        const { id: logbookId, version } = book
        await client(closeLogbook, { logbookId, version, reason: signature.reason, signature })
        await refresh()
      },
    },
  )
  return (
    <>
      <GuardedButton
        variant="default"
        reason={denial('execution.logbook.review', 'close logbooks')}
        loading={signing.starting}
        onClick={signing.start}
      >
        Close it for good
      </GuardedButton>
      {signing.problem === null ? null : (
        <ProblemNotice what="The signature could not be prepared" error={signing.problem} />
      )}
      {signing.sheet}
    </>
  )
}

interface ClosedNoteProps {
  readonly book: Logbook
  readonly timeZone: string | undefined
}

/** That a book takes nothing more, with who closed it, when and why. */
export function ClosedNote({ book, timeZone }: ClosedNoteProps): ReactElement {
  const { data } = useQuery(ask(listSignatures, { record: { kind: 'execution.logbook', id: book.id } }))
  const closing = data?.findLast(({ meaning }) => meaning === 'approved')
  return (
    <p className="screen-note" role="status">
      <strong>Closed for good.</strong> Nothing is written or corrected in it any more; it stays readable and can be
      reviewed.
      {closing === undefined
        ? null
        : ` Closed by ${closing.printedName}, ${formatInstant(closing.signedAt, 'record', timeZone)}: ${closing.reason}`}
    </p>
  )
}
