import type { Instant } from '@throughline/kernel'
import uPlot from 'uplot'
import { decimalsOfStep, formatNumber } from '../format/number.ts'
import type { AlarmOnTrend } from './alarm-marks.ts'
import { drawAlarmMarks } from './alarm-marks.ts'
import { timeTickLabels, timeTicks, valueTicks } from './axis-ticks.ts'
import { tokenOf, traceStyle, withOpacity } from './trace-style.ts'
import type { TrendTrace } from './trend-columns.ts'
import { trendColumns } from './trend-columns.ts'
import type { ChartWindow } from './window-moves.ts'

/** What one lane of a chart needs to be drawn. */
export interface LaneSpec {
  readonly traces: readonly TrendTrace[]
  /** Place of each trace in the whole chart: decides hue and dash. */
  readonly places: readonly number[]
  readonly window: ChartWindow
  /** Up to here the last value of a trace still holds, unless a gap came after it. */
  readonly holdTo: Instant
  readonly timeZone: string | undefined
  /** The time axis stands under the last lane only. */
  readonly last: boolean
  readonly normal: { readonly low: number | null; readonly high: number | null } | undefined
  /** Drawn dashed across a lane of one trace, which makes room for them. */
  readonly limits: readonly number[]
  readonly marks: readonly AlarmOnTrend[]
}

export interface LaneEvents {
  cursor(atMs: number | undefined): void
  select(window: ChartWindow): void
}

/** A lane on the page; `show` gives it new data without starting over. */
export interface LanePlot {
  show(spec: LaneSpec): void
  resize(width: number, height: number): void
  /** Puts the cursor at a moment, or takes it away. */
  point(atMs: number | undefined): void
  destroy(): void
}

const axisWidth = 64

/** Draws a lane into `target`. Traces and colours are fixed for its life; data, window and size may change. */
export function drawLane(
  target: HTMLElement,
  first: LaneSpec,
  size: { width: number; height: number },
  events: LaneEvents,
): LanePlot {
  let spec = first
  let quiet = false
  const ink = tokenOf(target, '--tl-ink-3')
  const line = tokenOf(target, '--tl-line')
  const band = tokenOf(target, '--tl-surface-2')

  const plot = new uPlot(
    {
      ...size,
      padding: [8, 24, spec.last ? 0 : 8, 0],
      legend: { show: false },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
        sync: { key: 'throughline-trend' },
      },
      scales: {
        x: { time: false, range: () => [spec.window.fromMs / 1000, spec.window.toMs / 1000] },
        y: { range: (_plot, low, high) => spread(...withLimits(low, high, spec)) },
      },
      axes: [
        {
          stroke: ink,
          font: '12px "Inter Variable", system-ui, sans-serif',
          size: spec.last ? 44 : 6,
          grid: { stroke: line, width: 1 },
          ticks: { stroke: line, width: 1, size: 5 },
          splits: (self) =>
            timeTicks(
              spec.window.fromMs,
              spec.window.toMs,
              Math.max(2, Math.floor(self.width / 110)),
              spec.timeZone,
            ).map((ms) => ms / 1000),
          values: (_self, splits) =>
            spec.last
              ? timeTickLabels(
                  splits.map((s) => s * 1000),
                  spec.timeZone,
                )
              : splits.map(() => ''),
        },
        {
          stroke: ink,
          font: '12px "Inter Variable", system-ui, sans-serif',
          size: axisWidth,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          splits: (self, _axis, low, high) => valueTicks(low, high, Math.max(4, Math.floor(self.height / 40))),
          values: (_self, splits) => {
            const decimals = decimalsOfStep((splits[1] ?? 1) - (splits[0] ?? 0))
            return splits.map((value) => formatNumber(value, decimals))
          },
        },
      ],
      series: [{}, ...spec.traces.flatMap((trace, index) => seriesOf(target, trace, spec.places[index] ?? index))],
      bands: spec.traces.flatMap((trace, index) =>
        trace.series.kind === 'raw' ? [] : [{ series: [index * 3 + 1, index * 3 + 2] as [number, number] }],
      ),
      hooks: {
        drawClear: [(self) => drawBackground(self, spec, band)],
        draw: [(self) => drawAlarmMarks(self, spec.marks)],
        setCursor: [
          (self) => {
            if (quiet) return
            const left = self.cursor.left ?? -1
            events.cursor(left < 0 ? undefined : self.posToVal(left, 'x') * 1000)
          },
        ],
        setSelect: [
          (self) => {
            if (self.select.width < 4) return
            const fromMs = Math.round(self.posToVal(self.select.left, 'x') * 1000)
            const toMs = Math.round(self.posToVal(self.select.left + self.select.width, 'x') * 1000)
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            if (toMs - fromMs >= 1000) events.select({ fromMs, toMs })
          },
        ],
      },
    },
    dataOf(spec),
    target,
  )

  return {
    show(next) {
      spec = next
      plot.setData(dataOf(next), true)
    },
    resize(width, height) {
      plot.setSize({ width, height })
    },
    point(atMs) {
      quiet = true
      plot.setCursor({ left: atMs === undefined ? -10 : plot.valToPos(atMs / 1000, 'x'), top: 1 }, true)
      quiet = false
    },
    destroy() {
      plot.destroy()
    },
  }
}

