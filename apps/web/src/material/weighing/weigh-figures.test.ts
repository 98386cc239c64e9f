import { decimalOf } from '@throughline/kernel'
import type { Weighing } from '@throughline/model'
import { expect, test } from 'vitest'
import { askedAmount } from './use-asked-amount.ts'
import { afterKey, readingText, verdictOf, waitingOf } from './weigh-figures.ts'

const figures = { target: '2.5', below: '0.01', above: '0.02', tare: '0.1', gross: '2.607' }

test('a net within the tolerance is told exactly, both ends included', () => {
  expect(verdictOf(figures, 'kg')).toMatchObject({ is: 'within', weighed: { net: '2.507' } })
  for (const gross of ['2.59', '2.62', '2,62']) expect(verdictOf({ ...figures, gross }, 'kg').is).toBe('within')
})

test.each([
  ['2.589999', '0.000001\u202fkg too little. 2.49 to 2.52\u202fkg is allowed.'],
  ['2.620001', '0.000001\u202fkg too much. 2.49 to 2.52\u202fkg is allowed.'],
])('a gross of %s is refused in words with how much is wrong', (gross, words) => {
  const verdict = verdictOf({ ...figures, gross }, 'kg')
  expect(verdict.is).toBe('outside')
  expect(verdict.words).toContain(words)
})

test.each([
  ['target', '', 'Give how much is wanted.'],
  ['target', '0', 'Target must be above 0.'],
  ['below', '', 'Give how much less'],
  ['above', '-1', 'Allowed above cannot be below 0.'],
  ['tare', '', 'the empty vessel'],
  ['tare', '-0.1', 'Tare cannot be below 0.'],
  ['gross', '2.6 kg', 'Gross: give a number, such as 12.5.'],
  ['gross', '0.1', 'The gross is not above the tare'],
] as const)('%s "%s" is asked for again', (name, typed, words) => {
  expect(verdictOf({ ...figures, [name]: typed }, 'kg')).toMatchObject({
    is: 'lacking',
    at: name,
    words: expect.stringContaining(words),
  })
})

test('keys build a number and no second point; a reading is taken to its last digit', () => {
  expect(['0', '0', '2', '.', '.', '5'].reduce(afterKey, '')).toBe('2.5')
  expect(['.', '5', 'DEL', '7'].reduce(afterKey, '')).toBe('0.7')
  expect(afterKey('12', 'C')).toBe('')
  expect(readingText(0.1 + 0.2)).toBe('0.3')
  expect(readingText(Number.NaN)).toBeUndefined()
})

test('what nobody confirmed within a day stands apart from what waits now', () => {
  const at = (weighedAt: number, confirmedBy: string | null) =>
    ({ weighedAt, confirmedBy, net: decimalOf('1') }) as Weighing
  const day = 86_400_000_000
  const { fresh, stale } = waitingOf([at(3 * day, null), at(3 * day, 'bob'), at(day, null)], 3 * day + 1)
  expect([fresh.length, stale.length]).toEqual([1, 1])
})

test('the target of an order is told only where the bill of material says it for sure', () => {
  const always = { effectiveFrom: null, effectiveTo: null, firstSerial: null, lastSerial: null }
  const line = { position: 10, material: 'SALT', quantity: decimalOf('0.25'), unit: 'kg', alternates: [], ...always }
  const of = (lines: object[]) =>
    askedAmount({ lines } as never, { quantity: decimalOf('10') }, { material: 'SALT' as never, unit: 'kg' })
  expect(of([line, { ...line, quantity: decimalOf('0.1') }])).toBe('3.5')
  expect([of([]), of([{ ...line, unit: 'g' }]), of([{ ...line, effectiveTo: 5 }])]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(
    askedAmount(undefined, { quantity: decimalOf('1') }, { material: 'SALT' as never, unit: 'kg' }),
  ).toBeUndefined()
})
