import { DomainError } from './error.ts'

declare const decimal: unique symbol

/** An exact decimal number as text: `12.5`, `-0.003`. No exponent, no leading or trailing zeros: equal numbers are equal texts. */
export type Decimal = string & { readonly [decimal]: true }

const form = /^([+-]?)(\d{1,18})(?:\.(\d{1,12}))?$/

/** Reads `007.50` as `7.5`; a text that is no decimal number of at most 18 places before the point and 12 behind gives `undefined`. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', part = ''] = match
  return print({ units: BigInt(`${sign}${whole}${part}`), places: part.length })
}

/**
 * @throws DomainError `invalid` when the text is no decimal number
 */
export function decimalOf(text: string | number): Decimal {
  const read = parseDecimal(String(text))
  if (read === undefined) {
    throw new DomainError('invalid', 'kernel.decimal-invalid', `"${text}" is no decimal number: write it like 12.5`)
  }
  return read
}

export const zero = '0' as Decimal

export const add = (a: Decimal, b: Decimal): Decimal => combine(a, b, (x, y) => x + y)

export const subtract = (a: Decimal, b: Decimal): Decimal => combine(a, b, (x, y) => x - y)

export function multiply(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [read(a), read(b)]
  return print({ units: x.units * y.units, places: x.places + y.places })
}

export const sum = (terms: Iterable<Decimal>): Decimal => [...terms].reduce(add, zero)

/** Below 0 when `a` is the smaller one, above 0 when it is the larger one. */
export function compare(a: Decimal, b: Decimal): number {
  const { units } = read(subtract(a, b))
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

interface Scaled {
  readonly units: bigint
  readonly places: number
}

function combine(a: Decimal, b: Decimal, work: (x: bigint, y: bigint) => bigint): Decimal {
  const [x, y] = [read(a), read(b)]
  const places = Math.max(x.places, y.places)
  return print({ units: work(scale(x, places), scale(y, places)), places })
}

const scale = ({ units, places }: Scaled, to: number): bigint => units * 10n ** BigInt(to - places)

function read(text: Decimal): Scaled {
  const [whole = '', part = ''] = text.split('.')
  return { units: BigInt(whole + part), places: part.length }
}

function print({ units, places }: Scaled): Decimal {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const part = digits.slice(digits.length - places).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}` as Decimal
}
