import type { Instant } from '@throughline/kernel'
import type { ReactElement } from 'react'
import type { IndicatorRange, SparkPoint } from './indicator-scale.ts'
import { fractionOf, sparkEnds, sparkPath } from './indicator-scale.ts'
import './indicator.css'

interface SparklineProps {
  readonly points: readonly SparkPoint[]
  /** The right edge; undefined while nothing has come. */
  readonly to: Instant | undefined
  readonly spanMs: number
  readonly range: IndicatorRange
}

const size = { width: 160, height: 32 }

/** The last minutes of one value, with its normal band behind; empty time stays empty. */
export function Sparkline({ points, to, spanMs, range }: SparklineProps): ReactElement {
  const ends = sparkEnds(points, range)
  const window = { from: (to ?? 0) - spanMs * 1000, to: to ?? 0 }
  const top = range.normalHigh === null ? 0 : (1 - fractionOf(range.normalHigh, ends)) * size.height
  const foot = range.normalLow === null ? size.height : (1 - fractionOf(range.normalLow, ends)) * size.height
  const banded = range.normalHigh !== null || range.normalLow !== null
  return (
    <svg
      className="tl-spark"
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {banded && foot > top ? (
        <rect className="tl-spark-band" x={0} y={top} width={size.width} height={foot - top} />
      ) : null}
      {to === undefined ? null : <path className="tl-spark-line" d={sparkPath(points, window, ends, size)} />}
    </svg>
  )
}
