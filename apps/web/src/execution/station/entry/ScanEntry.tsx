import { parseDecimal } from '@throughline/kernel'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useSignal } from '../station-context.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

const asks: Readonly<Record<AskOf<'scan'>['expects'], string>> = {
  material: 'Scan the material',
  subject: 'Scan the piece',
  tool: 'Scan the tool',
  equipment: 'Scan the equipment',
}

/** A code that is scanned is recorded at once; without a scanner it is typed. */
export function ScanEntry({ ask, ...props }: AnswerProps & { readonly ask: AskOf<'scan'> }): ReactElement {
  const [typed, setTyped] = useState('')
  const [quantity, setQuantity] = useState('')
  const isMaterial = ask.expects === 'material'
  const answerTo = (code: string) => {
    if (code.trim() === '') return `${asks[ask.expects]}, or type its code.`
    const amount = quantity.trim() === '' ? null : parseDecimal(quantity.trim().replace(',', '.'))
    if (amount === undefined) return 'Give the quantity as a number, such as 12.5.'
    return { type: 'scan' as const, code: code.trim(), quantity: amount }
  }
  useSignal('code', (code) => {
    setTyped(code)
    const value = answerTo(code)
    if (typeof value !== 'string' && !props.busy && !props.isCorrection) props.answer(value, '')
  })
  return (
    <AnswerForm {...props} takesCode verb="Record" value={() => answerTo(typed)}>
      <label className="work-field">
        {asks[ask.expects]}
        {ask.assetType === null ? '' : ` (${ask.assetType})`}
        {isMaterial && ask.bomPosition !== null ? `, position ${ask.bomPosition} of the bill of material` : ''}
        <input
          className="station-input"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {isMaterial ? (
        <details className="station-earlier">
          <summary>
            {quantity === '' ? 'As much as the bill of material says' : `Another quantity: ${quantity}`}: change
          </summary>
          <label className="work-field">
            Quantity
            <input
              className="station-input"
              inputMode="decimal"
              value={quantity}
              onChange={(event) => setQuantity(event.currentTarget.value)}
            />
          </label>
        </details>
      ) : null}
    </AnswerForm>
  )
}
