import type { Reading } from './readings-line.ts'
import type { SealedWindow } from './sealed-readings.ts'

/** A reading is not believed to hold for longer than seven days. */
const holds = 7 * 86_400e6

interface Figures {
  least: number | null
  most: number | null
  mean: number | null
  coverage: number
}

/**
 * Least, most, mean by time and the usable share of a window, worked out anew: each reading holds until the next, a bad one or
 * one without a value ends it; where a person corrected one, the corrected value counts.
 */
function figuresOf(readings: readonly Reading[], sealed: SealedWindow): Figures {
  const corrected = new Map(sealed.corrections.map((each) => [each.at, each]))
  let least: number | null = null
  let most: number | null = null
  let usable = 0
  let counted = 0
  let sum = 0
  readings.forEach((reading, index) => {
    const { value, status } = corrected.get(reading.at) ?? reading
    const next = readings[index + 1]?.at ?? sealed.to
    const begin = Math.max(reading.at, sealed.from)
    const held = Math.max(0, Math.min(next, reading.at + holds, sealed.to) - begin)
    const isBefore = reading.at < sealed.from
    if (value === null || status >= 0x80000000 || !fits(value, sealed.dataType) || (isBefore && held === 0)) return
    usable += held
    if (sealed.dataType === 'string') return
    const number = Number(value)
    least = least === null ? number : Math.min(least, number)
    most = most === null ? number : Math.max(most, number)
    counted += held
    sum += (number * held) / 1e6
  })
  const mean = counted === 0 ? null : sum / (counted / 1e6)
  return { least, most, mean, coverage: usable / (sealed.to - sealed.from) }
}

function fits(value: unknown, dataType: string): boolean {
  if (dataType === 'int64') return typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value))
  return typeof value === (dataType === 'double' ? 'number' : dataType)
}

/** In words, which of the sealed figures the readings do not give; undefined = they give all of them. */
export function contradiction(readings: readonly Reading[], sealed: SealedWindow): string | undefined {
  const worked = figuresOf(readings, sealed)
  for (const [name, key] of [
    ['least', 'least'],
    ['most', 'most'],
    ['mean', 'mean'],
    ['share of time with readings', 'coverage'],
  ] as const) {
    const [told, found] = [sealed[key], worked[key]]
    if (told === found || (told !== null && found !== null && isNear(told, found))) continue
    return `the ${name} that was sealed is ${told ?? 'unknown'}, its readings give ${found ?? 'none'}`
  }
  return undefined
}

/** Sums of many numbers differ in their last digits by the order in which they are added. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-6)
