import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64, decodeHash, toHex } from './bytes.ts'
import { formatInstant } from './instant.ts'
import { sha256 } from './sha256.ts'

test('base64 gives back every sequence of bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes)
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
    }),
  )
})

test.each(['A', 'AB=', 'AB', 'A===', '====', 'AA=A', 'AB==', 'AAB=', 'A-B_', 'AAA\n', ' AAA', 'AAAé'])(
  'base64 has one spelling: %j is refused',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined()
  },
)

test.each([null, 7, '', 'AAAA', `${'A'.repeat(42)}B=`])('%j is no hash', (value) => {
  expect(decodeHash(value)).toBeUndefined()
})

test('the hash that is counted here is SHA-256, whatever the length', () => {
  const check = (bytes: Uint8Array): void => {
    expect(toHex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
  for (let length = 0; length < 200; length++) check(new Uint8Array(length).fill(length))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), check))
})

test('an instant is told in UTC with its microseconds, and a number that is none as it is', () => {
  expect(formatInstant(1_795_000_000_000_001)).toBe('2026-11-18T11:06:40.000001Z')
  expect(formatInstant(-1)).toBe('1969-12-31T23:59:59.999999Z')
  expect(formatInstant(1e20)).toBe('100000000000000000000 µs')
})
