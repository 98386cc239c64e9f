import { unitLabel } from '@throughline/ui'
import { Delete } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useSignal } from '../station-context.ts'
import { limitText, text, typedNumber, valueWithUnit } from '../step-limits.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const

/** A number on a large pad, by keyboard or by scanned keys, with its limits in sight. */
export function NumberEntry({ ask, ...props }: AnswerProps & { readonly ask: AskOf<'number'> }): ReactElement {
  const { decimals, unit, gauge: gaugeType } = ask
  const [typed, setTyped] = useState('')
  const [gauge, setGauge] = useState('')
  const press = (key: string): void => setTyped((before) => typedNumber(before, key, decimals))
  useSignal('key', press)
  useSignal('code', (code) => setGauge(code.trim()))
  const number = Number(typed)
  const isNumber = /\d/.test(typed) && Number.isFinite(number)
  const limits = limitText(ask, unit)

  return (
    <AnswerForm
      {...props}
      takesCode={gaugeType !== null}
      verb={isNumber ? `Record ${valueWithUnit(number, unit, typed.split('.')[1]?.length ?? 0)}` : 'Record'}
      value={() =>
        !isNumber
          ? 'Give the number.'
          : gaugeType !== null && gauge.trim() === ''
            ? `Scan the ${gaugeType} that it is measured with.`
            : { type: 'number', value: number, gauge: gauge.trim() === '' ? null : gauge.trim() }
      }
    >
      {gaugeType === null ? null : (
        <label className="work-field">
          Measured with: scan the {gaugeType}
          <input
            className="station-input"
            autoComplete="off"
            value={gauge}
            onChange={(event) => setGauge(event.currentTarget.value)}
          />
        </label>
      )}
      <label className="work-field work-number">
        <span className="tl-hidden">{text(props.cell.step.title)}</span>
        <span className="work-number-value">
          <input
            className="station-input station-quantity"
            inputMode="none"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(cleaned(event.currentTarget.value, decimals))}
          />
          {unitLabel(unit)}
          {limits === undefined ? null : <span className="work-number-limits">{limits}</span>}
        </span>
      </label>
      <fieldset className="station-pad work-pad">
        <legend className="tl-hidden">Keys</legend>
        {digits.map((digit) => (
          <Key key={digit} label={digit} onPress={() => press(digit)} />
        ))}
        {decimals === 0 ? null : <Key label="." name="Decimal point" onPress={() => press('.')} />}
        <Key label="−" name="Minus" onPress={() => press('-')} />
        <Key label="C" name="Start again" onPress={() => press('C')} />
        <button type="button" className="station-key" aria-label="Delete the last digit" onClick={() => press('DEL')}>
          <Delete size={30} aria-hidden="true" />
        </button>
      </fieldset>
    </AnswerForm>
  )
}

interface KeyProps {
  readonly label: string
  readonly name?: string
  readonly onPress: () => void
}

function Key({ label, name, onPress }: KeyProps): ReactElement {
  return (
    <button type="button" className="station-key" aria-label={name ?? label} onClick={onPress}>
      {label}
    </button>
  )
}

/** What somebody types on a keyboard, key by key. */
const cleaned = (typed: string, decimals: number): string =>
  [...typed.replace(',', '.')].reduce((before, key) => typedNumber(before, key, decimals), '')
