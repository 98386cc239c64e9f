import type { Instant } from '@throughline/kernel'
import { decimalOf, plusMs } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lotMadeAt } from '../testing/lot.ts'
import { checkIssuable } from './issue.ts'
import { joinClocks, outLifeAt, outLifeOf, startClock, turnClock, usedUsAt } from './out-life.ts'

const at = 1_795_334_400_000_000 as Instant
const hours = (count: number): Instant => plusMs(at, count * 3_600_000)

const lot = (changes: Partial<Lot> = {}): Lot => lotMadeAt(at, changes)
const out = (usedHours: number, outSince: Instant | null = at) => ({
  outLife: { limitSeconds: 240 * 3600, usedSeconds: usedHours * 3600, outSince, at },
})

test.each<[string, Partial<Lot>, Instant, string[]]>([
  [
    'a good lot',
    { expiresAt: hours(1), certificateNeeded: true, certificate: { number: 'C', document: null } },
    at,
    [],
  ],
  ['one under an open deviation', { openDeviations: ['DEV-1'] }, at, []],
  [
    'one in quarantine',
    { status: 'quarantine', statusReason: 'new' },
    at,
    ['PP-2291 is in quarantine (new): take another lot, or let quality make it available'],
  ],
  [
    'a blocked one',
    { status: 'blocked', statusReason: 'torn' },
    at,
    ['PP-2291 is blocked (torn): take another lot, or let quality make it available'],
  ],
  [
    'a rejected one',
    { status: 'rejected', statusReason: 'torn' },
    at,
    ['PP-2291 is rejected (torn): take another lot'],
  ],
  ['an empty one', { quantity: decimalOf(0) }, at, ['Nothing is left of PP-2291: take another lot, or count it']],
  ['one just before its expiry', { expiresAt: hours(1) }, (hours(1) - 1) as Instant, []],
  ['one at its expiry', { expiresAt: at }, at, ['PP-2291 expired at 2026-11-22 08:00 UTC: take another lot']],
  ['one that was out as long as it may', out(239), hours(1), []],
  [
    'one that was out a moment longer',
    out(239),
    (hours(1) + 1) as Instant,
    ['PP-2291 was out for 240 h of 240 h: take another lot'],
  ],
  ['one that is out too long', out(241, null), hours(500), ['PP-2291 was out for 241 h of 240 h: take another lot']],
  [
    'one without its certificate',
    { certificateNeeded: true },
    at,
    ["PP-2291 came without its supplier's certificate: get the certificate, or take another lot"],
  ],
])('%s: every reason in words', (_words, changes, when, messages) => {
  expect(checkIssuable(lot(changes), when).map(({ message }) => message)).toEqual(messages)
})

test('several reasons are all told, each of its kind', () => {
  const bad = lot({ status: 'quarantine', expiresAt: at, certificateNeeded: true, ...out(300) })
  const kinds = checkIssuable(bad, at).map(({ kind }) => kind)
  expect(kinds).toEqual(['material-status', 'material-expiry', 'out-life', 'certificate'])
})

test('[AS-8.5.2-2] however often a lot is taken out and put back, its out-life is exactly the sum of its times out', () => {
  const stays = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 1_000_000_000_000 })), { maxLength: 60 })
  fc.assert(
    fc.property(stays, fc.integer({ min: 0, max: 1e9 }), (told, before) => {
      let clock = { ...startClock(3600, 0, at), usedUs: before }
      let [now, expected, isOut] = [at, before, true]
      for (const [cold, us] of told) {
        clock = turnClock(clock, cold, now) ?? clock
        isOut = !cold
        now = (now + us) as Instant
        expected += isOut ? us : 0
      }
      expect(usedUsAt(clock, now)).toBe(expected)
      // As others see it at one instant and reckon on to another, it is the same.
      const seen = { outLife: outLifeOf(clock, now) }
      const later = (now + 123_456) as Instant
      expect(outLifeAt(seen, later)?.usedSeconds).toBe(usedUsAt(clock, later) / 1e6)
    }),
  )
})

test('of lots put together the strictest limit and the longest time out hold', () => {
  const resting = { limitUs: 100, usedUs: 50, since: null, changedAt: at }
  const running = { limitUs: 200, usedUs: 10, since: at, changedAt: at }
  const later = (at + 100) as Instant
  expect(joinClocks([resting, running], later)).toEqual({ limitUs: 100, usedUs: 110, since: later, changedAt: later })
  expect(joinClocks([], later)).toBeNull()
})
