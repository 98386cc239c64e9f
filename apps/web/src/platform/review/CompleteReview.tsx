import { Button, Textarea } from '@mantine/core'
import type { AuditReview } from '@throughline/model'
import { completeAuditReview, getAuditReview, listAuditReviews } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { useSigning } from '../../identity/signature/use-signing.tsx'

interface CompleteReviewProps {
  readonly review: AuditReview
  /** Why the person at the screen may not complete it; null = they may. */
  readonly refusal: { readonly message: string } | null
}

const shortest = 3

/** The end of a review: what is concluded, and the signature that makes it so. */
export function CompleteReview({ review, refusal }: CompleteReviewProps): ReactElement {
  const [conclusion, setConclusion] = useState('')
  const [missing, setMissing] = useState(false)
  const record = { kind: 'platform.audit_review', id: review.id }
  const signing = useSigning(record, {
    meanings: ['reviewed'],
    effect: 'This completes the review: nothing can be noted on it any more.',
    shows: [{ queryKey: [getAuditReview.name] }, { queryKey: [listAuditReviews.name] }],
    sign: (signature) => client(completeAuditReview, { reviewId: review.id, conclusion: conclusion.trim(), signature }),
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const isShort = conclusion.trim().length < shortest
    setMissing(isShort)
    if (!isShort) signing.start()
  }

  return (
    <section aria-labelledby="review-complete">
      <h2 id="review-complete">Complete the review</h2>
      {refusal === null ? (
        <form className="review-complete" onSubmit={onSubmit} noValidate>
          <Textarea
            label="Conclusion"
            rows={3}
            maxLength={2000}
            value={conclusion}
            error={missing ? `Say what you conclude, in ${shortest} characters at least.` : undefined}
            onChange={(event) => setConclusion(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" loading={signing.starting}>
              Sign and complete
            </Button>
          </div>
        </form>
      ) : (
        <p className="screen-note">{refusal.message}.</p>
      )}
      {signing.problem === null ? null : (
        <ProblemNotice what="The signature could not be prepared" error={signing.problem} />
      )}
      {signing.sheet}
    </section>
  )
}
