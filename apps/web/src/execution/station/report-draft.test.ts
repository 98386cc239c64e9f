import type { RunPiece } from '@throughline/model'
import { expect, test } from 'vitest'
import { sentBackTexts } from './pieces.ts'
import { amountOf, areTold, emptyReport, reportOf, reportWords, stepped, withAmount, withMark } from './report-draft.ts'

const piece = (id: string, quantity = '1') =>
  ({ id, code: `C-${id}`, quantity, state: 'to-do', waitsFor: [] }) as unknown as RunPiece
const serials = ['a', 'b', 'c'].map((id) => piece(id))
const one = [piece('a', '40')]
const lots = [piece('a', '36'), piece('b', '4')]
const report = (typed: Partial<Record<'good' | 'scrap' | 'rework', string>>, more: object = {}) => ({
  ...emptyReport,
  amounts: { ...emptyReport.amounts, ...typed },
  ...more,
})
const reasons = { scrap: 'torn', rework: 'edge too long' }

test('good, scrap and rework go in one report, serials by their names', () => {
  const marked = [
    ['a', 'good'],
    ['b', 'scrap'],
    ['c', 'rework'],
  ] as const
  const draft = marked.reduce((now, [id, verdict]) => withMark(now, id, verdict, 'scanned'), {
    ...emptyReport,
    reasons,
  })
  expect(areTold(serials)).toBe(true)
  expect(reportOf(draft, serials, undefined)).toEqual({
    good: '1',
    goodPieces: ['a'],
    scrap: [{ quantity: '1', lotId: 'b', reasonId: null, reason: 'torn' }],
    rework: [{ quantity: '1', lotId: 'c', reason: 'edge too long' }],
  })
  expect(reportWords(draft, serials)).toBe('1 good, 1 scrap, 1 rework')
})

test('a piece that is touched again is taken back, one that is scanned again stays; an amount by hand takes the place of marks', () => {
  const scrapped = withMark(emptyReport, 'a', 'scrap', 'scanned')
  expect(withMark(scrapped, 'a', 'scrap', 'scanned').marks).toEqual({ a: 'scrap' })
  expect(withMark(scrapped, 'a', 'rework', 'touched').marks).toEqual({ a: 'rework' })
  expect(withMark(scrapped, 'a', 'scrap', 'touched').marks).toEqual({})
  const good = withMark(withMark(scrapped, 'b', 'good', 'touched'), 'c', 'good', 'touched')
  expect(amountOf(good, serials, 'good')).toBe('2')
  const typed = withAmount(good, 'good', '1')
  expect([amountOf(typed, serials, 'good'), typed.marks]).toEqual(['1', { a: 'scrap' }])
  expect(amountOf(stepped(good, serials, 'good', 1), serials, 'good')).toBe('3')
  expect(amountOf(stepped(emptyReport, serials, 'scrap', -1), serials, 'scrap')).toBe('0')
})

test('an amount of the one lot needs no name; of several lots each says which', () => {
  expect(reportOf(report({ good: '30', scrap: '1,5', rework: '2' }, { reasons }), one, undefined)).toEqual({
    good: '30',
    goodPieces: [],
    scrap: [{ quantity: '1.5', lotId: null, reasonId: null, reason: 'torn' }],
    rework: [{ quantity: '2', lotId: null, reason: 'edge too long' }],
  })
  const chosen = { lots: { scrap: 'a', rework: 'b' }, reasons }
  expect(reportOf(report({ scrap: '1', rework: '4' }, chosen), lots, { id: 'r', text: 'Torn' })).toMatchObject({
    scrap: [{ quantity: '1', lotId: 'a', reasonId: 'r', reason: 'Torn' }],
    rework: [{ quantity: '4', lotId: 'b' }],
  })
})

test.each([
  [{}, {}, one, 'Give how much is good, scrap or rework.'],
  [{ good: 'some' }, {}, one, 'Give the quantity as a number, such as 12.5.'],
  [{ scrap: '1' }, {}, one, 'Say why it is scrap.'],
  [{ rework: '1' }, { reasons: { scrap: 'x', rework: 'no' } }, one, 'Say what is wrong with what goes back.'],
  [{ scrap: '1' }, { reasons }, lots, 'Say which piece is scrap.'],
  [{ rework: '1' }, { reasons }, lots, 'Say which piece is to be done again.'],
] as const)('a report of %j with %j is not sent before it says enough', (typed, more, there, problem) => {
  expect(reportOf(report(typed, more), there, undefined)).toEqual({ problem })
})

test('why pieces come again is told once for each reason, with their codes', () => {
  const by = { sequence: 30, name: 'Trim' }
  const back = (lotId: string, reason: string) => ({ lotId, reason, by }) as never
  expect(sentBackTexts([back('a', 'too long'), back('b', 'too long'), back('x', 'dull')], serials)).toEqual([
    'Sent back from 30 Trim: too long (C-a, C-b)',
    'Sent back from 30 Trim: dull',
  ])
})
