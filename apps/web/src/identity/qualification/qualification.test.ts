import type { Instant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { isDueSoon, unusable } from '../../equipment/asset/asset-words.ts'
import { endsSoon, standing } from './qualification-words.ts'

const day = 86_400_000_000
const at = (days: number): Instant => (days * day) as Instant
const revoked = { at: at(50), by: 'quality', reason: 'failed the repeat test' }

test('a qualification holds from its beginning up to its end, and not once it is revoked, whatever the clock of the page', () => {
  const held = { validFrom: at(10), validTo: at(100), revoked: null }
  expect([9, 10, 99, 100].map((days) => standing(held, at(days)))).toEqual(['later', 'holds', 'holds', 'over'])
  expect([49, 50].map((days) => standing({ ...held, revoked }, at(days)))).toEqual(['revoked', 'revoked'])
  expect(standing({ ...held, validTo: null }, at(9999))).toBe('holds')
  expect([69, 71, 100].map((days) => endsSoon(held, at(days)))).toEqual([false, true, false])
})

test('a gauge is closed by its state, its last result and its date, and told two weeks before', () => {
  const gauge = {
    ...{ state: 'in-service' as const, needsCalibration: true, outOfTolerance: false },
    ...{ calibratedAt: at(0), calibrationDueAt: at(365) },
  }
  expect(unusable(gauge, at(364))).toBeUndefined()
  expect(unusable(gauge, at(365))).toBe('calibration is over')
  expect(unusable({ ...gauge, outOfTolerance: true }, at(1))).toBe('found out of tolerance')
  expect(unusable({ ...gauge, calibratedAt: null, calibrationDueAt: null }, at(1))).toBe('never calibrated')
  expect(unusable({ ...gauge, needsCalibration: false, calibratedAt: null }, at(1))).toBeUndefined()
  expect(unusable({ ...gauge, state: 'out-of-service' }, at(1))).toBe('out of service')
  expect([350, 352, 366].map((days) => isDueSoon(gauge, at(days)))).toEqual([false, true, false])
})
