import { expect, test } from 'vitest'
import { wedgeReader } from './wedge.ts'

function typed(keys: readonly string[], everyMs: number): string | undefined {
  const read = wedgeReader()
  return keys.map((key, index) => read(key, index * everyMs)).at(-1)
}

test('fast keys that end with Enter are a badge', () => {
  expect(typed(['Shift', 'A', '4', '-', '7', '7', 'Enter'], 8)).toBe('A4-77')
})
test('the same keys from a person are none', () => {
  expect(typed(['A', '4', '-', '7', '7', 'Enter'], 120)).toBeUndefined()
})
test('too few keys are none', () => {
  expect(typed(['1', '2', '3', 'Enter'], 8)).toBeUndefined()
})
test('what somebody typed before does not become part of the badge', () => {
  const read = wedgeReader()
  read('9', 0)
  read('9', 400)
  for (const [index, key] of ['A', '4', '7', '7'].entries()) read(key, 1000 + index * 5)
  expect(read('Enter', 1022)).toBe('A477')
})
