import { DomainError } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { ProblemNotice } from '../notice/ProblemNotice.tsx'
import { machineStateOf, placeSpans } from '../state/machine-state.ts'
import { QualityMark } from './QualityMark.tsx'
import { lineStateOf, qualityStateOf } from './quality-state.ts'
import { statusText } from './status-text.ts'

describe('how far a value may be trusted', () => {
  test.each([
    [statusCode.good, 'live', 'good'],
    [statusCode.uncertain, 'live', 'uncertain'],
    [statusCode.uncertainLastUsable, 'live', 'stale'],
    [statusCode.badNotConnected, 'live', 'bad'],
    [statusCode.good, 'stale', 'stale'],
    [statusCode.good, 'offline', 'stale'],
    [statusCode.badNotConnected, 'offline', 'bad'],
  ] as const)('status %s on a %s line is %s', (status, line, quality) => {
    expect(qualityStateOf({ status }, line)).toBe(quality)
  })
  test('what never came is missing, not good', () => {
    expect(qualityStateOf(undefined, 'live')).toBe('missing')
  })
  test('a line is stale before, and offline from, four seconds of silence', () => {
    expect([undefined, 0, 2999, 3000, 3999, 4000].map(lineStateOf)).toEqual([
      'offline',
      'live',
      'live',
      'stale',
      'stale',
      'offline',
    ])
  })
  test('a status is said in words; info bits do not hide its meaning; an unknown one keeps its number', () => {
    expect(statusText(statusCode.badNotConnected)).toContain('not connected')
    expect(statusText((statusCode.badNotConnected | 0x480) >>> 0)).toContain('not connected')
    expect(statusText(0x80990000)).toBe('Bad (0x80990000)')
  })
  test('a good value has no mark; any other has a word to hear', () => {
    expect(renderToStaticMarkup(<QualityMark quality="good" />)).toBe('')
    expect(renderToStaticMarkup(<QualityMark quality="uncertain" status={statusCode.uncertain} />)).toContain(
      'uncertain',
    )
  })
})

describe('machine states', () => {
  test('PackML names have a state whatever their case; other words have none', () => {
    expect(machineStateOf('EXECUTE')).toBe('running')
    expect(machineStateOf('Held')).toBe('down')
    expect(machineStateOf('BRK-100')).toBeUndefined()
  })
  test('spans are cut at the ends of the strip and left out beyond them', () => {
    const span = (from: number, to: number) => ({ from, to, state: 'running' as const, label: 'Execute' })
    const placed = placeSpans([span(-50, 25), span(50, 150), span(200, 300)], 0, 100)
    expect(placed.map(({ left, width }) => [left, width])).toEqual([
      [0, 0.25],
      [0.5, 0.5],
    ])
  })
})

describe('a problem', () => {
  test('[SR-3.7] says what failed, why, every field, what to do, and the reference to quote', () => {
    const error = new DomainError('invalid', 'platform.input-invalid', 'The input is not valid', {
      instance: 'req-7',
      fields: [{ path: 'limit', message: 'must be positive' }],
    })
    const html = renderToStaticMarkup(<ProblemNotice what="The tags could not be listed" error={error} />)
    for (const part of ['The tags could not be listed', 'limit: must be positive', 'Correct what is named', 'req-7']) {
      expect(html).toContain(part)
    }
  })
  test('an error that is no domain error is owned as a fault of the page', () => {
    expect(renderToStaticMarkup(<ProblemNotice what="It failed" error={new Error('boom')} />)).toContain(
      'fault of the page',
    )
  })
})
