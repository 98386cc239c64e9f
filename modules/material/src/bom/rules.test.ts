import type { Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { BomLine } from '@throughline/model'
import { expect, test } from 'vitest'
import { assertBom, compareSerials, effectiveLines } from './rules.ts'

const t = (value: number): Instant => value as Instant
const line = (changes: Partial<BomLine> = {}): BomLine => ({
  position: 10,
  material: 'RESIN',
  quantity: decimalOf('1.5'),
  unit: 'kg',
  alternates: [],
  effectiveFrom: null,
  effectiveTo: null,
  firstSerial: null,
  lastSerial: null,
  ...changes,
})
const known = ['BRK', 'RESIN', 'GEL', 'SUB', 'PIN'].map((code) => ({ code, unit: code === 'PIN' ? '1' : 'kg' }))
const lines = [
  line({ position: 30, material: 'PIN', unit: '1' }),
  line({ material: 'RESIN', effectiveTo: t(100) }),
  line({ material: 'GEL', effectiveFrom: t(100), effectiveTo: t(200) }),
  line({ position: 20, material: 'SUB', firstSerial: 'BRK-008', lastSerial: 'BRK-010' }),
]

test.each<[string, number, string | null, string[]]>([
  ['before the change', 99, 'BRK-007', ['RESIN', 'PIN']],
  ['at the very moment of the change', 100, 'BRK-007', ['GEL', 'PIN']],
  ['just before the end', 199, null, ['GEL', 'PIN']],
  ['at the end', 200, null, ['PIN']],
  ['the first serial', 99, 'BRK-008', ['RESIN', 'SUB', 'PIN']],
  ['the last serial, whatever the case', 99, 'brk-010', ['RESIN', 'SUB', 'PIN']],
  ['the serial after', 99, 'BRK-011', ['RESIN', 'PIN']],
  ['a longer serial', 99, 'BRK-0081', ['RESIN', 'PIN']],
  ['a product without serials', 99, null, ['RESIN', 'PIN']],
])('[AS-8.3-1] %s: the lines that hold, by position', (_words, at, serial, materials) => {
  expect(effectiveLines({ lines }, { at: t(at), serial }).map(({ material }) => material)).toEqual(materials)
})

test('serials count upwards by length, then by their signs', () => {
  const sorted = ['B-10', 'b-9', 'B-09', 'B-100'].sort(compareSerials)
  expect(sorted).toEqual(['b-9', 'B-09', 'B-10', 'B-100'])
})

test('lines that change over at one instant or serial stand beside each other', () => {
  const bySerial = [line({ lastSerial: 'B-09' }), line({ material: 'GEL', firstSerial: 'B-10' })]
  expect(() =>
    assertBom({ product: 'BRK', lines: [...lines, ...bySerial.map((each) => ({ ...each, position: 40 }))] }, known, []),
  ).not.toThrow()
})

test.each<[string, BomLine[], RegExp]>([
  ['an unknown material', [line({ material: 'NONE' })], /there is no material NONE/],
  ['an unknown alternate', [line({ alternates: ['NONE'] })], /there is no material NONE/],
  ['another unit than the material has', [line({ unit: 'g' })], /RESIN is counted in kg, not in g/],
  ['its own product', [line({ material: 'brk' })], /BRK would need itself/],
  ['one material twice in a line', [line({ alternates: ['resin'] })], /named twice/],
  ['a time that ends before it begins', [line({ effectiveFrom: t(5), effectiveTo: t(5) })], /ends before it begins/],
  ['serials that run backwards', [line({ firstSerial: 'B-10', lastSerial: 'B-09' })], /B-09 comes before B-10/],
  [
    'two lines at one place that hold together',
    [line(), line({ material: 'GEL', effectiveFrom: t(9) })],
    /position 10 holds twice/,
  ],
])('[AS-8.3-1!, UOM-1!] a bill of material with %s is refused, and the line is named', (_words, wrong, words) => {
  const check = () =>
    assertBom({ product: 'BRK', lines: [line({ position: 1, material: 'GEL' }), ...wrong] }, known, [])
  expect(check).toThrow(words)
  expect(check).toThrow(/lines\.[12]/)
})

test('a circle through other bills of material is refused, and the way is told', () => {
  const inForce = [
    { product: 'SUB', lines: [line({ material: 'GEL' })] },
    {
      product: 'GEL',
      lines: [line({ material: 'PIN', unit: '1', alternates: [] }), line({ position: 20, alternates: ['BRK'] })],
    },
  ]
  const check = () => assertBom({ product: 'BRK', lines: [line({ material: 'SUB' })] }, known, inForce)
  expect(check).toThrow(/BRK needs SUB needs GEL needs BRK/)
  expect(() => assertBom({ product: 'PIN', lines: [line({ material: 'SUB' })] }, known, inForce)).toThrow(
    /PIN needs SUB needs GEL needs PIN/,
  )
})
