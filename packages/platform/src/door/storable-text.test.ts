import { expect, test } from 'vitest'
import { holdsUnstorableText } from './storable-text.ts'

test.each([
  ['NUL', 'a\u0000b'],
  ['half a character', { deep: ['\ud800'] }],
  ['NUL in a key', { 'a\u0000': 1 }],
  ['a key that JavaScript would swallow', JSON.parse('{"__proto__": 1}')],
])('[SR-3.5!] %s cannot be stored', (_what, value) => {
  expect(holdsUnstorableText(value)).toBe(true)
})

test('every other text can: other scripts, signs above the first plane, nothing at all', () => {
  expect(holdsUnstorableText({ a: ['Dichtprüfung', '測定', '🛠', '', null, 1, true] })).toBe(false)
})
