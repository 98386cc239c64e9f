import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { AccessReview, AccountAccess } from '@throughline/model'
import { getAccessReport, listAccessReviews, openAccessReview } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from './AccessTabs.tsx'
import { accountColumns } from './account-columns.tsx'
import { GuardedButton } from './GuardedButton.tsx'
import { useDenial } from './may.ts'
import './access.css'

/** Who may do what now, since when, and whether they are still here; and the reviews of it. */
export function AccessReviewScreen(): ReactElement {
  const denial = useDenial()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const timeZone = usePlantZone()
  const report = useQuery(ask(getAccessReport, {}))
  const reviews = useQuery(ask(listAccessReviews, {}))
  const open = useMutation({
    mutationFn: () => client(openAccessReview, {}),
    onSuccess: async (review) => {
      await queryClient.invalidateQueries({ queryKey: [listAccessReviews.name] })
      await navigate({ to: '/access-review/$reviewId', params: { reviewId: review.id } })
    },
  })
  const underWay = reviews.data?.find(({ state }) => state === 'open')
  return (
    <>
      <ScreenHead
        title="Access review"
        answer={report.data === undefined ? undefined : answerOf(report.data.accounts)}
        actions={
          <GuardedButton
            told
            reason={
              denial('identity.access-review.write', 'open a review') ??
              (underWay === undefined ? undefined : 'A review is open: complete it first.')
            }
            loading={open.isPending}
            onClick={() => open.mutate()}
          >
            Open a review
          </GuardedButton>
        }
      />
      <AccessTabs />
      <div className="access">
        {open.isError ? <ProblemNotice what="No review was opened" error={open.error} /> : null}
        {reviews.isError ? <ProblemNotice what="The reviews could not be listed" error={reviews.error} /> : null}
        <section aria-labelledby="access-reviews">
          <h2 id="access-reviews">Reviews</h2>
          {reviews.data === undefined ? null : (
            <DataTable
              caption="Access reviews"
              rows={reviews.data}
              rowKey={(review) => review.id}
              empty={
                <EmptyState
                  title="No review yet"
                  reason="A review takes down what every account may do, and keeps what the reviewer says of each."
                />
              }
              columns={[
                {
                  key: 'opened',
                  head: 'Opened',
                  cell: (review) => (
                    <Link to="/access-review/$reviewId" params={{ reviewId: review.id }}>
                      {formatInstant(review.openedAt, 'record', timeZone)}
                    </Link>
                  ),
                },
                { key: 'by', head: 'By', cell: (review) => review.openedBy },
                { key: 'state', head: 'State', cell: reviewState },
                { key: 'conclusion', head: 'Conclusion', cell: (review) => review.conclusion ?? '' },
              ]}
            />
          )}
        </section>
        <section aria-labelledby="access-now">
          <h2 id="access-now">Now</h2>
          {report.isError ? <ProblemNotice what="The accounts could not be listed" error={report.error} /> : null}
          {report.data === undefined ? null : (
            <DataTable
              caption="Accounts and what they may do"
              rows={report.data.accounts}
              rowKey={(account) => account.accountId}
              columns={accountColumns(timeZone)}
            />
          )}
        </section>
      </div>
    </>
  )
}

const reviewState = (review: AccessReview): string =>
  review.state === 'completed'
    ? `Completed by ${review.completedBy}`
    : `${review.decided} of ${review.accounts} accounts decided`

function answerOf(accounts: readonly AccountAccess[]): string {
  const active = accounts.filter(({ state }) => state === 'active')
  const dormant = accounts.filter((account) => account.dormant).length
  const machines = active.filter(({ kind }) => kind === 'machine').length
  const unused = dormant === 0 ? 'none unused for 90 days' : `${dormant} unused for 90 days`
  return `${active.length} accounts may act, ${machines} of them software · ${unused}`
}
