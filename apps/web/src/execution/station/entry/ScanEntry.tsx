import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useSignal } from '../station-context.ts'
import { askedOf, fillingText, outsideText, typedAmount } from '../step-material.ts'
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
  const [last, setLast] = useState(false)
  const { sheet, cell, corrected } = props
  const isMaterial = ask.expects === 'material'
  const answerTo = (code: string) => {
    if (code.trim() === '') return `${asks[ask.expects]}, or type its code.`
    const amount = typedAmount(quantity)
    if (amount === undefined) return 'Give the quantity as a number, such as 12.5.'
    return { type: 'scan' as const, code: code.trim(), quantity: amount, ...(last ? { last } : {}) }
  }
  const words = isMaterial ? outsideText(sheet, cell, typedAmount(quantity) ?? null, last, corrected) : undefined
  const outside = words !== undefined
  const unit = isMaterial ? askedOf(sheet, cell)?.unit : undefined
  useSignal('code', (code) => {
    setTyped(code)
    const value = answerTo(code)
    if (typeof value !== 'string' && !props.busy && !props.isCorrection && !outside) props.answer(value, '')
  })
  return (
    <AnswerForm
      {...props}
      outside={outside}
      {...(words === undefined ? {} : { outsideWords: words })}
      takesCode
      verb="Record"
      value={() => answerTo(typed)}
    >
      <div className={isMaterial ? 'work-pair work-scan' : undefined}>
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
              {quantity !== ''
                ? `Another quantity: ${quantity}${unit === undefined || unit === '1' ? '' : ` ${unitLabel(unit)}`}`
                : fillingText(sheet, cell) === undefined
                  ? 'As much as the bill of material says'
                  : 'As much as is missing yet'}
              : change
            </summary>
            <label className="work-field">
              Quantity{unit === undefined || unit === '1' ? '' : ` in ${unitLabel(unit)}`}
              <input
                className="station-input"
                inputMode="decimal"
                value={quantity}
                onChange={(event) => setQuantity(event.currentTarget.value)}
              />
            </label>
            <button type="button" className="station-tile" aria-pressed={last} onClick={() => setLast(!last)}>
              Nothing more goes in
            </button>
          </details>
        ) : null}
      </div>
    </AnswerForm>
  )
}
