import { unitLabel } from '@throughline/ui'
import { Delete } from 'lucide-react'
import type { ReactElement } from 'react'
import type { FigureName, Figures } from './weigh-figures.ts'
import { afterKey, figureNames, figureWords } from './weigh-figures.ts'

interface WeighPadProps {
  readonly figures: Figures
  readonly unit: string
  /** The field that the keys write into. */
  readonly active: FigureName
  readonly onActive: (name: FigureName) => void
  readonly onChange: (name: FigureName, typed: string) => void
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const

/** The five figures of a weighing, and one pad that writes into the one that was touched last. */
export function WeighPad({ figures, unit, active, onActive, onChange }: WeighPadProps): ReactElement {
  const press = (key: string): void => onChange(active, afterKey(figures[active], key))
  return (
    <>
      <div className="weigh-figures">
        {figureNames.map((name) => (
          <label key={name} className="work-field" data-active={name === active}>
            {figureWords[name]}, {unitLabel(unit) || 'pieces'}
            <input
              id={`weigh-${name}`}
              className="station-input"
              inputMode="none"
              autoComplete="off"
              maxLength={20}
              value={figures[name]}
              onFocus={() => onActive(name)}
              onChange={({ currentTarget: { value } }) => onChange(name, value)}
            />
          </label>
        ))}
      </div>
      <fieldset className="station-pad weigh-pad">
        <legend className="tl-hidden">Keys for {figureWords[active].toLowerCase()}</legend>
        {digits.map((digit) => (
          <button key={digit} type="button" className="station-key" onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" className="station-key" aria-label="Decimal point" onClick={() => press('.')}>
          .
        </button>
        <button type="button" className="station-key" aria-label="Start again" onClick={() => press('C')}>
          C
        </button>
        <button type="button" className="station-key" aria-label="Delete the last digit" onClick={() => press('DEL')}>
          <Delete size={30} aria-hidden="true" />
        </button>
        <button
          type="button"
          className="station-tile weigh-next"
          onClick={() => onActive(figureNames[(figureNames.indexOf(active) + 1) % figureNames.length] ?? 'target')}
        >
          Next field
        </button>
      </fieldset>
    </>
  )
}
