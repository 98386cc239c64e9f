import type { Instant } from '@throughline/kernel'
import type { ReactElement, ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { formatNumber } from '../format/number.ts'
import { unitLabel } from '../format/unit-label.ts'
import type { AlarmOnTrend } from './alarm-marks.ts'
import type { LanePlot } from './lane-plot.ts'
import { drawLane } from './lane-plot.ts'
import { traceStyle } from './trace-style.ts'
import type { TrendTrace } from './trend-columns.ts'
import { entryAt } from './trend-columns.ts'
import type { ChartWindow } from './window-moves.ts'
import 'uplot/dist/uPlot.min.css'

interface TrendLaneProps {
  readonly traces: readonly TrendTrace[]
  readonly places: readonly number[]
  readonly window: ChartWindow
  readonly holdTo: Instant
  readonly height: number
  readonly timeZone: string | undefined
  readonly last: boolean
  readonly normal: { readonly low: number | null; readonly high: number | null } | undefined
  readonly limits: readonly number[]
  readonly marks: readonly AlarmOnTrend[]
  readonly cursorMs: number | undefined
  readonly onCursor: (atMs: number | undefined) => void
  readonly onWindow: (window: ChartWindow) => void
  readonly traceAction?: (trace: TrendTrace) => ReactNode
}

/** One unit's lane: its legend with the read-out at the cursor, and the plot. */
export function TrendLane(props: TrendLaneProps): ReactElement {
  const { traces, places, window, holdTo, timeZone, normal, limits, marks, height, cursorMs } = props
  const target = useRef<HTMLDivElement>(null)
  const plot = useRef<LanePlot>(undefined)
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const element = target.current
    if (element === null) return
    const drawn = drawLane(
      element,
      latest.current,
      { width: Math.max(120, element.clientWidth), height: latest.current.height },
      {
        cursor: (atMs) => latest.current.onCursor(atMs),
        select: (selected) => latest.current.onWindow(selected),
      },
    )
    plot.current = drawn
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) drawn.resize(element.clientWidth, latest.current.height)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      drawn.destroy()
      plot.current = undefined
    }
  }, [])

  useEffect(() => {
    plot.current?.show({
      traces,
      places: latest.current.places,
      window,
      holdTo,
      timeZone,
      last: latest.current.last,
      normal,
      limits,
      marks,
    })
  }, [traces, window, holdTo, timeZone, normal, limits, marks])

  useEffect(() => {
    const element = target.current
    if (element !== null && element.clientWidth > 0) plot.current?.resize(element.clientWidth, height)
  }, [height])

  useEffect(() => {
    plot.current?.point(cursorMs)
  }, [cursorMs])

  return (
    <div className="tl-trend-lane">
      <div className="tl-trend-legend">
        {traces.map((trace, index) => {
          const style = traceStyle(places[index] ?? index)
          return (
            <span className="tl-trend-entry" key={trace.series.tagId}>
              <span
                className="tl-trend-swatch"
                data-dashed={style.dashed}
                style={{ '--tl-trace': `var(${style.variable})` } as React.CSSProperties}
                aria-hidden="true"
              />
              <span title={trace.title}>{trace.label}</span>
              <span className="tl-figure tl-trend-entry-value">{readOut(trace, cursorMs)}</span>
              {props.traceAction?.(trace)}
            </span>
          )
        })}
      </div>
      <div ref={target} className="tl-trend-plot" />
    </div>
  )
}

/** The value at the cursor, or the newest; a bucket also says its lowest and highest value. */
export function readOut(trace: TrendTrace, cursorMs: number | undefined): string {
  const { series, decimals, unit } = trace
  const entry = cursorMs === undefined ? series.at.length - 1 : entryAt(series, cursorMs * 1000)
  if (entry === undefined || entry < 0) return '— no data'
  const value = series.kind === 'raw' ? series.last[entry] : series.average[entry]
  if (value === null || value === undefined) return '— no usable value'
  const label = unitLabel(unit)
  const text = `${formatNumber(value, decimals)}${label === '' ? '' : `\u202f${label}`}`
  const min = series.min[entry]
  const max = series.max[entry]
  if (series.kind === 'raw' || min === null || max === null || min === undefined || max === undefined) return text
  return `${text} (${formatNumber(min, decimals)} … ${formatNumber(max, decimals)})`
}
