import { readFileSync } from 'node:fs'
import type { Instant } from '@throughline/kernel'
import { parseInstant } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import { expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { endOfDay, readScan } from '../scan/gs1.ts'
import { lotMadeAt } from '../testing/lot.ts'
import { bracketed, lotLabel } from './content.ts'
import { modulesOf } from './symbol.ts'
import { zplWithDataMatrix, zplWithPicture } from './zpl.ts'

const at = (text: string): Instant => parseInstant(text) as Instant
const lot = (changes: Partial<Lot> = {}): Lot => lotMadeAt(at('2026-11-22T08:00:00Z'), changes)
const gtin = '04012345678901'
const withGtin = { name: 'Prepreg', gtin }
const text = (changes: Partial<Lot>, definition = withGtin as { name: string; gtin: string | null }) =>
  bracketed(lotLabel(lot(changes), definition).elements)

test.each<[string, Partial<Lot>, string | null, string]>([
  ['a lot', {}, gtin, `(01)${gtin}(10)PP-2291`],
  ['a piece', { control: 'serial', code: 'BRK-7' }, gtin, `(01)${gtin}(21)BRK-7`],
  ['a material without GTIN', {}, null, '(91)PP-2291'],
  ['a number longer than GS1 has room for', { code: 'A'.repeat(21) }, gtin, `(91)${'A'.repeat(21)}`],
  [
    'what expires at the end of a day',
    { expiresAt: at('2026-12-02T00:00:00Z') },
    gtin,
    `(01)${gtin}(17)261201(10)PP-2291`,
  ],
  ['what expires within a day', { expiresAt: at('2026-12-02T08:00:00Z') }, gtin, `(01)${gtin}(17)261201(10)PP-2291`],
])('[GS1-2] the symbol of %s', (_words, changes, own, expected) => {
  expect(text(changes, { name: 'Prepreg', gtin: own })).toBe(expected)
  expect(readScan(expected).kind).toBe('gs1')
})

test('[GS1-2!] a label never promises more life than there is', () => {
  for (const hour of ['00:00', '00:01', '12:00', '23:59']) {
    const expiresAt = at(`2027-03-01T${hour}:00Z`)
    const [, day = ''] = /\(17\)(\d{6})/.exec(text({ expiresAt })) ?? []
    expect(endOfDay(day, at('2026-11-22T08:00:00Z'))).toBeLessThanOrEqual(expiresAt)
  }
})

test('in ZPL a separator stands behind an element of open length only, and never at the end', () => {
  const content = {
    elements: [
      ['01', gtin],
      ['10', 'A_B'],
      ['21', 'C'],
    ] as const,
    lines: ['A^B'],
  }
  const zpl = zplWithDataMatrix(content)
  expect(zpl).toContain(`^FD_101${gtin}10A__B_121C^FS`)
  expect(zpl).toContain('^FH^FDA_5eB^FS')
})

test('the symbols have the marks by which readers find them, and a picture has the bytes that it says', () => {
  const matrix = modulesOf('gs1-datamatrix', `(01)${gtin}(10)PP-2291`)
  expect(matrix.every((row) => row[0] === true) && matrix.at(-1)?.every((dark) => dark)).toBe(true)
  const qr = modulesOf('qr', `(01)${gtin}(10)PP-2291`)
  expect(qr[0]?.slice(0, 8)).toEqual([true, true, true, true, true, true, true, false])
  const zpl = zplWithPicture({ elements: [], lines: [] }, qr)
  const [, total = '', picture = ''] = /\^GFA,(\d+),\1,\d+,([0-9A-F]+)\^FS/.exec(zpl) ?? []
  expect(picture.length / 2).toBe(Number(total))
})

/** The symbol as a camera sees it: five dots a module, with the quiet zone around it. */
function seen(modules: readonly (readonly boolean[])[]): ImageData {
  const dots = 5
  const quiet = 4
  const side = (modules.length + 2 * quiet) * dots
  const module = (place: number): number => Math.floor(place / dots) - quiet
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let index = 0; index < side * side; index += 1) {
    const isDark = modules[module(Math.floor(index / side))]?.[module(index % side)] === true
    if (isDark) data.fill(0, index * 4, index * 4 + 3)
  }
  return { data, width: side, height: side, colorSpace: 'srgb' }
}

test.each(['gs1-datamatrix', 'qr'] as const)(
  '[GS1-2] a reader by somebody else reads the %s as a symbol of GS1 that says the lot again',
  async (symbol) => {
    const wasmBinary = readFileSync(new URL(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))
    await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasmBinary).buffer }, fireImmediately: true })
    const elements = text({ expiresAt: at('2026-12-02T08:00:00Z') })
    const read = await readBarcodes(seen(modulesOf(symbol, elements)))
    expect(read).toMatchObject([{ contentType: 'GS1', text: elements }])
    // As a scanner sends it: the symbology first, then the elements without brackets.
    const scanned = Buffer.from(read[0]?.bytesECI ?? []).toString('latin1')
    expect(readScan(scanned)).toEqual(readScan(elements))
  },
)
