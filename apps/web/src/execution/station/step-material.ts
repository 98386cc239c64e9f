import type { Decimal } from '@throughline/kernel'
import { compare, parseDecimal, subtract, sum, zero } from '@throughline/kernel'
import type { AskedMaterial } from '@throughline/model'
import { answersFor } from './step-answers.ts'
import { valueWithUnit } from './step-limits.ts'
import type { Answer, Cell, Sheet } from './step-sheet.ts'

/** What goes in by a step that scans material; undefined = another step, or nobody knows. */
export const askedOf = ({ asked }: Sheet, { step, subject }: Cell): AskedMaterial | undefined =>
  asked.find((each) => each.step === step.key && each.subject === subject)

/** How much is scanned by these entries; undefined = one that waits here takes whatever is missing. */
function scannedOf(answers: readonly Answer[]): Decimal | undefined {
  const amounts = answers.map(({ value }) => (value.type === 'scan' ? value.quantity : zero))
  return amounts.includes(null) ? undefined : sum(amounts.flatMap((each) => each ?? []))
}

/** What of a material is still to be scanned; zero = nothing. */
export function missingOf(sheet: Sheet, cell: Cell): Decimal {
  const asked = askedOf(sheet, cell)
  const answers = answersFor(sheet, cell)
  const scanned = scannedOf(answers)
  // Recorded without limits, it was recorded when one lot was all that a step took.
  const isLegacy = answers.some(({ limits, recordedAt }) => limits === null && recordedAt !== null)
  const isEnded = answers.some(({ value }) => value.type === 'scan' && value.last === true)
  if (asked === undefined || scanned === undefined || isLegacy || isEnded) return zero
  return compare(scanned, asked.low) >= 0 ? zero : subtract(asked.quantity, scanned)
}

/** `0.8 m of 1.5 m is scanned: scan the next lot`; undefined = nothing is begun, or nothing is missing. */
export function fillingText(sheet: Sheet, cell: Cell): string | undefined {
  const asked = askedOf(sheet, cell)
  const scanned = scannedOf(answersFor(sheet, cell)) ?? zero
  if (asked === undefined || scanned === zero || missingOf(sheet, cell) === zero) return undefined
  const shown = (amount: Decimal): string => valueWithUnit(Number(amount), asked.unit)
  return `${shown(scanned)} of ${shown(asked.quantity)} is scanned: scan the next lot`
}

/** Why an amount makes too much of all that is asked, or too little when nothing more goes in; undefined = it does not. */
export function outsideText(
  sheet: Sheet,
  cell: Cell,
  quantity: Decimal | null,
  last: boolean,
  corrected: string | undefined,
): string | undefined {
  const asked = askedOf(sheet, cell)
  const before = scannedOf(answersFor(sheet, cell).filter(({ id }) => id !== corrected))
  if (asked === undefined || before === undefined || quantity === null) return undefined
  const total = sum([before, quantity])
  const shown = (amount: Decimal): string => valueWithUnit(Number(amount), asked.unit)
  if (compare(total, asked.low) < 0) {
    return last ? `With this lot only ${shown(total)} is scanned: at least ${shown(asked.low)} goes in.` : undefined
  }
  return asked.high === null || compare(total, asked.high) <= 0
    ? undefined
    : `With this lot ${shown(total)} is scanned: at most ${shown(asked.high)} goes in.`
}

/** What somebody typed as an amount; null = nothing, undefined = no amount. */
export const typedAmount = (typed: string): Decimal | null | undefined =>
  typed.trim() === '' ? null : parseDecimal(typed.trim().replace(',', '.'))
