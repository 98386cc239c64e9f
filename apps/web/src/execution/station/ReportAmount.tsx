import type { ReactElement } from 'react'

interface ReportAmountProps {
  readonly label: string
  readonly value: string
  readonly onType: (typed: string) => void
  readonly onStep: (by: number) => void
}

/** An amount by touch alone: one more, one less, or typed. */
export function ReportAmount({ label, value, onType, onStep }: ReportAmountProps): ReactElement {
  const name = label.toLowerCase()
  return (
    <div className="work-amount">
      <label className="work-field">
        {label}
        <input
          className="station-input"
          inputMode="decimal"
          value={value}
          onChange={({ currentTarget: { value: typed } }) => onType(typed)}
        />
      </label>
      <button type="button" className="station-key" aria-label={`One less ${name}`} onClick={() => onStep(-1)}>
        −
      </button>
      <button type="button" className="station-key" aria-label={`One more ${name}`} onClick={() => onStep(1)}>
        +
      </button>
    </div>
  )
}
