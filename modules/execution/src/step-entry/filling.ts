import type { Decimal } from '@throughline/kernel'
import { add, compare, decimalOf, multiply, subtract, sum, zero } from '@throughline/kernel'
import type { AskedMaterial, StepType, StepValue } from '@throughline/model'
import type { Judged } from './judge.ts'

type Scan = Extract<StepValue, { type: 'scan' }>
/** How much of a material goes in by one step. */
export type Amount = Pick<AskedMaterial, 'quantity' | 'low' | 'high' | 'unit'>

/** What is asked of all lots together, with how far they may differ from it. */
export function amountOf(
  quantity: Decimal,
  unit: string,
  { tolerancePercent = null }: Pick<Extract<StepType, { type: 'scan' }>, 'tolerancePercent'>,
): Amount {
  if (tolerancePercent === null) return { quantity, low: quantity, high: null, unit }
  const off = multiply(multiply(quantity, decimalOf(tolerancePercent.toFixed(6))), decimalOf('0.01'))
  return { quantity, low: subtract(quantity, off), high: add(quantity, off), unit }
}

/** How much of a lot goes in: as much as is said, else what is missing yet, or all that the lot has left. */
export function portionOf(
  { quantity: said }: Pick<Scan, 'quantity'>,
  { quantity: wanted }: Pick<Amount, 'quantity'>,
  before: readonly Decimal[],
  left: Decimal,
): Decimal {
  if (said !== null) return said
  const missing = subtract(wanted, sum(before))
  const isShort = compare(left, zero) > 0 && compare(left, missing) < 0
  return isShort ? left : missing
}

/** What a lot makes of the whole: enough, too much, or less, which is outside only when nothing more goes in. */
export function judgeFilling(
  { low, high, quantity: wanted, unit }: Amount,
  before: readonly Decimal[],
  { quantity, last = false }: { readonly quantity: Decimal; readonly last?: boolean | undefined },
): Judged {
  const total = add(sum(before), quantity)
  const limits = { low: Number(low), high: high === null ? null : Number(high), unit }
  const amount = (each: Decimal): string => (unit === '1' ? each : `${each} ${unit}`)
  const words = `${amount(total)} of ${amount(wanted)}`
  if (compare(total, low) < 0) {
    return last
      ? { within: false, limits, words: `${words}, at least ${amount(low)}` }
      : { within: null, limits, words }
  }
  if (high === null || compare(total, high) <= 0) return { within: true, limits, words }
  return { within: false, limits, words: `${words}, at most ${amount(high)}` }
}

/** A lot that went in, as its entry tells. */
interface Line {
  readonly value: StepValue
  readonly limits: { readonly low: number | null; readonly unit: string } | null
  readonly recordedAt: number
}

/**
 * What is still to be scanned of a material, in words; undefined = it is enough, or somebody said that nothing more goes in.
 *
 * @param lines entries that stand, one at least
 */
export function missingText(lines: readonly Line[]): string | undefined {
  const newest = [...lines].sort((a, b) => a.recordedAt - b.recordedAt).at(-1)
  const low = newest?.limits?.low ?? null
  const scans = lines.map(({ value }) => value).filter((value) => value.type === 'scan')
  // Without limits it was recorded when one lot was all that a step took.
  if (low === null || lines.some(({ limits }) => limits === null) || scans.some(({ last }) => last === true)) return
  const total = sum(scans.map(({ quantity }) => quantity ?? zero))
  // Limits of an entry are numbers: what differs by their rounding is the same.
  const lack = low - Number(total)
  if (lack <= Math.abs(low) * 1e-9) return undefined
  const unit = newest?.limits?.unit ?? '1'
  const amount = (each: number | string): string => (unit === '1' ? String(each) : `${each} ${unit}`)
  return `${amount(total)} of ${amount(low)} is scanned: scan the next lot`
}
