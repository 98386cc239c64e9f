import type { Instant } from '@throughline/kernel'
import type { ConformityCertificate, Signature } from '@throughline/model'
import { Sheet } from '@throughline/platform'
import { signatureWords, unknown } from '../as-built/document/words.ts'

export interface CertificateContents {
  readonly certificate: ConformityCertificate
  readonly plant: string
  readonly signatures: readonly Signature[]
  readonly timeText: (at: Instant) => string
}

const amount = (quantity: string, unit: string): string => `${quantity}${unit === '1' ? '' : ` ${unit}`}`

/** A certificate of conformity as an archivable PDF (PDF/A-3b); the same as data is attached. */
export async function certificateDocument({
  certificate,
  plant,
  signatures,
  timeText,
}: CertificateContents): Promise<Buffer> {
  const { number, orderCode, reference, product, productName, drawing, pieces, concessions, releasedAt } = certificate
  const title = `Certificate of conformity ${number}`
  const at = releasedAt ?? certificate.draftedAt
  const sheet = new Sheet({
    title,
    subject: `${product}, order ${orderCode}`,
    author: plant,
    producer: 'Throughline',
    at,
  })
  sheet.heading(1, title)
  sheet.field('Made by', plant)
  sheet.field('Order', reference === '' ? orderCode : `${orderCode}, for ${reference}`)
  sheet.field('Part', productName === null ? product : `${product}, ${productName}`)
  sheet.field('Drawing', drawing === null ? unknown : `${drawing.number}, revision ${drawing.revision}`)
  sheet.field('Quantity', amount(certificate.quantity, certificate.unit))
  sheet.field('Ordered', amount(certificate.ordered, certificate.unit))
  for (const [index, version] of certificate.versions.entries())
    sheet.field(index === 0 ? 'Made by versions' : '', version)
  sheet.heading(2, 'Serial numbers and lots')
  sheet.table(
    [
      { title: 'Serial number or lot', share: 0.7 },
      { title: 'Quantity', share: 0.3 },
    ],
    pieces.map(({ code, quantity, unit }) => [code, amount(quantity, unit)]),
  )
  sheet.heading(2, 'Departures that were decided on')
  if (concessions.length === 0) sheet.paragraph('None.')
  for (const { code, title: what, disposition, conclusion, pieces: concerned } of concessions) {
    sheet.field(code, `${what}: ${disposition.replaceAll('-', ' ')}. ${conclusion} (${concerned.join(', ')})`)
  }
  sheet.heading(2, 'Statement')
  sheet.paragraph(certificate.statement)
  for (const signature of signatures) sheet.field('Signed', signatureWords(signature))
  sheet.attach(
    'certificate-of-conformity.json',
    JSON.stringify({ certificate, signatures }, null, 1),
    'The same as data',
  )
  return sheet.finish(`${title} · ${timeText(at)}`)
}
