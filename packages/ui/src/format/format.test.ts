import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import { describe, expect, test } from 'vitest'
import { valueText } from './NumberText.tsx'
import { decimalsOfStep, formatNumber, formatWhole } from './number.ts'
import { formatDuration, formatInstant, zoneOffsetMin } from './time.ts'
import { unitLabel } from './unit-label.ts'

describe('numbers', () => {
  test('have fixed decimals, thin-space groups and a true minus', () => {
    expect(formatNumber(1234.5, 2, 'en')).toBe('1\u202f234.50')
    expect(formatNumber(-40, 1, 'en')).toBe('−40.0')
    expect(formatNumber(1234567.891, 1, 'de')).toBe('1\u202f234\u202f567,9')
  })
  test('never show float noise: a rounded zero has no sign', () => {
    expect(formatNumber(-0.0001, 2, 'en')).toBe('0.00')
    expect(formatNumber(-0.006, 2, 'en')).toBe('−0.01')
  })
  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is shown as missing', (value) => {
    expect(formatNumber(value, 2, 'en')).toBe('—')
  })
  test('a 64-bit integer keeps every digit', () => {
    expect(formatWhole(-9223372036854775808n)).toBe('−9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808')
    expect(valueText('9007199254740993', 0, 'int64')).toBe('9\u202f007\u202f199\u202f254\u202f740\u202f993')
  })
  test('a value of any type has its text, and none has a dash', () => {
    expect(valueText(true, 0, 'boolean')).toBe('Yes')
    expect(valueText('Execute', 0, 'string')).toBe('Execute')
    expect(valueText(null, 2, 'double')).toBe('—')
    expect(valueText(undefined, 2, 'double')).toBe('—')
  })
  test.each(['0007', '1002', '-5'])('the text "%s" is shown as it was captured, not as a number', (text) => {
    expect(valueText(text, 0, 'string')).toBe(text)
  })
  test('an empty text says that it is empty', () => {
    expect(valueText('', 0, 'string')).toBe('(empty)')
  })
  test.each([
    [0.05, 2],
    [0.5, 1],
    [1, 0],
    [20, 0],
    [0.001, 3],
  ])('a scale in steps of %d needs %d decimals', (step, decimals) => {
    expect(decimalsOfStep(step)).toBe(decimals)
  })
})

describe('unit labels', () => {
  test.each([
    ['Cel', '°C'],
    ['1', ''],
    ['%', '%'],
    ['m3/h', 'm³/h'],
    ['uS/cm', 'µS/cm'],
    ['[pH]', 'pH'],
    ['/min', '1/min'],
    ['{part}', 'part'],
    ['{vial}/min', 'vial/min'],
    ['kW.h', 'kW·h'],
    ['10*6/mL', '10⁶/mL'],
    ['m.s-2', 'm·s⁻²'],
    ['mm[Hg]', 'mmHg'],
  ])('%s is read as "%s"', (code, label) => {
    expect(unitLabel(code)).toBe(label)
  })
})

describe('time', () => {
  const at = fromMs(Date.UTC(2026, 10, 22, 11, 47, 3))

  test('a record names day, month in letters, seconds and offset', () => {
    expect(formatInstant(at, 'record', 'Europe/Berlin')).toBe('22 Nov 2026 12:47:03 UTC+01:00')
    expect(formatInstant(at, 'record', 'UTC')).toBe('22 Nov 2026 11:47:03 UTC+00:00')
    expect(formatInstant(at, 'record', 'America/St_Johns')).toBe('22 Nov 2026 08:17:03 UTC-03:30')
  })
  test('clocks run to 24 h, and midnight is 00:00', () => {
    expect(formatInstant(fromMs(Date.UTC(2026, 10, 22, 23, 0)), 'minute', 'Europe/Berlin')).toBe('00:00')
    expect(formatInstant(fromMs(Date.UTC(2026, 10, 22, 14, 5, 9)), 'second', 'UTC')).toBe('14:05:09')
  })
  test('both hours of a daylight-saving fold are told apart by their offset', () => {
    const summer = fromMs(Date.UTC(2026, 9, 25, 0, 30))
    const winter = fromMs(Date.UTC(2026, 9, 25, 1, 30))
    expect(formatInstant(summer, 'record', 'Europe/Berlin')).toBe('25 Oct 2026 02:30:00 UTC+02:00')
    expect(formatInstant(winter, 'record', 'Europe/Berlin')).toBe('25 Oct 2026 02:30:00 UTC+01:00')
  })
  test('every month has three letters', () => {
    expect(formatInstant(fromMs(Date.UTC(2026, 8, 1)), 'day', 'UTC')).toBe('1 Sep 2026')
  })
  test.each([
    [4000, '4 s'],
    [19 * 60_000, '19 min'],
    [65 * 60_000, '1 h 05 min'],
    [(3 * 24 + 4) * 3_600_000, '3 d 04 h'],
    [-5, '0 s'],
  ])('%d ms last %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
  test('offsets west of Greenwich are negative', () => {
    expect(zoneOffsetMin(at / 1000, 'America/New_York')).toBe(-300)
    expect(zoneOffsetMin((at as Instant) / 1000, 'Asia/Kolkata')).toBe(330)
  })
})
