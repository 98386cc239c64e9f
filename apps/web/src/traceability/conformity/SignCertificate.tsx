import type { ConformityCertificate } from '@throughline/model'
import { listConformity, releaseConformity } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { RecordSignatures } from '../../identity/signature/RecordSignatures.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { CertificateContents } from './CertificateContents.tsx'

interface SignCertificateProps {
  readonly draft: ConformityCertificate
  readonly timeZone: string | undefined
}

/** The draft as it would be issued, with its signature: everything is looked at again before it counts. */
export function SignCertificate({ draft, timeZone }: SignCertificateProps): ReactElement {
  const { id, number, orderId, draftedBy, draftedAt, quantity, unit } = draft
  const signing = useSigning(
    { kind: 'traceability.conformity', id },
    {
      shows: [{ queryKey: [listConformity.name] }],
      effect: 'This issues the certificate: from then on it never changes.',
      sign: (signature) => client(releaseConformity, { orderId, signature }),
    },
  )
  return (
    <section className="conformity" aria-label={`Draft of ${number}`}>
      <p>
        <strong>Draft of {number}</strong>, {piecesText(quantity, unit)}, by {draftedBy},{' '}
        {formatInstant(draftedAt, 'record', timeZone)}
      </p>
      <CertificateContents certificate={draft} />
      <RecordSignatures signing={signing} />
    </section>
  )
}
