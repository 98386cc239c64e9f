import type { CharacteristicResult } from '@throughline/model'

type Given = Omit<CharacteristicResult, 'within'>

/** Whether what was measured lies within its limits, both included; null = nothing was measured, or there is no limit. */
function isWithin({ measured, low, high }: Given): boolean | null {
  if (measured === null || (low === null && high === null)) return null
  return (low === null || measured >= low) && (high === null || measured <= high)
}

export const judged = (results: readonly Given[]): CharacteristicResult[] =>
  results.map((each) => ({ ...each, within: isWithin(each) }))

/**
 * Whether the piece passed: false as soon as one characteristic fails by the source or by its own limits, null while
 * nothing is known of one and none fails.
 */
export function hasPassed(results: readonly CharacteristicResult[]): boolean | null {
  if (results.some(({ within, status }) => within === false || status === 'fail')) return false
  return results.every(({ within, status }) => within === true || status === 'pass') ? true : null
}
