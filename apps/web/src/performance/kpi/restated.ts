import type { ShiftResult } from '@throughline/model'

/** All versions of one machine's shift, first to newest. */
export interface RestatedShift {
  readonly key: string
  readonly versions: readonly ShiftResult[]
}

/** Groups results by machine and shift, newest shift first; what was recorded once is not restated. */
export function restatedShifts(results: readonly ShiftResult[]): RestatedShift[] {
  const shifts = new Map<string, ShiftResult[]>()
  for (const result of results) {
    const key = `${result.nodeId} ${result.shift.from}`
    const versions = shifts.get(key) ?? []
    versions.push(result)
    shifts.set(key, versions)
  }
  return [...shifts]
    .filter(([, versions]) => versions.length > 1)
    .map(([key, versions]) => ({ key, versions: versions.toSorted((a, b) => a.version - b.version) }))
    .toSorted((a, b) => (b.versions[0]?.shift.from ?? 0) - (a.versions[0]?.shift.from ?? 0) || (a.key < b.key ? -1 : 1))
}
