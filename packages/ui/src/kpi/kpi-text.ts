import type { KpiValue } from '@throughline/model'
import { formatNumber, thinSpace } from '../format/number.ts'
import { formatDuration } from '../format/time.ts'
import { unitLabel } from '../format/unit-label.ts'

/** A figure as people read it: ratios (0 to 1) in %, seconds as a duration, the rest with its unit. No figure = `—`. */
export function kpiText(value: number | null, unit: string, decimals = 1): string {
  if (value === null) return '—'
  if (unit === '%') return `${formatNumber(value * 100, decimals)}${thinSpace}%`
  if (unit === 's') return formatDuration(value * 1000)
  const label = unitLabel(unit)
  return `${formatNumber(value, decimals)}${label === '' ? '' : `${thinSpace}${label}`}`
}

/** `between 61.2 % and 74.0 %`, where data is missing; undefined where the figure is sure. */
export function kpiRangeText({ low, high }: Pick<KpiValue, 'low' | 'high'>, unit: string): string | undefined {
  if (low === null || high === null || low === high) return undefined
  const [lowText, highText] = [kpiText(low, unit), kpiText(high, unit)]
  return lowText === highText ? undefined : `between ${lowText} and ${highText}`
}

/** The difference of two figures: ratios in points. Null where either is missing. */
export function kpiDifference(now: number | null, before: number | null, unit: string): string | null {
  if (now === null || before === null) return null
  const change = now - before
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±'
  const size = Math.abs(change)
  return unit === '%' ? `${sign}${formatNumber(size * 100, 1)}${thinSpace}pt` : `${sign}${kpiText(size, unit)}`
}
