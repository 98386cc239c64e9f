import type { Instant } from '@throughline/kernel'
import { parseInstant, toIso } from '@throughline/kernel'
import { expect, test } from 'vitest'
import type { Scan } from './gs1.ts'
import { checkDigit, endOfDay, readScan } from './gs1.ts'

const gs = '\u001d'
const gtin = '04012345678901'
const sscc = '095210000000000018'
const gs1 = (elements: Record<string, string>): Scan => ({ kind: 'gs1', elements })
const plain = (text: string): Scan => ({ kind: 'plain', text })

test.each([
  ['a DataMatrix', `]d2${'01'}${gtin}10PP-2291`, { '01': gtin, '10': 'PP-2291' }],
  ['a QR code', `]Q301${gtin}21BRK-100-00042`, { '01': gtin, '21': 'BRK-100-00042' }],
  ['a Code 128', `]C100${sscc}`, { '00': sscc }],
  ['a DataBar', `]e001${gtin}`, { '01': gtin }],
  ['FNC1 sent as a group separator in front', `${gs}01${gtin}10A`, { '01': gtin, '10': 'A' }],
  ['open elements ended by a separator', `]d210LOT${gs}21SER${gs}37012`, { '10': 'LOT', '21': 'SER', '37': '012' }],
  [
    'fixed elements without any separator',
    `]d211261122132611241726123101${gtin}`,
    { '11': '261122', '13': '261124', '17': '261231', '01': gtin },
  ],
  ['a separator that nobody needed', `]d201${gtin}${gs}${gs}10A${gs}`, { '01': gtin, '10': 'A' }],
  ['a weight with its places', `]d23103001250`, { '3103': '001250' }],
  ['a length', `]d23112000250`, { '3112': '000250' }],
  ["the company's own number", ']d291TRQ-01-W3', { '91': 'TRQ-01-W3' }],
  ['a wedge that writes <GS>', `]d210A<GS>21B`, { '10': 'A', '21': 'B' }],
  ['a wedge that writes {GS}', `]d210A{GS}21B`, { '10': 'A', '21': 'B' }],
  ['a wedge that writes ^]', `]d210A^]21B`, { '10': 'A', '21': 'B' }],
  ['a wedge that writes FNC1 as è', `]C1è10A\u00e821B`, { '10': 'A', '21': 'B' }],
  ['the end of line that a wedge sends', `]d210A\r\n`, { '10': 'A' }],
  ['brackets, as people type it', `(01)${gtin}(10)PP-2291`, { '01': gtin, '10': 'PP-2291' }],
  ['brackets with four digits', `(01)${gtin}(3103)001250`, { '01': gtin, '3103': '001250' }],
  ['brackets inside a value', `(10)A(B)`, { '10': 'A(B)' }],
  ['a sound GTIN without identifier', `01${gtin}10PP-2291`, { '01': gtin, '10': 'PP-2291' }],
  ['a sound SSCC without identifier', `00${sscc}`, { '00': sscc }],
  ['a date with day 00', `]d217260200`, { '17': '260200' }],
  ['29 February of a leap year', `]d217280229`, { '17': '280229' }],
  ['the same element twice alike', `]d210A${gs}10A`, { '10': 'A' }],
])('[GS1-1] %s is read', (_words, scanned, elements) => {
  expect(readScan(scanned)).toEqual(gs1(elements))
})

test.each([
  ['a lot number', 'PP-2291', 'PP-2291'],
  ['a lot number with spaces around it', '  PP-2291 \n', 'PP-2291'],
  ['a plain DataMatrix', ']d1PP-2291', 'PP-2291'],
  ['a plain QR code', ']Q1https://works.example/lot/1', 'https://works.example/lot/1'],
  ['a Code 39', ']A0TRQ-01-W3', 'TRQ-01-W3'],
  ['digits that begin like a GTIN with a wrong check digit', '0104012345678902', '0104012345678902'],
  ['digits alone', '095210000000000018', '095210000000000018'],
  ['digits that go on as no element', '01040123456789017712', '01040123456789017712'],
  ['nothing but letters that look like an identifier', '10', '10'],
])('%s is taken as it stands', (_words, scanned, text) => {
  expect(readScan(scanned)).toEqual(plain(text))
})

test.each([
  ['a wrong check digit of a GTIN', ']d20104012345678902', /\(01\) 04012345678902 has a wrong check digit/],
  ['a wrong check digit of an SSCC', ']d200095210000000000017', /wrong check digit/],
  ['a short GTIN', ']d2010401234567', /\(01\) needs 14 digits/],
  ['an unknown identifier', ']d27712345', /"7712" is no known GS1 identifier/],
  ['an unknown identifier in brackets', '(77)1', /\(77\) is no known GS1 identifier/],
  ['month 13', ']d217261301', /\(17\) 261301 is no date/],
  ['30 February', ']d217260230', /is no date/],
  ['a batch of 21 signs', `]d210${'A'.repeat(21)}`, /\(10\) needs up to 20/],
  ['an empty batch', `]d210${gs}21A`, /\(10\) needs up to 20/],
  ['a sign that GS1 does not have', ']d210A#B', /\(10\) needs/],
  ['letters in a count', ']d237A', /\(37\) needs up to 8 digits/],
  ['one element with two values', `]d210A${gs}10B`, /\(10\) is there twice: A and B/],
  ['nothing at all', ']d2', /the code is empty/],
  ['a weight with 7 places', ']d23107001250', /is no known GS1 identifier/],
])('[GS1-1!] %s is told in words and not guessed', (_words, scanned, problem) => {
  expect(readScan(scanned)).toMatchObject({ kind: 'broken', problem: expect.stringMatching(problem) })
})

test('the check digit is the one of the GS1 examples', () => {
  expect(['0950600013435', '10614141234567890', '629104150021'].map(checkDigit)).toEqual(['2', '8', '3'])
})

test.each([
  ['261231', '2027-01-01T00:00:00.000000Z'],
  ['260200', '2026-03-01T00:00:00.000000Z'],
  ['280200', '2028-03-01T00:00:00.000000Z'],
  ['760101', '2076-01-02T00:00:00.000000Z'],
  ['770101', '1977-01-02T00:00:00.000000Z'],
])('%s ends at %s, seen from 2026', (value, end) => {
  const now = parseInstant('2026-11-22T08:00:00Z') as Instant
  expect(toIso(endOfDay(value, now) as Instant)).toBe(end)
})

test('a date across the turn of a century is the nearest one', () => {
  const now = parseInstant('2099-06-01T00:00:00Z') as Instant
  expect(toIso(endOfDay('000101', now) as Instant)).toBe('2100-01-02T00:00:00.000000Z')
})
