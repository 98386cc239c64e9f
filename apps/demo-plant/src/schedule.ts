/** Steps of the past: coarse enough for a month in seconds, fine enough for a ramp of 2 °C/min. */
const historyStepMs = 5000
/** Steps of live operation. */
export const liveStepMs = 1000

/** How long live steps are kept after a start: a plant that was killed walks the lost seconds again, exactly. */
const carefulMs = 20_000
/** What is left to catch up in live steps. */
const lastStretchMs = 60_000

/** A step ends on every whole hour, so that what was made until the end of a shift is known to the part. */
function wholeHourIn(afterMs: number, beforeMs: number): number | undefined {
  const hourEnd = Math.ceil((afterMs + 1) / 3_600_000) * 3_600_000
  return hourEnd < beforeMs ? hourEnd : undefined
}

/** The ends of the steps from the epoch to the beginning of live operation: always the same for the same two instants. */
export function* historySteps(epochMs: number, liveFromMs: number): Generator<number> {
  for (let at = epochMs; at < liveFromMs; at += historyStepMs) {
    const next = Math.min(at + historyStepMs, liveFromMs)
    const hourEnd = wholeHourIn(at, next)
    if (hourEnd !== undefined) yield hourEnd
    yield next
  }
}

/**
 * The ends of the steps of live operation, on whole multiples of a second after `fromMs`. After a long sleep the middle
 * is walked in coarse steps.
 */
export function* liveSteps(fromMs: number, toMs: number): Generator<number> {
  let at = fromMs
  while (toMs - at >= liveStepMs) {
    const coarse = at - fromMs >= carefulMs && toMs - at > lastStretchMs
    const next = at + (coarse ? historyStepMs : liveStepMs)
    at = wholeHourIn(at, next) ?? next
    yield at
  }
}

/**
 * Where the plant's clock should stand: at `speed` seconds a second from where it was, and never ahead of real time, so
 * that a plant played fast through its past goes on at real time when it has caught up.
 */
export function targetMs(start: { realMs: number; virtualMs: number; speed: number }, realMs: number): number {
  if (start.speed === 1) return realMs
  return Math.min(realMs, start.virtualMs + (realMs - start.realMs) * start.speed)
}
