import type { ReactElement, ReactNode } from 'react'
import { formatNumber, thinSpace } from '../format/number.ts'
import type { ParetoBar } from './pareto.ts'
import './loss.css'

interface ParetoProps {
  readonly title: string
  readonly bars: readonly ParetoBar[]
  readonly amountText: (amount: number) => string
  /** What a bar leads to, in place of its plain label. */
  readonly labelOf?: (bar: ParetoBar) => ReactNode
}

const percent = (share: number): string => `${formatNumber(share * 100, 0)}${thinSpace}%`

/** What cost most, largest first, each with its share and that of all down to it. */
export function Pareto({ title, bars, amountText, labelOf }: ParetoProps): ReactElement {
  return (
    <ol className="tl-bars" aria-label={title}>
      {bars.map((bar) => (
        <li key={bar.key} className="tl-bar-row">
          <span className="tl-bar-label">{labelOf?.(bar) ?? bar.label}</span>
          <span className="tl-bar-track" aria-hidden="true">
            <span className="tl-bar" data-kind="cause" style={{ left: 0, width: `${bar.length * 100}%` }} />
          </span>
          <span className="tl-bar-amount tl-figure">
            {amountText(bar.amount)} · {percent(bar.share)}
            <span className="tl-bar-together">, together {percent(bar.together)}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
