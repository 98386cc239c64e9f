import { compare, parseDecimal, zero } from '@throughline/kernel'
import { unitLabel } from '@throughline/ui'

const thinSpace = '\u202f'

/** A quantity to its last digit with its unit: `12 500.5 g`. */
export function amountText(quantity: string, unit: string): string {
  const label = unitLabel(unit)
  return label === '' ? grouped(quantity) : `${grouped(quantity)}${thinSpace}${label}`
}

/** The same with the word for what is counted: `2 000 pieces`. */
export function piecesText(quantity: string, unit: string): string {
  if (unit !== '1') return amountText(quantity, unit)
  return `${grouped(quantity)} ${quantity === '1' ? 'piece' : 'pieces'}`
}

function grouped(text: string): string {
  const [whole = '', part] = text.replace('-', '−').split('.')
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, thinSpace)
  return part === undefined ? digits : `${digits}.${part}`
}

/** What somebody typed as a quantity, as it is sent: a comma is taken for the decimal point. */
export const typedQuantity = (text: string): string => text.trim().replace(',', '.')

/** Why a typed quantity cannot be taken; undefined = it can. */
export function quantityProblem(text: string, least: 'above-zero' | 'zero' = 'above-zero'): string | undefined {
  const value = parseDecimal(typedQuantity(text))
  if (value === undefined) return 'Give the quantity as a number, such as 12.5.'
  const sign = compare(value, zero)
  if (least === 'above-zero' && sign <= 0) return 'The quantity must be above 0.'
  return sign < 0 ? 'The quantity cannot be below 0.' : undefined
}
