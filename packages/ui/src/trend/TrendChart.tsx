import { useComputedColorScheme } from '@mantine/core'
import { useViewportSize } from '@mantine/hooks'
import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { KeyboardEvent, ReactElement, ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { formatInstant } from '../format/time.ts'
import { PriorityShape } from '../indicator/PriorityShape.tsx'
import type { AlarmOnTrend } from './alarm-marks.ts'
import { TrendLane } from './TrendLane.tsx'
import { TrendTable } from './TrendTable.tsx'
import type { TrendTrace } from './trend-columns.ts'
import { aggregationText, lanesOf } from './trend-columns.ts'
import type { ChartWindow } from './window-moves.ts'
import { panned, zoomed } from './window-moves.ts'
import './trend.css'

interface TrendChartProps {
  readonly traces: readonly TrendTrace[]
  readonly window: ChartWindow
  /** The present, or the end of a window in the past: up to here a last value still holds. */
  readonly holdTo: Instant
  readonly onWindow: (window: ChartWindow) => void
  readonly timeZone: string | undefined
  /** The same data as a table instead. */
  readonly asTable: boolean
  /** By series id: the normal band of its tag. */
  readonly normal: ReadonlyMap<string, { readonly low: number | null; readonly high: number | null }>
  /** By series id: limits that are drawn dashed where the series has a lane of its own. */
  readonly limits?: ReadonlyMap<string, readonly number[]>
  /** By series id: alarms of its tag, marked on the time axis and listed below the chart. */
  readonly alarms?: ReadonlyMap<string, readonly AlarmOnTrend[]>
  /** Of each lane; left out = as high as the page has room. */
  readonly laneHeightPx?: number
  /** Such as a button that takes a trace away. */
  readonly traceAction?: (trace: TrendTrace) => ReactNode
}

/** What the page needs above and below the chart, and the least that a lane can be read at. */
const chromePx = 360
const leastLanePx = 150
const legendPx = 44
const timeAxisPx = 38

/**
 * Trends of up to eight tags: one lane and one axis a unit, min/max envelope and line, gaps as gaps. Zoom by dragging or
 * with + and −, arrows move the cursor, shift + arrows the window, Home and End jump to its ends, Escape ends the cursor.
 */
export function TrendChart(props: TrendChartProps): ReactElement {
  const { traces, window, timeZone } = props
  const scheme = useComputedColorScheme('light')
  const { height: viewport } = useViewportSize()
  const [cursorMs, setCursorMs] = useState<number | undefined>(undefined)
  const lanes = useMemo(() => lanesOf(traces), [traces])
  const marks = useMemo(
    () =>
      lanes.map((lane) => {
        const own = lane.flatMap(({ series }) => props.alarms?.get(series.tagId) ?? [])
        return own.length === 0 ? noMarks : own
      }),
    [lanes, props.alarms],
  )
  const listed = marks.flat().filter(({ at }) => at >= window.fromMs * 1000 && at < window.toMs * 1000)
  const alarmList = <AlarmList marks={listed} timeZone={timeZone} />
  if (props.asTable) {
    return (
      <>
        <TrendTable traces={traces} timeZone={timeZone} />
        {alarmList}
      </>
    )
  }
  const height =
    props.laneHeightPx ??
    Math.max(leastLanePx, Math.round((viewport - chromePx) / Math.max(1, lanes.length)) - legendPx)
  const shown = cursorMs === undefined || cursorMs < window.fromMs || cursorMs > window.toMs ? undefined : cursorMs

  function onKeyDown(event: KeyboardEvent): void {
    const move = keyMove(event.key, event.shiftKey, window, shown)
    if (move === undefined) return
    event.preventDefault()
    if ('window' in move) props.onWindow(move.window)
    else setCursorMs(move.cursorMs)
  }

  return (
    <div className="tl-trend">
      <div
        className="tl-trend"
        role="application"
        aria-label="Trend chart"
        aria-describedby="trend-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is worked by keyboard, as its description says
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <p id="trend-keys" className="tl-hidden">
          Arrow keys move the cursor, shift and arrow keys the window, plus and minus zoom, Escape ends the cursor.
        </p>
        {lanes.map((lane, index) => (
          <TrendLane
            key={laneKey(lane, lane === lanes.at(-1), scheme)}
            traces={lane}
            places={lane.map((trace) => traces.indexOf(trace))}
            window={window}
            holdTo={props.holdTo}
            height={lane === lanes.at(-1) ? height + timeAxisPx : height}
            timeZone={timeZone}
            last={lane === lanes.at(-1)}
            normal={lane.length === 1 ? props.normal.get(lane[0]?.series.tagId ?? '') : undefined}
            limits={(lane.length === 1 ? props.limits?.get(lane[0]?.series.tagId ?? '') : undefined) ?? noLimits}
            marks={marks[index] ?? noMarks}
            cursorMs={shown}
            onCursor={setCursorMs}
            onWindow={props.onWindow}
            {...(props.traceAction === undefined ? {} : { traceAction: props.traceAction })}
          />
        ))}
      </div>
      <div className="tl-trend-foot">
        <span>{aggregationText(traces.map((trace) => trace.series))}</span>
        <span className="tl-figure">{footText(window, shown, timeZone)}</span>
      </div>
      {alarmList}
    </div>
  )
}

const noMarks: readonly AlarmOnTrend[] = []
const noLimits: readonly number[] = []
const mostListed = 100

/** The marks as text: what a canvas shows cannot be read aloud. */
function AlarmList({ marks, timeZone }: { marks: readonly AlarmOnTrend[]; timeZone: string | undefined }) {
  if (marks.length === 0) return null
  const newest = marks.toSorted((a, b) => b.at - a.at)
  return (
    <details className="tl-trend-alarms">
      <summary>
        {marks.length} {marks.length === 1 ? 'alarm' : 'alarms'} in this window
      </summary>
      <ul>
        {newest.slice(0, mostListed).map(({ key, at, priority, label }) => (
          <li key={key}>
            <PriorityShape priority={priority} /> {priority}, {formatInstant(at, 'record', timeZone)}: {label}
          </li>
        ))}
        {marks.length > mostListed ? <li>and {marks.length - mostListed} earlier ones</li> : null}
      </ul>
    </details>
  )
}

/** What a lane is drawn with for its whole life: when any of it changes, it is drawn anew. */
function laneKey(lane: readonly TrendTrace[], last: boolean, scheme: string): string {
  return [scheme, last, ...lane.flatMap(({ series, unit }) => [unit, series.tagId, series.kind])].join(' ')
}

type Move = { window: ChartWindow } | { cursorMs: number | undefined }

/** What a key does to the window or the cursor; undefined = nothing. */
function keyMove(key: string, shift: boolean, window: ChartWindow, cursorMs: number | undefined): Move | undefined {
  const middle = (window.fromMs + window.toMs) / 2
  const at = cursorMs ?? middle
  const step = (window.toMs - window.fromMs) / 100
  switch (key) {
    case 'ArrowLeft':
      return shift ? { window: panned(window, -0.25) } : { cursorMs: Math.max(window.fromMs, at - step) }
    case 'ArrowRight':
      return shift ? { window: panned(window, 0.25) } : { cursorMs: Math.min(window.toMs, at + step) }
    case '+':
    case '=':
      return { window: zoomed(window, 0.5, at) }
    case '-':
      return { window: zoomed(window, 2, at) }
    case 'Home':
      return { cursorMs: window.fromMs }
    case 'End':
      return { cursorMs: window.toMs }
    case 'Escape':
      return { cursorMs: undefined }
    default:
      return undefined
  }
}

function footText(window: ChartWindow, cursorMs: number | undefined, timeZone: string | undefined): string {
  if (cursorMs !== undefined) return formatInstant(fromMs(cursorMs) as Instant, 'record', timeZone)
  return `${formatInstant(fromMs(window.fromMs), 'record', timeZone)} to ${formatInstant(fromMs(window.toMs), 'record', timeZone)}`
}
