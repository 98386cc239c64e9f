import type { ReactElement } from 'react'
import type { WaterfallBar } from './waterfall.ts'
import './loss.css'

interface WaterfallProps {
  readonly title: string
  readonly bars: readonly WaterfallBar[]
  /** An amount in words: `1 h 05 min · 7.8 %`. */
  readonly amountText: (amount: number) => string
}

/** From a whole down to what is left of it, one row a step: every bar is measured on the one scale that begins at 0. */
export function Waterfall({ title, bars, amountText }: WaterfallProps): ReactElement {
  return (
    <ol className="tl-bars" aria-label={title}>
      {bars.map((bar) => (
        <li key={bar.id} className="tl-bar-row">
          <span className="tl-bar-label">{bar.label}</span>
          <span className="tl-bar-track" aria-hidden="true">
            <span
              className="tl-bar"
              data-kind={bar.kind}
              style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
            />
          </span>
          <span className="tl-bar-amount tl-figure">
            {bar.kind === 'loss' ? '−' : bar.kind === 'gain' ? '+' : ''}
            {amountText(Math.abs(bar.amount))}
          </span>
        </li>
      ))}
    </ol>
  )
}
