import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Stop } from './finding.ts'
import type { Json } from './strict-json.ts'
import { canonical, parseStrict } from './strict-json.ts'

test('every JSON text is read as the platform reads it', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, space) => {
      const value: unknown = JSON.parse(text)
      expect(parseStrict(JSON.stringify(value, null, space), 'it')).toEqual(value)
    }),
  )
})

test.each([
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '[{"b":{"x":1,"y":2 , "x"  :3}}]',
  '{"__proto__":1,"__proto__":2}',
  '{"a\\"":1,"a\\"":1}',
])('a field that is named twice is refused: %s', (text) => {
  expect(() => parseStrict(text, 'it')).toThrow(Stop)
})

test.each(['', 'NaN', '{', "{'a':1}", '{"a":Infinity}', '[1,]', '\u0000'])('%j is refused', (text) => {
  expect(() => parseStrict(text, 'it')).toThrow(Stop)
})

test('a field named __proto__ is a field like any other', () => {
  const value = parseStrict('{"__proto__":{"line":"leaf"}}', 'it') as { line?: Json }
  expect(value.line).toBeUndefined()
  expect(canonical(value)).toBe('{"__proto__":{"line":"leaf"}}')
})

test('what is nested without end is refused, not a crash', () => {
  expect(() => parseStrict(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'it')).toThrow(Stop)
})

test('two objects with the same fields have one canonical form', () => {
  expect(canonical({ b: [1, { d: null, c: 'ä' }], a: 1e21 })).toBe('{"a":1e+21,"b":[1,{"c":"ä","d":null}]}')
})
