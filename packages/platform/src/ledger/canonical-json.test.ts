import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, canonicalLacking } from './canonical-json.ts'

test('equal content has one text: keys by their code units, numbers as ECMAScript prints them', () => {
  expect(canonicalJson({ b: [1e21, 1e-7, -0], ä: '\u0007"', a: { 10: true, 9: null }, c: undefined })).toBe(
    '{"a":{"10":true,"9":null},"b":[1e+21,1e-7,0],"ä":"\\u0007\\""}',
  )
})

test.each([
  ['NaN', Number.NaN],
  ['Infinity', [Number.POSITIVE_INFINITY]],
  ['bigint', { n: 1n }],
  ['half a character', { text: 'a\ud800' }],
  ['half a character', { '\udc00': 1 }],
])('what JSON cannot say is refused: %s', (what, value) => {
  expect(() => canonicalJson(value)).toThrow(
    `JSON cannot say ${what === 'half a character' ? `a text with ${what}` : what}`,
  )
})

test('an object that is written before its last member is known has the same text as one that has it from the start', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.jsonValue(), (rest, key, member) => {
      const { [key]: _, ...lacking } = rest
      expect(canonicalLacking(lacking, key)(member)).toBe(canonicalJson({ ...lacking, [key]: member }))
    }),
  )
})
