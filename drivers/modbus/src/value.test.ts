import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress } from './address.ts'
import type { WordOrder } from './value.ts'
import { decodeValue, encodeValue } from './value.ts'

const big = (bits: bigint, signed: boolean) =>
  fc.bigInt(signed ? { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n } : { min: 0n, max: 2n ** bits - 1n })
const small = (bits: bigint, signed: boolean) => big(bits, signed).map(Number)
const values = {
  int16: small(16n, true),
  uint16: small(16n, false),
  int32: small(32n, true),
  uint32: small(32n, false),
  int64: big(64n, true),
  uint64: big(64n, false),
  float32: fc.float({ noNaN: true }),
  float64: fc.double({ noNaN: true }),
  string8: fc.string({ maxLength: 8 }).filter((text) => !text.includes('\0')),
} as const

test.each(Object.entries(values))(
  'every %s comes back from the registers it was laid in, in any word order',
  (format, arbitrary) => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.constantFrom('', '/swap'),
        fc.constantFrom('high-first', 'low-first'),
        (value, swap, order) => {
          const address = parseAddress(`holding/10/${format}${swap}`)
          const words = encodeValue(address, order as WordOrder, value)
          expect(words).toHaveLength(address.count)
          expect(decodeValue(address, order as WordOrder, words)).toBe(value)
        },
      ),
    )
  },
)

test('the high word stands first unless connection or address say otherwise, and both together cancel out', () => {
  const wordsOf = (text: string, order: WordOrder) => encodeValue(parseAddress(text), order, 0x0001_0002)
  expect(wordsOf('holding/0/uint32', 'high-first')).toEqual([1, 2])
  expect(wordsOf('holding/0/uint32/swap', 'high-first')).toEqual([2, 1])
  expect(wordsOf('holding/0/uint32', 'low-first')).toEqual([2, 1])
  expect(wordsOf('holding/0/uint32/swap', 'low-first')).toEqual([1, 2])
})

test('a text keeps its order and ends at the first NUL', () => {
  const address = parseAddress('holding/0/string4')
  expect(decodeValue(address, 'low-first', [0x4142, 0x4300])).toBe('ABC')
})

test('one bit of a register can be read', () => {
  expect(decodeValue(parseAddress('holding/0/bit3'), 'high-first', [0b1000])).toBe(true)
  expect(decodeValue(parseAddress('holding/0/bit2'), 'high-first', [0b1000])).toBe(false)
})

test.each([
  ['holding/0/int16', 32_768],
  ['holding/0/uint16', -1],
  ['holding/0/int16', 1.5],
  ['holding/0/int16', 'text'],
  ['holding/0/int64', 2n ** 63n],
  ['holding/0/float32', 5n],
  ['holding/0/string2', 'ABC'],
  ['holding/0/string2', 7],
  ['holding/0/bit3', true],
  ['coil/0', 1],
])('%s does not take %s', (text, value) => {
  expect(() => encodeValue(parseAddress(text), 'high-first', value)).toThrow(
    expect.objectContaining({ name: 'DomainError', code: 'modbus.value-misfit' }),
  )
})
