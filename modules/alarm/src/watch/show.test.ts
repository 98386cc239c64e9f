import { expect, test } from 'vitest'
import { showOf } from './show.ts'

test.each([
  [-18.4, { unit: 'Cel', decimals: 1 }, '−18.4 °C'],
  [-0.0000001, { unit: '1', decimals: null }, '−1e−7'],
  [3, { unit: 'bar', decimals: 2 }, '3.00 bar'],
  [12.34567891, undefined, '12.3457'],
])('%j of %j is written %s: a minus is no hyphen', (value, tag, text) => {
  expect(showOf(tag as Parameters<typeof showOf>[0])(value)).toBe(text)
})
