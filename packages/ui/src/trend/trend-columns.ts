import type { Instant } from '@throughline/kernel'
import type { TrendSeries } from '@throughline/model'

/** One trace on a lane: which series, and how it is told apart. */
export interface TrendTrace {
  readonly series: TrendSeries
  /** Short, for the legend. */
  readonly label: string
  /** The whole path of the tag. */
  readonly title: string
  /** UCUM code. */
  readonly unit: string
  readonly decimals: number
  /** Holds its value until the next sample (truth values, whole numbers): drawn as steps. */
  readonly stepped: boolean
}

/** Columns as uPlot wants them: shared x in seconds; `undefined` = no entry here, `null` = the line breaks here. */
export interface TrendColumns {
  readonly x: number[]
  /** Per trace: the line, the foot and the head of its envelope. */
  readonly traces: { line: Cell[]; min: Cell[]; max: Cell[] }[]
}
type Cell = number | null | undefined

/**
 * Lays several series on one time axis without inventing values: every gap becomes a break in its own line. A source
 * that reports changes only says nothing while its value holds: with `holdTo`, the last value is drawn up to there.
 */
export function trendColumns(traces: readonly TrendTrace[], holdTo?: Instant): TrendColumns {
  const instants = new Set<number>()
  const held = traces.map(({ series }) => heldValue(series, holdTo))
  if (holdTo !== undefined && held.some((value) => value !== undefined)) instants.add(holdTo)
  for (const { series } of traces) {
    for (const at of series.at) instants.add(at)
    for (const gap of series.gaps) instants.add(gap.from)
  }
  const sorted = Float64Array.from(instants).sort()
  const places = new Map<number, number>()
  sorted.forEach((at, place) => {
    places.set(at, place)
  })
  const columns = traces.map(({ series }, trace) => {
    const line: Cell[] = new Array(sorted.length).fill(undefined)
    const min: Cell[] = new Array(sorted.length).fill(undefined)
    const max: Cell[] = new Array(sorted.length).fill(undefined)
    for (const gap of series.gaps) {
      const place = places.get(gap.from)
      if (place !== undefined) line[place] = min[place] = max[place] = null
    }
    series.at.forEach((at, index) => {
      const place = places.get(at)
      // A bucket that begins where a gap begins may still hold values after it: those win over the break.
      if (place === undefined) return
      line[place] = (series.kind === 'raw' ? series.last[index] : series.average[index]) ?? null
      min[place] = series.min[index] ?? null
      max[place] = series.max[index] ?? null
    })
    const end = holdTo === undefined ? undefined : places.get(holdTo)
    if (end !== undefined && held[trace] !== undefined) line[end] = min[end] = max[end] = held[trace]
    return { line, min, max }
  })
  return { x: Array.from(sorted, (at) => at / 1e6), traces: columns }
}

/** The last value, if it still holds at `holdTo`: nothing came after it, neither value nor gap. */
function heldValue(series: TrendSeries, holdTo: Instant | undefined): number | undefined {
  const at = series.at.at(-1)
  const value = series.last.at(-1)
  if (holdTo === undefined || at === undefined || value === null || value === undefined || at >= holdTo)
    return undefined
  return series.gaps.some((gap) => gap.to > at) ? undefined : value
}

/** The entry of a series that holds at `at`: the last one not after it; undefined before the first and within a gap. */
export function entryAt(series: TrendSeries, at: number): number | undefined {
  if (series.gaps.some((gap) => gap.from <= at && at < gap.to)) return undefined
  let low = 0
  let high = series.at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((series.at[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : low - 1
}

/** What a chart must say of its data: raw values, or the width of a bucket. */
export function aggregationText(all: readonly TrendSeries[]): string {
  const widths = [...new Set(all.filter((series) => series.kind === 'bucket').map((series) => series.bucketMs ?? 0))]
  const raw = all.some((series) => series.kind === 'raw')
  const parts = widths.sort((a, b) => a - b).map((ms) => `${bucketText(ms)} min/max and average`)
  if (raw) parts.unshift('raw values')
  return parts.join(', ')
}

function bucketText(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`
  if (ms < 3_600_000) return `${Number((ms / 60_000).toFixed(1))} min`
  return `${Number((ms / 3_600_000).toFixed(1))} h`
}

/** Traces of one unit share a lane; at most `most` to a lane, in the order given. */
export function lanesOf(traces: readonly TrendTrace[], most = 8): TrendTrace[][] {
  const lanes: TrendTrace[][] = []
  for (const trace of traces) {
    const lane = lanes.find((other) => other[0]?.unit === trace.unit && other.length < most)
    if (lane === undefined) lanes.push([trace])
    else lane.push(trace)
  }
  return lanes
}
