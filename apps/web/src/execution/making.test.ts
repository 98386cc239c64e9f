import type { Instant } from '@throughline/kernel'
import type { Gate, Lot, Order } from '@throughline/model'
import { expect, test } from 'vitest'
import { hoursText, outLifeNow } from '../material/lot/lot-words.ts'
import { amountText, piecesText, quantityProblem } from './form/amount.ts'
import { isLate, nextOperations } from './order/order-words.ts'

const at = (seconds: number): Instant => (seconds * 1_000_000) as Instant
const gate = (message: string, open: boolean): Gate => ({
  ...{ kind: 'order-held', open, message, subject: null, overridable: false, override: null },
})

test.each([
  ['12500.50', 'g', '12\u202f500.50\u202fg'],
  ['-3', '1', '−3'],
  ['0.125', 'Cel', '0.125\u202f°C'],
])('%s of %s is shown to its last digit', (quantity, unit, text) => {
  expect(amountText(quantity, unit)).toBe(text)
})

test.each([
  ['2000', '1', '2\u202f000 pieces'],
  ['1', '1', '1 piece'],
  ['1', 'kg', '1\u202fkg'],
])('%s of %s says what is counted', (quantity, unit, text) => {
  expect(piecesText(quantity, unit)).toBe(text)
})

test.each([
  ['12.5', 'above-zero', undefined],
  ['12,5', 'above-zero', undefined],
  ['1,250.5', 'above-zero', 'Give the quantity as a number, such as 12.5.'],
  ['0', 'above-zero', 'The quantity must be above 0.'],
  ['0', 'zero', undefined],
  ['-1', 'zero', 'The quantity cannot be below 0.'],
  ['some', 'zero', 'Give the quantity as a number, such as 12.5.'],
] as const)('a typed quantity of "%s" (%s)', (text, least, problem) => {
  expect(quantityProblem(text, least)).toBe(problem)
})

test('an out-life clock goes on while the lot is out, and rests in the cold', () => {
  const read = { limitSeconds: 7200, usedSeconds: 3600, at: at(1000) }
  const out = { ...read, outSince: at(500) } satisfies Lot['outLife']
  expect(outLifeNow(out, at(1600))).toMatchObject({ usedSeconds: 4200, leftSeconds: 3000, isRunning: true })
  expect(outLifeNow(out, at(9000))).toMatchObject({ leftSeconds: 0, isOver: true })
  expect(outLifeNow({ ...read, outSince: null }, at(9000))).toMatchObject({ usedSeconds: 3600, isRunning: false })
  expect(hoursText(868_200)).toBe('241 h 10 min')
})

test('an order is late when it should have been completed and is not', () => {
  const order = (state: Order['state'], dueAt: Instant | null) => ({ state, dueAt })
  expect(isLate(order('running', at(10)), at(11))).toBe(true)
  expect(isLate(order('completed', at(10)), at(11))).toBe(false)
  expect(isLate(order('running', null), at(11))).toBe(false)
})

test('pieces that stand before the same gates are told once', () => {
  const held = [gate('It is held', false)]
  const told = nextOperations([
    { runId: 'a', sequence: 10, name: 'Cut', gates: held },
    { runId: 'b', sequence: 10, name: 'Cut', gates: held },
    { runId: 'c', sequence: 10, name: 'Cut', gates: [gate('It may start', true)] },
  ])
  expect(told.map(({ runIds }) => runIds)).toEqual([['a', 'b'], ['c']])
})
