import { expect, test } from 'vitest'
import { cardMm, cssPxPerMm, isPlausibleScale, screenScale } from './screen-scale.ts'

test('a card matched on a tablet gives the pixels of a millimetre, and a zoomed page counts fewer of its larger ones', () => {
  const kept = String(screenScale(6 * cardMm, 2))
  expect(cssPxPerMm(kept, 2)).toBeCloseTo(6)
  expect(cssPxPerMm(kept, 4)).toBeCloseTo(3)
})

test.each([null, '', 'wide', '0', '-3', '1e9', 'NaN'])('%j is no measurement', (kept) => {
  expect(cssPxPerMm(kept, 1)).toBeUndefined()
})

test('what no screen has is refused', () => {
  expect([0.5, 3.78, 6.3, 40].map(isPlausibleScale)).toEqual([false, true, true, false])
})
