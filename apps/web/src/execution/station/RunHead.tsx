import type { OperationRun, RunPiece } from '@throughline/model'
import type { ReactElement } from 'react'
import { amountText } from '../form/amount.ts'
import { runStateWords } from '../order/order-words.ts'
import { Codes } from './Codes.tsx'
import type { SentBack } from './pieces.ts'
import { goneText, isThere, sentBackTexts } from './pieces.ts'

const mostCodes = 6

interface RunHeadProps {
  readonly run: OperationRun
  readonly pieces: readonly RunPiece[]
  /** Why they are done again. */
  readonly sentBack: readonly SentBack[]
}

/** The order, what is done of it, who has it in hand, and what became of which piece. */
export function RunHead({ run, pieces, sentBack }: RunHeadProps): ReactElement {
  const codes = pieces.filter(isThere).map(({ code }) => code)
  const gone = goneText(pieces)
  return (
    <section className="station-state work-run" aria-labelledby="work-chosen">
      <h2 id="work-chosen">
        {run.orderCode} · {run.sequence} {run.name}
      </h2>
      <p>
        <strong>{runStateWords[run.state]}</strong>
        {run.heldBy === null ? '' : `, in the hands of ${run.heldBy.name}`}
        {run.state !== 'paused' || run.pauseReason === '' ? '' : `: ${run.pauseReason}`}
        {' · '}
        {amountText(run.quantity, '1')} of {run.product}
        {run.attempt === 1 ? '' : `, rework ${run.attempt - 1}`}: {amountText(run.good, '1')} good,{' '}
        {amountText(run.scrap, '1')} scrap{run.rework === '0' ? '' : `, ${amountText(run.rework, '1')} rework`} so far
        {codes.length === 0 ? '' : ' · '}
        <Codes codes={codes.slice(0, mostCodes)} />
        {codes.length > mostCodes ? ` and ${codes.length - mostCodes} more` : ''}
      </p>
      {gone === undefined ? null : <p className="work-gone">{gone}</p>}
      {sentBackTexts(sentBack, pieces).map((text) => (
        <p key={text} className="work-gone">
          {text}
        </p>
      ))}
    </section>
  )
}
