import { DomainError } from '@throughline/kernel'

/** Wrong PINs before it has to be set anew: one in 200,000 guesses at the shortest. */
export const mostPinFailures = 5

const orders = ['01234567890123456789', '98765432109876543210']

/**
 * A PIN is short, so what everybody tries first is refused: one digit again and again, digits in order, pairs and triples
 * that repeat, and dates.
 * @throws DomainError `invalid`
 */
export function assertPinNotEasy(pin: string): void {
  const isRepeated = [1, 2, 3].some(
    (unit) =>
      pin ===
      pin
        .slice(0, unit)
        .repeat(Math.ceil(pin.length / unit))
        .slice(0, pin.length),
  )
  const isInOrder = orders.some((order) => order.includes(pin))
  const isMirrored = pin === [...pin].reverse().join('')
  if (!isRepeated && !isInOrder && !isMirrored && new Set(pin).size >= 3 && !isDate(pin)) return
  throw new DomainError(
    'invalid',
    'identity.pin-easy',
    'This PIN is among the first that somebody would try: no order, no repetition, no date',
    { fields: [{ path: 'pin', message: 'no order, no repetition, no date' }] },
  )
}

/** A day of the years in which people are born: `140789`, `14071989`, `19890714`, `071489`. */
function isDate(pin: string): boolean {
  const day = (text: string): boolean => Number(text) >= 1 && Number(text) <= 31
  const month = (text: string): boolean => Number(text) >= 1 && Number(text) <= 12
  const year = (text: string): boolean => /^(19|20)\d\d$/.test(text)
  const monthThenDay = (text: string): boolean => month(text.slice(0, 2)) && day(text.slice(2))
  const dayAndMonth = (text: string): boolean => (day(text.slice(0, 2)) && month(text.slice(2))) || monthThenDay(text)
  if (pin.length === 6) return dayAndMonth(pin.slice(0, 4)) || monthThenDay(pin.slice(2))
  if (pin.length !== 8) return false
  return (year(pin.slice(4)) && dayAndMonth(pin.slice(0, 4))) || (year(pin.slice(0, 4)) && monthThenDay(pin.slice(4)))
}
