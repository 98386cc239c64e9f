import { expect, test } from 'vitest'
import type { CharacteristicRow } from './characteristics.ts'
import { emptyRow, lookedAt, plannedOf, readRows, rowsOf, typedValue, withinRow } from './characteristics.ts'

const bore = { characteristic: 'BORE-3.DIA', name: 'Bore', unit: 'mm', nominal: 8, low: 7.98, high: 8.02 }
const [row] = rowsOf([bore], 1) as [CharacteristicRow]

test('the plan gives what a person measures: parameters without a signal, and the numbers of the instruction, each once', () => {
  const parameter = { unit: 'bar', low: 1, target: 2, high: 3, critical: false }
  const step = { key: 'gap', title: { en: 'Gap' }, ask: { type: 'number', unit: 'mm', low: 0, high: 0.2, decimals: 2 } }
  const planned = plannedOf(
    {
      parameters: [
        { ...parameter, name: 'pressure', tag: null },
        { ...parameter, name: 'heat', tag: 'temperature' },
      ],
    },
    { steps: [step, { ...step, key: 'Pressure' }, { ...step, key: 'look', ask: { type: 'check' } }] } as never,
  )
  expect(planned).toEqual([
    { characteristic: 'pressure', name: '', unit: 'bar', nominal: 2, low: 1, high: 3 },
    { characteristic: 'gap', name: 'Gap', unit: 'mm', nominal: null, low: 0, high: 0.2 },
  ])
  expect(plannedOf(undefined, undefined)).toEqual([])
})

test('an inspection like an earlier one looks at the same, and takes no value over', () => {
  const result = { ...bore, measured: 8.5, status: 'fail' as const, within: false }
  const rows = rowsOf(lookedAt({ results: [result, result] }), 4)
  expect(rows).toMatchObject([{ id: 4, planned: true, low: '7.98', high: '8.02', measured: '' }])
})

test.each([
  ['8.02', true, 'pass'],
  ['7,98', true, 'pass'],
  ['8.0201', false, 'fail'],
] as const)('%s is judged by its limits, both included, as the plant will', (measured, within, status) => {
  expect(withinRow({ ...row, measured })).toBe(within)
  expect(readRows([{ ...row, measured, judged: 'pass' }])).toMatchObject({ results: [{ status }] })
})

test('without limits or a value a person judges; what is left empty is recorded as not known', () => {
  const judged = { ...emptyRow(2), characteristic: 'Surface', judged: 'fail' as const }
  expect(readRows([row, judged])).toMatchObject({
    results: [
      { characteristic: 'BORE-3.DIA', measured: null, status: 'unknown' },
      { characteristic: 'Surface', unit: null, status: 'fail' },
    ],
  })
})

test.each([
  [[], 'Add at least one'],
  [[row], 'Nothing is measured or judged yet.'],
  [[{ ...row, measured: '8 mm' }], 'BORE-3.DIA: what was measured is no number'],
  [[{ ...row, low: '9', measured: '8' }], 'the low limit lies above'],
  [[row, { ...emptyRow(2), measured: '1' }], 'Line 2: give the characteristic'],
])('what cannot be recorded is asked for in words, %#', (rows, words) => {
  expect(readRows(rows)).toEqual({ problem: expect.stringContaining(words) })
})

test('numbers are read as people type them, and never guessed', () => {
  expect(['', ' 8,5 ', '−2', '.5', '1e3', '0x10', 'NaN'].map(typedValue)).toEqual([
    ...[null, 8.5, -2, 0.5, undefined, undefined, undefined],
  ])
})
