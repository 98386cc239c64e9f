import { ArrowRightToLine, CircleHelp, Clock3, Minus, Pause, Play, RotateCw, X } from 'lucide-react'
import type { ReactElement } from 'react'
import type { MachineState } from './machine-state.ts'

const glyphs = {
  running: Play,
  idle: Pause,
  starved: Pause,
  blocked: ArrowRightToLine,
  down: X,
  changeover: RotateCw,
  'planned-stop': Clock3,
  'no-data': CircleHelp,
  future: Minus,
} as const

/** The mark of a machine state, drawn: no font is sure to have these signs. */
export function StateGlyph({ state }: { readonly state: MachineState }): ReactElement {
  const Glyph = glyphs[state]
  return <Glyph className="tl-state-glyph" size={11} strokeWidth={2.75} aria-hidden="true" />
}
