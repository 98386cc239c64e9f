import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listAuditReviews } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AuditTabs } from '../audit/AuditTabs.tsx'
import { OpenReviewDialog } from './OpenReviewDialog.tsx'
import '../audit/audit.css'

/** The reviews of the audit trail: what was looked at, by whom, with what result. */
export function ReviewListScreen(): ReactElement {
  const query = useQuery(ask(listAuditReviews, {}))
  const timeZone = usePlantZone()
  const denial = useDenial()
  const [opening, setOpening] = useState(false)
  const reviews = query.data ?? []
  const open = reviews.filter(({ state }) => state === 'open').length
  return (
    <>
      <ScreenHead
        title="Audit-trail reviews"
        answer={query.data === undefined ? undefined : `${open} open · ${reviews.length - open} completed`}
        actions={
          <GuardedButton
            told
            reason={denial('platform.audit.review', 'review the audit trail')}
            onClick={() => setOpening(true)}
          >
            Open a review
          </GuardedButton>
        }
      />
      <AuditTabs />
      <div className="audit">
        {query.isError ? <ProblemNotice what="The reviews could not be listed" error={query.error} /> : null}
        {query.data === undefined ? null : (
          <DataTable
            caption="Audit-trail reviews, newest first"
            rows={reviews}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No review yet" reason="Who reviews the trail opens a review of a window of time." />
            }
            columns={[
              {
                key: 'title',
                head: 'Review',
                cell: ({ id, title }) => (
                  <Link to="/audit/reviews/$reviewId" params={{ reviewId: id }}>
                    {title}
                  </Link>
                ),
              },
              { key: 'state', head: 'State', cell: ({ state }) => state, tight: true },
              {
                key: 'entries',
                head: 'Entries',
                align: 'right',
                tight: true,
                cell: ({ entries }) => formatNumber(entries, 0),
              },
              {
                key: 'attention',
                head: 'To look at',
                align: 'right',
                tight: true,
                cell: ({ attention }) => formatNumber(attention, 0),
              },
              { key: 'findings', head: 'Findings', align: 'right', tight: true, cell: ({ findings }) => findings },
              {
                key: 'by',
                head: 'By',
                tight: true,
                cell: ({ completedBy, completedAt, openedBy, openedAt }) =>
                  `${completedBy ?? openedBy}, ${formatInstant(completedAt ?? openedAt, 'record', timeZone)}`,
              },
            ]}
          />
        )}
      </div>
      {opening ? <OpenReviewDialog onClose={() => setOpening(false)} /> : null}
    </>
  )
}
