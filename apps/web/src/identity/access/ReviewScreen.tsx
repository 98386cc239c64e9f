import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useRouteContext } from '@tanstack/react-router'
import type { AccessDecision, AccessReview, AccessReviewLine } from '@throughline/model'
import { completeAccessReview, decideAccess, getAccessReview, listAccessReviews } from '@throughline/model'
import { DataTable, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { RecordSignatures } from '../signature/RecordSignatures.tsx'
import { useSigning } from '../signature/use-signing.tsx'
import { accountColumns } from './account-columns.tsx'
import { GuardedButton } from './GuardedButton.tsx'
import { useDenial } from './may.ts'
import { ReasonDialog } from './ReasonDialog.tsx'
import './access.css'

const route = getRouteApi('/app/access-review/$reviewId')

/** One access review: every account as it stood when it was opened, and what was decided. */
export function ReviewScreen(): ReactElement {
  const { reviewId } = route.useParams()
  const query = useQuery(ask(getAccessReview, { reviewId }))
  if (query.isError) return <ProblemNotice what="The review could not be read" error={query.error} />
  if (query.data === undefined) return <div className="screen-pending" aria-busy="true" />
  return <Review review={query.data.review} lines={query.data.lines} />
}

function Review({ review, lines }: { review: AccessReview; lines: readonly AccessReviewLine[] }): ReactElement {
  const denial = useDenial()
  const queryClient = useQueryClient()
  const timeZone = usePlantZone()
  const [completing, setCompleting] = useState(false)
  const refresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: [getAccessReview.name] })
    await queryClient.invalidateQueries({ queryKey: [listAccessReviews.name] })
  }
  const decide = useMutation({
    mutationFn: (decision: AccessDecision) => client(decideAccess, { reviewId: review.id, decisions: [decision] }),
    onSuccess: refresh,
  })
  const undecided = review.accounts - review.decided
  const isOpen = review.state === 'open'
  const mayNot = denial('identity.access-review.write', 'decide on access')
  return (
    <>
      <ScreenHead
        above={
          <p>
            <Link to="/access-review">Access review</Link>
          </p>
        }
        title={`Review of ${formatInstant(review.openedAt, 'day', timeZone)}`}
        answer={
          review.completedAt === null
            ? `Opened by ${review.openedBy} · ${undecided} of ${review.accounts} accounts not decided yet`
            : `Completed ${formatInstant(review.completedAt, 'record', timeZone)} by ${review.completedBy}: ${review.conclusion}`
        }
        actions={
          isOpen ? (
            <GuardedButton
              told
              reason={mayNot ?? (undecided === 0 ? undefined : `Decide on the other ${undecided} accounts first.`)}
              onClick={() => setCompleting(true)}
            >
              Complete the review
            </GuardedButton>
          ) : null
        }
      />
      <div className="access">
        {decide.isError ? <ProblemNotice what="The decision was not kept" error={decide.error} /> : null}
        <DataTable
          caption="Accounts under review"
          rows={lines}
          rowKey={(line) => line.accountId}
          columns={[
            ...accountColumns(timeZone),
            {
              key: 'decision',
              head: 'Decision',
              cell: (line) =>
                isOpen ? (
                  <Decision line={line} mayNot={mayNot} onDecide={(decision) => decide.mutate(decision)} />
                ) : (
                  decisionText(line)
                ),
            },
          ]}
        />
      </div>
      {isOpen ? null : <Signatures reviewId={review.id} />}
      {completing ? (
        <ReasonDialog
          title="Complete the review"
          label="Conclusion"
          confirm="Complete"
          failure="The review was not completed"
          onClose={() => setCompleting(false)}
          onConfirm={async (conclusion) => {
            await client(completeAccessReview, { reviewId: review.id, conclusion })
            await refresh()
          }}
        >
          <p>{conclusionHint(lines)}</p>
        </ReasonDialog>
      ) : null}
    </>
  )
}

function Signatures({ reviewId }: { reviewId: string }): ReactElement {
  const shows = [{ queryKey: [getAccessReview.name] }]
  const signing = useSigning({ kind: 'identity.access_review', id: reviewId }, { shows })
  return <RecordSignatures signing={signing} />
}

interface DecisionProps {
  readonly line: AccessReviewLine
  readonly mayNot: string | undefined
  readonly onDecide: (decision: AccessDecision) => void
}

function Decision({ line, mayNot, onDecide }: DecisionProps): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const [comment, setComment] = useState<string | undefined>(undefined)
  const { accountId, name } = line
  const reason =
    mayNot ?? (session.personId === accountId ? 'Nobody reviews their own access: ask another reviewer.' : undefined)
  if (comment !== undefined) {
    return (
      <form
        className="review-decision"
        onSubmit={(event) => {
          event.preventDefault()
          onDecide({ accountId, decision: 'change', comment: comment.trim() })
          setComment(undefined)
        }}
      >
        <TextInput
          aria-label={`What has to change for ${name}`}
          placeholder="What has to change, and why"
          autoFocus
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <Button type="submit" size="compact-sm" disabled={comment.trim().length < 3}>
          Keep the decision
        </Button>
      </form>
    )
  }
  return (
    <div className="review-decision">
      <GuardedButton
        size="compact-sm"
        variant={line.decision === 'keep' ? 'light' : 'default'}
        reason={reason}
        aria-label={`${name} keeps what it holds`}
        onClick={() => onDecide({ accountId, decision: 'keep', comment: '' })}
      >
        Keep
      </GuardedButton>
      <GuardedButton
        size="compact-sm"
        variant={line.decision === 'change' ? 'light' : 'default'}
        reason={reason}
        aria-label={`Something has to change for ${name}`}
        onClick={() => setComment(line.comment ?? '')}
      >
        Change
      </GuardedButton>
      {line.decision === null ? null : <span>{decisionText(line)}</span>}
    </div>
  )
}

function decisionText({ decision, comment, decidedBy }: AccessReviewLine): string {
  if (decision === null) return 'not decided'
  return `${decision === 'keep' ? 'Keeps it' : `To be changed: ${comment}`} · ${decidedBy}`
}

function conclusionHint(lines: readonly AccessReviewLine[]): string {
  const changes = lines.filter(({ decision }) => decision === 'change').length
  const kept = lines.length - changes
  return `${kept} accounts keep what they hold, ${changes} have to be changed. The decisions stand from now on.`
}
