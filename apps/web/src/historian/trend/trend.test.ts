import type { Id, Instant } from '@throughline/kernel'
import type { TrendSeries } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { readSearch, writeSearch } from '../../search-text.ts'
import { trendCsv } from './trend-csv.ts'
import { instantsOf, lastMsOf, searchOfWindow, trendRequest } from './trend-search.ts'

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

describe('the address of a trend', () => {
  test('a relative window ends now', () => {
    const { window, problem } = trendRequest({ tags: id(1), last: '8h' })
    expect(problem).toBeUndefined()
    const now = 1e15 as Instant
    expect(instantsOf(window, now)).toEqual({ from: now - 8 * 3_600e6, to: now })
  })
  test('a fixed window is kept to the millisecond on the way through the address', () => {
    const window = { fromMs: Date.UTC(2026, 10, 22, 10, 0, 0, 123), toMs: Date.UTC(2026, 10, 22, 11) }
    const search = searchOfWindow(window)
    expect(search).toEqual({ from: '2026-11-22T10:00:00.123Z', to: '2026-11-22T11:00:00.000Z' })
    expect(trendRequest(search).window).toEqual(window)
  })
  test.each([
    ['15m', 900_000],
    ['30d', 30 * 86_400_000],
    ['0h', undefined],
    ['8 hours', undefined],
    ['99999d', undefined],
    ['-1h', undefined],
  ])('%s lasts %s ms', (text, ms) => {
    expect(lastMsOf(text)).toBe(ms)
  })
  test.each([
    [{ last: 'soon' }, 'window'],
    [{ from: '2026-11-22T10:00:00Z' }, 'window'],
    [{ from: '2026-11-22T10:00:00Z', to: '2026-11-22T10:00:00Z' }, 'window'],
    [{ tags: 'temperature' }, 'not tag ids'],
    [{ tags: Array.from({ length: 9 }, (_, n) => id(n)).join() }, 'a trend holds 8'],
  ])('%o is said to be unusable, and the rest is shown', (search, words) => {
    const request = trendRequest(search)
    expect(request.problem).toContain(words)
    expect(request.tagIds.length).toBeLessThanOrEqual(8)
  })
  test('a tag named twice is drawn once', () => {
    expect(trendRequest({ tags: `${id(1)},${id(1)}` }).tagIds).toEqual([id(1)])
  })
  test('the address is readable and comes back as it was', () => {
    const search = { tags: `${id(1)},${id(2)}`, from: '2026-11-22T10:00:00.000Z' }
    const text = writeSearch(search)
    expect(text).toBe(`?tags=${id(1)},${id(2)}&from=2026-11-22T10:00:00.000Z`)
    expect(readSearch(text)).toEqual(search)
    expect(readSearch(writeSearch({ search: 'a&b=c #1 +%' }))).toEqual({ search: 'a&b=c #1 +%' })
    expect(writeSearch({ tags: undefined })).toBe('')
  })
})

describe('a trend as CSV', () => {
  const series = (changes: Partial<TrendSeries>): TrendSeries => ({
    tagId: id(1) as Id<'Tag'>,
    kind: 'raw',
    bucketMs: null,
    at: [1e15 as Instant],
    min: [0.1],
    max: [0.3],
    first: [0.1],
    last: [0.1 + 0.2],
    average: [0.2],
    count: [1],
    gaps: [],
    ...changes,
  })
  const trace = (of: TrendSeries, title = 'a/b/c') => ({
    series: of,
    label: 'c',
    title,
    unit: 'Cel',
    decimals: 1,
    stepped: false,
  })

  test('raw values keep full precision, times are ISO 8601 in UTC, a gap names its tag', () => {
    const gap = { from: (1e15 + 5e6) as Instant, to: (1e15 + 9e6) as Instant }
    expect(trendCsv([trace(series({ gaps: [gap] }))])).toBe(
      'time,a/b/c [Cel],gap_begins\r\n2001-09-09T01:46:40.000000Z,0.30000000000000004,\r\n2001-09-09T01:46:45.000000Z,,a/b/c\r\n',
    )
  })
  test('a bucket has its average, min and max', () => {
    const [head, row] = trendCsv([trace(series({ kind: 'bucket', bucketMs: 1000 }))]).split('\r\n')
    expect(head).toBe('time,a/b/c [Cel] average,a/b/c [Cel] min,a/b/c [Cel] max,gap_begins')
    expect(row).toBe('2001-09-09T01:46:40.000000Z,0.2,0.1,0.3,')
  })
  test('a name with a comma or a quote is quoted', () => {
    expect(trendCsv([trace(series({}), 'a,"b"')]).split('\r\n')[0]).toBe('time,"a,""b"" [Cel]",gap_begins')
  })
})
