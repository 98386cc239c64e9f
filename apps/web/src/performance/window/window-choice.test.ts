import type { Instant } from '@throughline/kernel'
import { parseInstant, toIso } from '@throughline/kernel'
import type { Shift } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { ContextSearch, dayStart, localInstant, localText, shownWindow } from './window-choice.ts'

const zone = 'Europe/Berlin'
function at(text: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw new Error(`"${text}" is no time`)
  return instant
}
const shift = (name: string, from: string, to: string): Shift => ({
  name,
  date: from.slice(0, 10),
  timeZone: zone,
  from: at(from),
  to: at(to),
  breaks: [],
})
const shifts = [
  shift('Early', '2026-11-22T05:00Z', '2026-11-22T13:00Z'),
  shift('Late', '2026-11-22T13:00Z', '2026-11-22T21:00Z'),
]
const ends = ({ window }: { window: { from: Instant; to: Instant } }) =>
  [window.from, window.to].map((end) => toIso(end).slice(0, 16))

describe('a chosen window', () => {
  test('of the running shift ends now', () => {
    const shown = shownWindow({}, shifts, zone, at('2026-11-22T14:30Z'))
    expect(ends(shown)).toEqual(['2026-11-22T13:00', '2026-11-22T14:30'])
    expect([shown.label, shown.following, shown.note]).toEqual(['This shift: Late', true, undefined])
  })
  test('of the last shift is whole', () => {
    const shown = shownWindow({ window: 'last-shift' }, shifts, zone, at('2026-11-22T14:30Z'))
    expect(ends(shown)).toEqual(['2026-11-22T05:00', '2026-11-22T13:00'])
    expect(shown.following).toBe(false)
  })
  test('where no shift runs is the last one, and says so', () => {
    const shown = shownWindow({ window: 'shift' }, shifts, zone, at('2026-11-22T23:30Z'))
    expect(ends(shown)).toEqual(['2026-11-22T13:00', '2026-11-22T21:00'])
    expect(shown.note).toContain('No shift runs now')
  })
  test('without any shift is the local day, and says so', () => {
    const shown = shownWindow({}, [], zone, at('2026-11-22T23:30Z'))
    expect(ends(shown)).toEqual(['2026-11-22T23:00', '2026-11-22T23:30'])
    expect(shown.note).toContain('No shift is planned')
  })
  test('of its own is as the address says; one that makes no sense is told, not guessed', () => {
    const search = { window: 'custom', from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' } as const
    expect(ends(shownWindow(search, [], zone, at('2026-11-22T12:00Z')))).toEqual([
      '2026-11-20T00:00',
      '2026-11-21T00:00',
    ])
    const wrong = shownWindow({ ...search, to: 'soon' }, [], zone, at('2026-11-22T12:00Z'))
    expect(wrong.note).toContain('no beginning before its end')
  })
  test('a hand-written address with an unknown window is read as none', () => {
    expect(ContextSearch.parse({ window: 'fortnight', node: 'aurora/bio' })).toEqual({ node: 'aurora/bio' })
  })
})

describe('a local day', () => {
  test('of the night when the clock goes back is 25 hours long', () => {
    const shown = shownWindow({ window: 'yesterday' }, [], zone, at('2026-10-26T09:00Z'))
    expect(ends(shown)).toEqual(['2026-10-24T22:00', '2026-10-25T23:00'])
  })
  test('begins at the midnight before the change, asked in the hours after it', () => {
    expect(toIso(dayStart(at('2026-03-29T12:00Z'), zone)).slice(0, 16)).toBe('2026-03-28T23:00')
  })
})

describe('a local time in a field', () => {
  test.each(['2026-11-22 14:05', '2026-07-01 00:00', '2026-10-25 12:00', '2026-03-29 12:00'])(
    '%s comes back as it was',
    (text) => {
      const instant = localInstant(text, zone)
      expect(instant === undefined ? undefined : localText(instant, zone)).toBe(text)
    },
  )
  test('the hour that comes twice is the first one; an empty field is no time', () => {
    expect(toIso(localInstant('2026-10-25T02:30', zone) ?? (0 as Instant)).slice(0, 16)).toBe('2026-10-25T00:30')
    expect(localInstant('', zone)).toBeUndefined()
    expect(localInstant('22.11.2026 14:05', zone)).toBeUndefined()
    expect(localInstant('2026-11-22 25:00', zone)).toBeUndefined()
  })
})
