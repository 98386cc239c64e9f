import type { Instant } from '@throughline/kernel'
import type { KpiRow, LossReason, LossStep } from '@throughline/model'

/** One stop as a report tells it. */
export interface ReportStop {
  readonly machine: string
  readonly from: Instant
  /** Null = it still stands. */
  readonly to: Instant | null
  readonly state: string
  /** Null = unexplained. */
  readonly reason: string | null
  readonly comments: readonly string[]
}

/** All that a report of a shift says, whatever the file. */
export interface ReportContents {
  readonly node: string
  readonly window: { readonly from: Instant; readonly to: Instant }
  readonly total: KpiRow
  /** By machine. */
  readonly rows: readonly KpiRow[]
  readonly steps: readonly LossStep[]
  readonly stopReasons: readonly LossReason[]
  readonly scrapReasons: readonly LossReason[]
  /** Without minor ones, oldest first. */
  readonly stops: readonly ReportStop[]
  readonly made: Instant
  /** Who asked for it. */
  readonly by: string
  readonly timeText: (at: Instant) => string
}

/** The KPIs that stand in the table of machines; the files hold all of them. */
export const shownKpis = ['oee', 'availability', 'effectiveness', 'quality-ratio'] as const

/** `74.8 %`, `3 h 20 min`, `120 /h`; a dash where there is no figure, and the range where it is not sure. */
export function figureText(row: KpiRow, id: string, unit: string): string {
  const figure = row.kpis.find((kpi) => kpi.id === id)
  if (figure === undefined || (figure.value === null && figure.low === null)) return '–'
  const { value, low, high } = figure
  const text = value === null ? '' : inUnit(value, unit)
  if (low === null || high === null || low === high) return text
  return `${text} (${inUnit(low, unit)} to ${inUnit(high, unit)})`.trim()
}

function inUnit(value: number, unit: string): string {
  if (unit === '%') return `${(value * 100).toFixed(1)} %`
  return unit === 's' ? durationText(value * 1e6) : `${value.toFixed(1)} ${unit}`
}

/** `1 h 05 min`, `12 min`, `40 s`. */
export function durationText(us: number): string {
  const seconds = Math.round(us / 1e6)
  if (Math.abs(seconds) < 60) return `${seconds} s`
  const minutes = Math.round(Math.abs(seconds) / 60)
  const sign = seconds < 0 ? '−' : ''
  if (minutes < 60) return `${sign}${minutes} min`
  return `${sign}${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
