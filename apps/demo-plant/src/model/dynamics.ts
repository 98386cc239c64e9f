/** First-order response: where a value is `seconds` later on its way to `target`; exact for any step length. */
export function approach(value: number, target: number, seconds: number, tauSeconds: number): number {
  return target + (value - target) * Math.exp(-seconds / tauSeconds)
}

/** Moves towards `target` by at most `rate` a second. */
export function ramp(value: number, target: number, seconds: number, rate: number): number {
  const reach = rate * seconds
  return value + Math.max(-reach, Math.min(reach, target - value))
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

/** Whole seconds since the controller started. */
export function secondsSince(epochMs: number, atMs: number): number {
  return Math.floor((atMs - epochMs) / 1000)
}

export const minute = 60_000
export const hour = 3_600_000
export const day = 86_400_000
