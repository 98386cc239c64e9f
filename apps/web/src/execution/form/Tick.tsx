import type { ReactElement, ReactNode } from 'react'

interface TickProps {
  readonly label: ReactNode
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}

/** One thing that is so, or is not. */
export function Tick({ label, on, onChange }: TickProps): ReactElement {
  return (
    <div className="day-picks">
      <label>
        <input type="checkbox" checked={on} onChange={({ currentTarget: { checked } }) => onChange(checked)} /> {label}
      </label>
    </div>
  )
}