function dataOf(spec: LaneSpec): uPlot.AlignedData {
  const columns = trendColumns(spec.traces, spec.holdTo)
  return [columns.x, ...columns.traces.flatMap(({ max, min, line }) => [max, min, line])] as uPlot.AlignedData
}

function seriesOf(target: Element, trace: TrendTrace, place: number): uPlot.Series[] {
  const style = traceStyle(place)
  const colour = tokenOf(target, style.variable)
  const stepped = trace.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined
  const paths = stepped === undefined ? {} : { paths: stepped }
  const edge: uPlot.Series = { width: 0, points: { show: false }, ...paths }
  // Raw values have no envelope; a fill without a band would reach down to the axis.
  const head = trace.series.kind === 'raw' ? edge : { ...edge, fill: withOpacity(colour, 0.22) }
  return [
    head,
    edge,
    {
      stroke: colour,
      width: 1.5,
      ...(style.dashed ? { dash: [6, 4] } : {}),
      points: { size: 4, fill: colour },
      ...paths,
    },
  ]
}

/** A limit that lies outside the values of the window is still to be seen. */
function withLimits(
  low: number | null,
  high: number | null,
  { traces, limits }: LaneSpec,
): [number | null, number | null] {
  if (low === null || high === null || traces.length !== 1 || limits.length === 0) return [low, high]
  return [Math.min(low, ...limits), Math.max(high, ...limits)]
}

/** Room above and below, and never a scale without height. */
function spread(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1]
  const span = high - low
  const margin = span === 0 ? Math.max(Math.abs(high) * 0.05, 0.5) : span * 0.06
  return [low - margin, high + margin]
}

function drawBackground(self: uPlot, spec: LaneSpec, band: string): void {
  const { ctx, bbox } = self
  const only = spec.traces.length === 1 ? spec.traces[0] : undefined
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  if (only !== undefined && spec.normal !== undefined) {
    const { low, high } = spec.normal
    const top = high === null ? bbox.top : self.valToPos(high, 'y', true)
    const foot = low === null ? bbox.top + bbox.height : self.valToPos(low, 'y', true)
    ctx.fillStyle = band
    ctx.fillRect(bbox.left, top, bbox.width, foot - top)
  }
  if (only !== undefined) drawLimits(self, spec.limits)
  if (only !== undefined) hatchGaps(self, only, tokenOf(self.root, '--tl-line'))
  ctx.restore()
}

function drawLimits(self: uPlot, limits: readonly number[]): void {
  const { ctx, bbox } = self
  ctx.save()
  ctx.strokeStyle = tokenOf(self.root, '--tl-ink-2')
  ctx.setLineDash([8, 4])
  for (const limit of limits) {
    const y = Math.round(self.valToPos(limit, 'y', true))
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  ctx.restore()
}

/** Empty time is hatched: "nothing is known here" must not look like "nothing happened here". */
function hatchGaps(self: uPlot, trace: TrendTrace, colour: string): void {
  const { ctx, bbox } = self
  ctx.strokeStyle = colour
  ctx.lineWidth = 1
  for (const gap of trace.series.gaps) {
    const left = Math.max(bbox.left, self.valToPos(gap.from / 1e6, 'x', true))
    const right = Math.min(bbox.left + bbox.width, self.valToPos(gap.to / 1e6, 'x', true))
    if (right - left < 2) continue
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, bbox.top, right - left, bbox.height)
    ctx.clip()
    ctx.beginPath()
    for (let x = left - bbox.height; x < right; x += 10) {
      ctx.moveTo(x, bbox.top + bbox.height)
      ctx.lineTo(x + bbox.height, bbox.top)
    }
    ctx.stroke()
    ctx.restore()
  }
}
