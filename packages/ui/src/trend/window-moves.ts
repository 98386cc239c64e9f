/** A window of time on a chart, in ms: `from <= at < to`. */
export interface ChartWindow {
  readonly fromMs: number
  readonly toMs: number
}

const shortestMs = 1000

/** Zooms about a moment: a factor below 1 shows less time. Never narrower than one second. */
export function zoomed(window: ChartWindow, factor: number, aboutMs: number): ChartWindow {
  const length = Math.max(shortestMs, (window.toMs - window.fromMs) * factor)
  const share = (aboutMs - window.fromMs) / (window.toMs - window.fromMs)
  const fromMs = aboutMs - length * share
  return { fromMs: Math.round(fromMs), toMs: Math.round(fromMs + length) }
}

/** Moves the window by a share of its own length; negative goes back in time. */
export function panned(window: ChartWindow, share: number): ChartWindow {
  const by = Math.round((window.toMs - window.fromMs) * share)
  return { fromMs: window.fromMs + by, toMs: window.toMs + by }
}
