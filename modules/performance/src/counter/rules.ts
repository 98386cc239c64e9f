/** Increments by what is counted; null = not counted. */
export interface Counts {
  readonly total: number | null
  readonly good: number | null
  readonly scrap: number | null
  readonly rework: number | null
}

/** With two of total, good and scrap, the third follows. */
export function completed<Step extends Counts>(step: Step): Step {
  const { total, good, scrap } = step
  if (total === null && good !== null && scrap !== null) return { ...step, total: good + scrap }
  if (good === null && total !== null && scrap !== null) return { ...step, good: total - scrap }
  if (scrap === null && total !== null && good !== null) return { ...step, scrap: total - good }
  return step
}

/** How a counter went from one reading to the next. */
export interface Increment {
  readonly by: number
  /** It started anew: what it counted before that is unknown. */
  readonly reset: boolean
}

/**
 * What a counter rose by. A drop is a rollover where the counter has a modulus and the machine could have made so many in the
 * time between; else the counter started again from 0.
 */
export function incrementOf(
  before: number,
  after: number,
  modulus: number | null,
  elapsedSeconds: number,
  idealCycleSeconds: number | null,
): Increment {
  if (after >= before) return { by: after - before, reset: false }
  if (modulus !== null && before < modulus) {
    const by = after + modulus - before
    if (by <= most(modulus, elapsedSeconds, idealCycleSeconds)) return { by, reset: false }
  }
  return { by: Math.max(after, 0), reset: true }
}

/** Twice the ideal pace, and ten parts for a controller that tells its counter in lumps. */
function most(modulus: number, elapsedSeconds: number, idealCycleSeconds: number | null): number {
  const half = modulus / 2
  return idealCycleSeconds === null ? half : Math.min(half, 10 + (2 * elapsedSeconds) / idealCycleSeconds)
}
