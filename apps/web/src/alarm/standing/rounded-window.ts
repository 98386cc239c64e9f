import type { ChartWindow } from '@throughline/ui'

/** A window that follows the clock is asked for in steps of a tenth of itself, with room at its end. */
export function roundedOut({ fromMs: from, toMs: to }: ChartWindow): ChartWindow {
  const step = Math.max(1000, (to - from) / 10)
  return { fromMs: Math.floor(from / step) * step, toMs: (Math.floor(to / step) + 1) * step }
}
