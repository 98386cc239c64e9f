import { expect, test } from 'vitest'
import { differencesOf, fieldsOf } from './difference.ts'
import { readOperation } from './wording.ts'

test('only the fields that differ are told, inner ones by their path', () => {
  const before = { id: 'a', limits: { low: 1, high: 2 }, list: [1, 2], gone: true }
  const after = { list: [1, 2, 3], limits: { high: 3, low: 1 }, id: 'a', come: '' }
  expect(differencesOf(before, after)).toEqual([
    { field: 'come', before: '—', after: '(empty text)' },
    { field: 'gone', before: 'true', after: '—' },
    { field: 'limits.high', before: '2', after: '3' },
    { field: 'list', before: '[1,2]', after: '[1,2,3]' },
  ])
})

test('of a row that came or went, everything that it held is told', () => {
  expect(differencesOf(null, { id: 'a', note: null })).toEqual([{ field: 'id', before: '—', after: 'a' }])
  expect(differencesOf({ id: 'a' }, null)).toEqual([{ field: 'id', before: 'a', after: '—' }])
})

test('an instant is shown as the time that it is, beside what was captured', () => {
  const at = 1_795_000_000_000_001
  expect(fieldsOf({ started_at: at, weight: at })).toEqual([
    ['started_at', `18 Nov 2026 11:06:40.000001 UTC (${at})`],
    ['weight', String(at)],
  ])
})

test('an operation reads as what was done to what', () => {
  expect(readOperation('execution.batch.record-quantity')).toEqual({ what: 'Record quantity', on: 'execution batch' })
  expect(readOperation('odd')).toEqual({ what: 'Odd', on: '' })
})
