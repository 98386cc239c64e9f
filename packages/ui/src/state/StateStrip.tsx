import type { Instant } from '@throughline/kernel'
import type { ReactElement } from 'react'
import { formatDuration, formatInstant } from '../format/time.ts'
import type { StateSpan } from './machine-state.ts'
import { placeSpans } from './machine-state.ts'
import { StateGlyph } from './StateGlyph.tsx'
import './state.css'

interface StateStripProps {
  readonly spans: readonly StateSpan[]
  readonly from: Instant
  readonly to: Instant
  /** What the strip is of, for those who hear it. */
  readonly title: string
  readonly timeZone?: string | undefined
}

/** Machine states over time, one band; a span too narrow for its word keeps it in its title. */
export function StateStrip({ spans, from, to, title, timeZone }: StateStripProps): ReactElement {
  const placed = placeSpans(spans, from, to)
  return (
    <div>
      <p className="tl-strip-title">{title}</p>
      <ul className="tl-strip" aria-label={title}>
        {placed.map(({ span, left, width }) => {
          const text = `${span.label}, ${formatInstant(span.from as Instant, 'second', timeZone)}, ${formatDuration((span.to - span.from) / 1000)}`
          return (
            <li
              key={span.from}
              className="tl-strip-span"
              data-state={span.state}
              style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
              title={text}
            >
              {width > 0.09 ? (
                <span className="tl-strip-label">
                  <StateGlyph state={span.state} /> {span.label}
                </span>
              ) : (
                <>
                  {width > 0.025 ? (
                    <span className="tl-strip-label" aria-hidden="true">
                      <StateGlyph state={span.state} />
                    </span>
                  ) : null}
                  <span className="tl-hidden">{text}</span>
                </>
              )}
            </li>
          )
        })}
      </ul>
      <div className="tl-strip-ends" aria-hidden="true">
        <span>{formatInstant(from, 'minute', timeZone)}</span>
        <span>{formatInstant(to, 'minute', timeZone)}</span>
      </div>
    </div>
  )
}
