import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { AnalogIndicator } from '../indicator/AnalogIndicator.tsx'
import type { QualityState } from '../quality/quality-state.ts'
import { AlarmMark } from './AlarmMark.tsx'

describe('the mark of an alarm', () => {
  test('an unacknowledged one says so in words, not by blinking alone; and its number stands beside the shape', () => {
    const text = renderToStaticMarkup(<AlarmMark priority={1} unacknowledged />)
    expect(text).toContain('aria-label="Priority 1, not acknowledged"')
    expect(text).toContain('data-unacknowledged="true"')
    expect(text).toMatch(/aria-hidden="true">1<\/span>/)
  })
  test('an acknowledged one stands still', () => {
    expect(renderToStaticMarkup(<AlarmMark priority={2} />)).toContain('data-unacknowledged="false"')
  })
  test('a hidden one has no colour of a priority, only a grey outline with the letter S', () => {
    const text = renderToStaticMarkup(<AlarmMark priority={1} unacknowledged hidden />)
    expect(text).not.toContain('tl-alarm-1')
    expect(text).not.toContain('data-unacknowledged')
    expect(text).toMatch(/>S<\/span>/)
  })
})

describe('an indicator whose tag has an alarm', () => {
  const drawn = (quality: QualityState): string =>
    renderToStaticMarkup(
      <AnalogIndicator
        name="Conductivity"
        value={50}
        figure={50}
        unit="uS/cm"
        decimals={1}
        range={{ rangeLow: 0, rangeHigh: 100, normalLow: 20, normalHigh: 80 }}
        quality={quality}
        spark={[]}
        sparkTo={undefined}
        alarm={{ priority: 1, unacknowledged: true, words: 'Conductivity is high' }}
      />,
    )
  const shapes = (text: string): number => text.split('var(--tl-alarm-1)').length - 1
  test('draws its shape at the pointer and beside its words, also within the normal band', () => {
    expect(shapes(drawn('good'))).toBe(2)
    expect(drawn('good')).toContain('Conductivity is high')
  })
  test('draws no alarm at a pointer that cannot be trusted, and still names the alarm', () => {
    expect(shapes(drawn('stale'))).toBe(1)
    expect(drawn('stale')).toContain('Conductivity is high')
  })
})
