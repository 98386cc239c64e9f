const choices = [600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400]

/** The times to choose from, in seconds: none longer than the philosophy permits, and that one itself. */
export function shelfTimes(maxSeconds: number): readonly number[] {
  const below = choices.filter((seconds) => seconds < maxSeconds)
  return maxSeconds > 0 ? [...below, Math.min(maxSeconds, 7 * 86_400)] : []
}
