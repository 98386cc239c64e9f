import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UcumUnit } from './unit.ts'

test.each(['1', 'Cel', 'bar', 'L/min', '/min', '%', 'uS/cm', 'kW.h', '[pH]', '{count}', 'm/s2'])(
  '%s is a unit',
  (code) => {
    expect(UcumUnit.safeParse(code).success).toBe(true)
  },
)

test.each(['', 'degC', 'celsius', 'rpm!', '°C', 'm/', '//', 'bar '])('[AL-L-1!] %j is no unit, and named', (code) => {
  expect(UcumUnit.safeParse(code).success).toBe(false)
})

test('[SR-3.5!] no text makes the check fail in any way but by its answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 45 }), (text) => void UcumUnit.safeParse(text)))
})
