import { describe, expect, test } from 'vitest'
import type { LotUsed } from './as-built-words.ts'
import {
  boughtLots,
  checkText,
  entryText,
  limitsText,
  loadedText,
  madeParts,
  sealText,
  withinText,
  withUnit,
} from './as-built-words.ts'

const hash = (digit: string): string => digit.repeat(64)
const used = (code: string, depth: number, isRaw: boolean): LotUsed =>
  ({ id: code, code, depth, isRaw, certificate: null }) as unknown as LotUsed

describe('an as-built record in words', () => {
  test('numbers stay as they were captured, with their unit', () => {
    expect(withUnit(-0.10000000000000001, 'mm')).toBe('−0.1\u202fmm')
    expect(withUnit(3, null)).toBe('3')
    expect(withUnit(3, '1')).toBe('3')
  })

  test('limits are told as people say them', () => {
    expect(limitsText(20, 30, 'mbar')).toBe('20 to 30\u202fmbar')
    expect(limitsText(null, 30, 'mbar')).toBe('at most 30\u202fmbar')
    expect(limitsText(-20, null, null)).toBe('at least −20')
    expect(limitsText(null, null, 'mbar')).toBe('—')
    expect([true, false, null].map(withinText)).toEqual(['within', 'OUTSIDE', '—'])
  })

  test('every type of entry has its words', () => {
    const limits = { low: null, high: 20, unit: 'mbar' }
    const text = (value: Parameters<typeof entryText>[0]['value']): string => entryText({ value, limits })
    expect([
      text({ type: 'read' }),
      text({ type: 'check', done: false }),
      text({ type: 'number', value: 34, gauge: null }),
      text({ type: 'scan', code: 'PP-1', quantity: '2.5' as never }),
      text({ type: 'table', rows: [{ ply: 1, angle: null }] }),
      text({ type: 'timer', startedAt: 0 as never, endedAt: 90_000_000 as never }),
      text({ type: 'tag', value: null, at: 0 as never }),
      text({ type: 'photo', blob: hash('a') }),
    ]).toEqual([
      ...[
        'read',
        'not done',
        '34\u202fmbar',
        'PP-1, 2.5\u202fmbar',
        'ply 1, angle —',
        '90\u202fs',
        'no usable reading',
      ],
      'photo aaaaaaaaaaaa',
    ])
  })

  test('the loaded program is held against the released one, and a seal tells why it was made', () => {
    const loaded = { name: '7.NC', sha256: null, at: 0 as never }
    expect(loadedText({ loaded: null, verdict: null })).toBe('what was loaded is not known')
    expect(loadedText({ loaded, verdict: null })).toBe('7.NC was loaded')
    expect(loadedText({ loaded, verdict: 'other' })).toBe('7.NC was loaded, NOT the released one')
    expect(checkText({ occasion: 'start', loaded, verdict: 'other' })).toBe(
      'Gate at the start: 7.NC, NOT the released one',
    )
    expect(checkText({ occasion: 'resume', loaded: null, verdict: 'unknown' })).toBe(
      'Gate when it went on: which program was loaded is not known',
    )
    expect(sealText({ version: 2, cause: 'late', samples: 9, sha256: hash('a') })).toBe(
      'seal 2, after late readings: 9 readings, aaaaaaaaaaaa…',
    )
  })

  test('what was made here is told apart from what was bought, nearest first', () => {
    const lots = [used('BOX', 0, false), used('BAR', 2, true), used('SUB', 2, false), used('COVER', 1, false)]
    const made = { genealogy: { lots } } as never
    expect(madeParts(made).map(({ code }) => code)).toEqual(['COVER', 'SUB'])
    expect(boughtLots(made).map(({ code }) => code)).toEqual(['BAR'])
  })
})
