import { useQuery } from '@tanstack/react-query'
import type { AsBuilt } from '@throughline/model'
import { listConformity } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { standingOf } from './conformity-words.ts'
import { DraftCertificate } from './DraftCertificate.tsx'
import { IssuedCertificates } from './IssuedCertificates.tsx'
import { SignCertificate } from './SignCertificate.tsx'

interface ConformitySectionProps {
  readonly lot: AsBuilt['lot']
  readonly order: NonNullable<AsBuilt['order']>
  readonly timeZone: string | undefined
}

/** The certificate of conformity of a piece: what would stand on it, what blocks it, its signature, and those issued for the order. */
export function ConformitySection({ lot, order, timeZone }: ConformitySectionProps): ReactElement {
  const { data, error } = useQuery({
    ...ask(listConformity, { orderId: order.id }),
    refetchInterval: makingRefreshMs,
  })
  const draft = data?.find(({ state }) => state === 'draft')
  const issued = data?.filter(({ state }) => state === 'released') ?? []
  const isIssued = issued.some(({ pieces }) => pieces.some(({ lotId }) => lotId === lot.id))
  return (
    <section className="performance-panel conformity" aria-labelledby="conformity">
      <h2 id="conformity">Certificate of conformity</h2>
      {error === null ? null : <ProblemNotice what="The certificates could not be read" error={error} />}
      {data === undefined ? null : (
        <>
          <p>{standingOf(data, lot)}</p>
          {draft === undefined ? null : <SignCertificate key={draft.id} draft={draft} timeZone={timeZone} />}
          <DraftCertificate lot={lot} order={order} isIssued={isIssued} isDrafted={draft !== undefined} />
          {issued.length === 0 ? null : <IssuedCertificates order={order} issued={issued} timeZone={timeZone} />}
        </>
      )}
    </section>
  )
}
