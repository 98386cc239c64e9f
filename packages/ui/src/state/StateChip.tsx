import type { ReactElement } from 'react'
import type { MachineState } from './machine-state.ts'
import { machineStateWords } from './machine-state.ts'
import { StateGlyph } from './StateGlyph.tsx'
import './state.css'

interface StateChipProps {
  readonly state: MachineState
  /** Replaces the state's own word, such as a PackML name. */
  readonly label?: string
}

/** One machine state: colour, pattern, glyph and word together. */
export function StateChip({ state, label }: StateChipProps): ReactElement {
  return (
    <span className="tl-state">
      <span className="tl-swatch" data-state={state} aria-hidden="true">
        <span className="tl-swatch-glyph">
          <StateGlyph state={state} />
        </span>
      </span>
      {label ?? machineStateWords[state]}
    </span>
  )
}
