import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decimal } from './index.ts'
import { add, compare, DomainError, decimalOf, multiply, parseDecimal, subtract, sum } from './index.ts'

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 9 }))
  .map(([units, places]) => ({ units, places, text: written(units, places) }))

test('a decimal number is the same text however it was written', () => {
  expect(['7.50', '007.5', '+7.500', '7.5'].map(parseDecimal)).toEqual(['7.5', '7.5', '7.5', '7.5'])
  expect(['-0', '0.000', '-0.0'].map(parseDecimal)).toEqual(['0', '0', '0'])
})

test.each(['', '1e3', '1,5', 'NaN', '.5', '1.', '0x10', ' 1'])('"%s" is no decimal number', (text) => {
  expect(parseDecimal(text)).toBeUndefined()
  expect(() => decimalOf(text)).toThrow(DomainError)
})

test('a tenth three times over is exactly three tenths', () => {
  expect(sum([decimalOf('0.1'), decimalOf('0.1'), decimalOf('0.1')])).toBe('0.3')
})

test('what is added and taken away again is as it was; products and order are exact', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const [x, y] = [decimalOf(a.text), decimalOf(b.text)]
      expect(subtract(add(x, y), y)).toBe(x)
      expect(multiply(x, y)).toBe(written(a.units * b.units, a.places + b.places))
      const [left, right] = [a.units * 10n ** BigInt(b.places), b.units * 10n ** BigInt(a.places)]
      expect(Math.sign(compare(x, y))).toBe(left < right ? -1 : left > right ? 1 : 0)
    }),
  )
})

/** By long hand, from the exact integer. */
function written(units: bigint, places: number): Decimal {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const cut = digits.length - places
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`.replace(/\.?0+$/, '')
  const bare = text === '' ? '0' : text
  return (units < 0n && bare !== '0' ? `-${bare}` : bare) as Decimal
}
