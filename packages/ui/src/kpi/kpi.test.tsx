import type { KpiDefinition } from '@throughline/model'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { KpiCard } from './KpiCard.tsx'
import { kpiDifference, kpiRangeText, kpiText } from './kpi-text.ts'

const oee: KpiDefinition = {
  id: 'oee',
  name: 'OEE index',
  formula: 'A × E × Q',
  unit: '%',
  clause: 'ISO 22400-2:2014, 8.1',
  better: 'higher',
  explanation: 'How much of the planned time made good parts.',
}
const plain = (text: string | undefined | null): string | undefined | null => text?.replaceAll('\u202f', ' ')

test.each([
  [0.853, '%', '85.3 %'],
  [1.2, '%', '120.0 %'],
  [0, '%', '0.0 %'],
  [5400, 's', '1 h 30 min'],
  [null, '%', '—'],
])('%s %s reads %s', (value, unit, text) => {
  expect(plain(kpiText(value, unit))).toBe(text)
})
test('a figure with missing data says between which it lies; a sure one does not', () => {
  expect(plain(kpiRangeText({ low: 0.6, high: 0.745 }, '%'))).toBe('between 60.0 % and 74.5 %')
  expect(kpiRangeText({ low: 0.6, high: 0.6 }, '%')).toBeUndefined()
  expect(kpiRangeText({ low: null, high: null }, '%')).toBeUndefined()
})
test('ratios differ in points, and nothing is said where one is missing', () => {
  expect(plain(kpiDifference(0.8, 0.75, '%'))).toBe('+5.0 pt')
  expect(plain(kpiDifference(0.7, 0.75, '%'))).toBe('−5.0 pt')
  expect(kpiDifference(null, 0.75, '%')).toBeNull()
})
test('[KPI-4] without a base the card shows no number, and says why; the definition stands behind it', () => {
  const value = { id: 'oee', value: null, low: null, high: null, note: 'no planned busy time' }
  const html = renderToStaticMarkup(<KpiCard definition={oee} value={value} />)
  expect(html).toContain('—')
  expect(html).toContain('no planned busy time')
  expect(html).not.toContain('0.0')
  for (const text of ['A × E × Q', 'ISO 22400-2:2014, 8.1', 'How much of the planned time'])
    expect(html).toContain(text)
})
