import type { Instant } from '@throughline/kernel'
import { parseInstant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { localTime, localTimeText } from './local-time.ts'

const at = (iso: string): Instant => parseInstant(iso) as Instant

test.each([
  ['2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29T01:59:59+01:00'],
  ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00:00+02:00'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+02:00'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+01:00'],
  ['2026-11-22T11:47:03Z', 'America/St_Johns', '2026-11-22T08:17:03-03:30'],
  ['2026-11-22T11:47:03Z', 'Asia/Kolkata', '2026-11-22T17:17:03+05:30'],
  ['2026-11-22T23:00:00Z', 'Europe/Berlin', '2026-11-23T00:00:00+01:00'],
  ['2026-11-22T11:47:03Z', 'UTC', '2026-11-22T11:47:03+00:00'],
])('[A11-14-1] %s in %s is %s', (utc, zone, local) => {
  expect(localTime(at(utc), zone)).toBe(local)
  expect(parseInstant(local), 'the offset leads back to the very instant').toBe(at(utc))
})

test('[A11-14-1] people read both hours of a change from summer time apart', () => {
  expect(localTimeText(at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('25 Oct 2026 02:30:00 UTC+02:00')
  expect(localTimeText(at('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('25 Oct 2026 02:30:00 UTC+01:00')
})
