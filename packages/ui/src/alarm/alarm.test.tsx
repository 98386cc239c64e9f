import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
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
