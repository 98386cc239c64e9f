import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { AuditReview, AuditReviewFinding } from '@throughline/model'
import { AuditRisk, getAuditReview, recordNoun } from '@throughline/model'
import { formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { RecordSignatures } from '../../identity/signature/RecordSignatures.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { Fact } from '../audit/EntryScreen.tsx'
import { RecordTrailLink } from '../record/RecordTrailLink.tsx'
import { CompleteReview } from './CompleteReview.tsx'
import { ReviewedEntries } from './ReviewedEntries.tsx'
import { riskWords } from './risk-words.ts'
import '../audit/audit.css'
import './review.css'

const route = getRouteApi('/app/audit/reviews/$reviewId')

/** One review of the audit trail: what needs a look first, the rest folded, findings, and the signature at the end. */
export function ReviewScreen(): ReactElement {
  const { reviewId } = route.useParams()
  const query = useQuery(ask(getAuditReview, { reviewId }))
  const timeZone = usePlantZone()
  const timeText = (at: Instant): string => formatInstant(at, 'record', timeZone)
  if (query.isError) return <ProblemNotice what="The review could not be read" error={query.error} />
  if (query.data === undefined) return <div className="screen-pending" aria-busy="true" />
  const { review, findings, refusal } = query.data
  return (
    <>
      <ScreenHead
        above={<Link to="/audit/reviews">Audit-trail reviews</Link>}
        title={review.title}
        answer={answerOf(review, timeText)}
        actions={<RecordTrailLink kind="platform.audit_review" id={review.id} />}
      />
      <div className="audit">
        <Scope review={review} timeText={timeText} />
        <ReviewedEntries review={review} findings={findings} />
        <Findings findings={findings} timeText={timeText} />
        {review.state === 'open' ? (
          <CompleteReview review={review} refusal={refusal} />
        ) : (
          <>
            <section aria-labelledby="review-conclusion">
              <h2 id="review-conclusion">Conclusion</h2>
              <p>{review.conclusion}</p>
            </section>
            <Signatures review={review} />
          </>
        )}
      </div>
    </>
  )
}

function Signatures({ review }: { review: AuditReview }): ReactElement {
  const shows = [{ queryKey: [getAuditReview.name] }]
  const signing = useSigning({ kind: 'platform.audit_review', id: review.id }, { shows })
  return <RecordSignatures signing={signing} />
}

function answerOf(review: AuditReview, timeText: (at: Instant) => string): string {
  const { state, completedBy, completedAt, openedBy, openedAt, entries, attention } = review
  const count = `${formatNumber(attention, 0)} of ${formatNumber(entries, 0)} entries need a look`
  return state === 'completed' && completedBy !== null && completedAt !== null
    ? `Completed by ${completedBy}, ${timeText(completedAt)} · ${count}`
    : `Open, since ${timeText(openedAt)} by ${openedBy} · ${count}`
}

function Scope({ review, timeText }: { review: AuditReview; timeText: (at: Instant) => string }): ReactElement {
  const { scope, risks, firstNumber, lastNumber } = review
  const counted = AuditRisk.options.filter((risk) => risks[risk] > 0)
  return (
    <dl className="facts-list">
      <Fact name="Window">
        {timeText(scope.from)} to before {timeText(scope.to)}
      </Fact>
      <Fact name="Records">
        {scope.recordKinds.length === 0
          ? 'all, also entries that changed none'
          : scope.recordKinds.map(recordNoun).join(', ')}
      </Fact>
      {scope.risks.length === 0 ? null : (
        <Fact name="Only entries">{scope.risks.map((risk) => riskWords[risk]).join(', ')}</Fact>
      )}
      <Fact name="Entries">
        {firstNumber === null ? 'none' : `${formatNumber(review.entries, 0)}, numbers ${firstNumber} to ${lastNumber}`}
      </Fact>
      <Fact name="To look at">
        {counted.length === 0
          ? 'none'
          : counted.map((risk) => `${formatNumber(risks[risk], 0)} ${riskWords[risk]}`).join(' · ')}
      </Fact>
    </dl>
  )
}

function Findings({
  findings,
  timeText,
}: {
  findings: readonly AuditReviewFinding[]
  timeText: (at: Instant) => string
}): ReactElement {
  return (
    <section aria-labelledby="review-findings">
      <h2 id="review-findings">Findings</h2>
      {findings.length === 0 ? (
        <p className="tl-dim">Nothing was noted.</p>
      ) : (
        <ol className="entry-list" aria-label="Findings">
          {findings.map(({ id, entryId, text, notedBy, notedAt }) => (
            <li key={id}>
              <p>{text}</p>
              <p className="entry-facts">
                <span>{notedBy}</span>
                <span>{timeText(notedAt)}</span>
                <Link to="/audit/entry/$entryId" params={{ entryId }}>
                  the entry
                </Link>
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
