import type { OperationRun } from '@throughline/model'
import type { ReactElement } from 'react'
import { amountText } from '../form/amount.ts'
import { runStateWords } from '../order/order-words.ts'

const mostCodes = 6

/** The order, what is done of it, and who has it in hand. */
export function RunHead({ run }: { readonly run: OperationRun }): ReactElement {
  const { subjectCodes: codes } = run
  return (
    <section className="station-state work-run" aria-labelledby="work-chosen">
      <h2 id="work-chosen">
        {run.orderCode} · {run.sequence} {run.name}
      </h2>
      <p>
        <strong>{runStateWords[run.state]}</strong>
        {run.heldBy === null ? '' : `, in the hands of ${run.heldBy.name}`}
        {run.state !== 'paused' || run.pauseReason === '' ? '' : `: ${run.pauseReason}`}
      </p>
      <p>
        {amountText(run.quantity, '1')} of {run.product}
        {run.attempt === 1 ? '' : `, rework ${run.attempt - 1}`}: {amountText(run.good, '1')} good,{' '}
        {amountText(run.scrap, '1')} scrap so far
        {codes.length === 0 || codes.length > mostCodes ? '' : ` · ${codes.join(', ')}`}
      </p>
    </section>
  )
}
