import { Link } from '@tanstack/react-router'
import type { ConformityCertificate } from '@throughline/model'
import type { ReactElement } from 'react'
import { piecesText } from '../../execution/form/amount.ts'
import { dispositionWords } from '../../quality/deviation/deviation-words.ts'

/** What stands on a certificate of conformity. */
export function CertificateContents({ certificate }: { readonly certificate: ConformityCertificate }): ReactElement {
  const { product, productName, drawing, versions, pieces, ordered, unit, concessions, reference } = certificate
  return (
    <>
      <dl className="stop-facts">
        <dt>Part</dt>
        <dd>{productName === null ? product : `${product}, ${productName}`}</dd>
        <dt>Drawing</dt>
        <dd>{drawing === null ? 'not known' : `${drawing.number}, revision ${drawing.revision}`}</dd>
        <dt>Ordered</dt>
        <dd>
          {piecesText(ordered, unit)}
          {reference === '' ? '' : `, for ${reference}`}
        </dd>
        <dt>Serials and lots</dt>
        <dd>
          {pieces.map(({ lotId, code, quantity, unit: counted }) => (
            <Link key={lotId} className="making-place" to="/lots/$code" params={{ code }}>
              {code}
              {counted === '1' && quantity === '1' ? '' : `, ${piecesText(quantity, counted)}`}
            </Link>
          ))}
        </dd>
        <dt>Made by</dt>
        <dd>{versions.length === 0 ? 'no version is known' : versions.join(', ')}</dd>
        <dt>Departures decided on</dt>
        <dd>
          {concessions.length === 0
            ? 'none'
            : concessions.map(({ code, title, disposition, conclusion, pieces: concerned }) => (
                <span key={code} className="made-line">
                  <Link className="making-place" to="/deviations/$code" params={{ code }}>
                    {code}
                  </Link>{' '}
                  {title}: {dispositionWords[disposition].toLowerCase()}. {conclusion} ({concerned.join(', ')})
                </span>
              ))}
        </dd>
      </dl>
      <p className="making-text">{certificate.statement}</p>
    </>
  )
}
