import { expect, test } from 'vitest'
import { refusalText } from './refusals.ts'

test('a refusal is said in words, and one that nobody foresaw is named', () => {
  expect(refusalText('identity.single-sign-on-clock-skewed')).toContain('clocks')
  expect(refusalText('identity.something-new')).toContain('identity.something-new')
})
