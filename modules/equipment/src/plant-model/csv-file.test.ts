import { newId } from '@throughline/kernel'
import type { TagSource } from '@throughline/model'
import { TagTemplate } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantiate } from '../tag/rules.ts'
import type { PlantState } from './blueprint.ts'
import { readCsv, writeCsv } from './csv-file.ts'

const node = { id: newId<'EquipmentNode'>(), path: 'aurora' }
const plantWith = (description: string, source: TagSource | null): PlantState => {
  const template = TagTemplate.parse({ name: 'Level', dataType: 'double', description: '' })
  const tag = { ...instantiate(newId<'Tag'>(), node, template, source), description }
  return { revision: 0, classes: [], connections: [], nodes: [], tags: [tag] }
}
const header = 'path,connection,address'
const source = { connection: 'opc', address: 'ns=2;s=Level', scale: 1, offset: 0, sampleMs: 1000, staleAfterMs: 5000 }

test.each(['=1+1', '+1', '-1', '@sum', '\tx', "'=1", "''=1"])(
  'text %j is written so that no spreadsheet takes it for a formula, and read back as it was',
  (text) => {
    const csv = writeCsv(plantWith(text, source))
    expect(csv).toContain(`'${text}`)
    expect(readCsv(csv).rows[0]?.stated['description']).toBe(text)
  },
)

test('a negative number stays a number, and a text that is no formula stays as it is', () => {
  const csv = writeCsv(plantWith("it's 5 - 3", { ...source, offset: -2.5 }))
  expect(csv).toContain(',-2.5,')
  expect(csv).not.toContain("'-2.5")
  expect(csv).toContain(",it's 5 - 3,")
})

test('whatever description, address and figures a tag has, its row is read as it was written', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter((each) => each.trim() !== '' && !each.includes('\0'))
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  const sources = fc.record({
    connection: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
    address: text,
    scale: number,
    offset: number,
    sampleMs: fc.integer({ min: 10, max: 3_600_000 }),
    staleAfterMs: fc.integer({ min: 100, max: 86_400_000 }),
  })
  fc.assert(
    fc.property(text, sources, (description, written) => {
      const { rows, badRows } = readCsv(writeCsv(plantWith(description, written)))
      expect(badRows).toEqual([])
      expect(rows[0]?.stated['description']).toBe(description)
      // A spreadsheet knows no -0.
      expect(rows[0]?.source).toEqual({ ...written, scale: written.scale + 0, offset: written.offset + 0 })
    }),
  )
})

test('a tag without a source is a row with empty cells, and read as one without a source', () => {
  expect(readCsv(writeCsv(plantWith('', null))).rows[0]?.source).toBeNull()
})

test('the cells of a source that a row leaves open are left open', () => {
  expect(readCsv(`${header},scale\naurora/level,opc,a,\n`).rows[0]?.source).toEqual({ connection: 'opc', address: 'a' })
})

test.each([
  { bad: 'aurora/level,opc', problem: 'the row has 2 cells, the header 9' },
  { bad: ',opc,a,,,,,,', problem: 'the path is missing' },
  { bad: 'aurora/level,opc,,,,,,,', problem: 'needs both connection and address' },
  { bad: 'aurora/level,,a,,,,,,', problem: 'needs both connection and address' },
  { bad: 'aurora/level,,,2,,,,,', problem: 'needs both connection and address' },
  { bad: 'aurora/level,o p c,a,,,,,,', problem: 'connection: use letters, digits' },
  { bad: `aurora/level,opc,${'a'.repeat(301)},,,,,,`, problem: 'address: Too big' },
  { bad: 'aurora/level,opc,a,"1,5",,,,,', problem: 'scale: "1,5" is no number: write it with a point' },
  { bad: 'aurora/level,opc,a,NaN,,,,,', problem: 'scale: "NaN" is no number' },
  { bad: 'aurora/level,opc,a,1e999,,,,,', problem: 'scale: "1e999" is no number' },
  { bad: 'aurora/level,opc,a,0x10,,,,,', problem: 'scale: "0x10" is no number' },
  { bad: 'aurora/level,opc,a,,5,,,,', problem: 'sampleMs: Too small' },
  { bad: 'aurora/level,opc,a,,10.5,,,,', problem: 'sampleMs: Invalid input: expected int' },
  { bad: 'aurora/level,opc,a,,,degC,,,', problem: 'unit: "degC" is not a UCUM unit code' },
  { bad: 'aurora/level,opc,a,,,,-0.1,,', problem: 'deadband: Too small' },
  { bad: 'aurora/level,opc,a,,,,,yes,', problem: 'writable: "yes" is no truth value' },
  { bad: 'aurora/level,opc,a,,,,,,float', problem: 'dataType: Invalid option' },
  { bad: 'aurora/level,opc,a\u0000b,,,,,,', problem: 'cannot be stored (it holds NUL' },
])('row $bad is refused by line: $problem', ({ bad, problem }) => {
  const columns = `${header},scale,sampleMs,unit,deadband,writable,dataType`
  const { rows, badRows } = readCsv(`${columns}\naurora/fine,opc,b,,,,,,\n${bad}\n`)
  expect(rows.map((row) => row.path)).toEqual(['aurora/fine'])
  expect(badRows).toMatchObject([{ line: 3, problem: expect.stringContaining(problem) }])
})

test('one row with two faults is named for both', () => {
  const { badRows } = readCsv(`${header},scale,unit\naurora/level,opc,a,x,degC\n`)
  expect(badRows.map((row) => row.line)).toEqual([2, 2])
})

test('a row behind a cell of several lines is named by the line where it begins', () => {
  const file = `${header},description\r\naurora/a,opc,a,"one\r\ntwo\r\nthree"\r\n\r\naurora/b,opc\r\n`
  expect(readCsv(file).badRows).toMatchObject([{ line: 6, where: 'tag aurora/b' }])
  expect(readCsv(file).rows[0]).toMatchObject({ line: 2, stated: { description: 'one\r\ntwo\r\nthree' } })
})

test('a quote that is never closed is named by its line', () => {
  const { badRows } = readCsv(`${header}\naurora/a,opc,a\naurora/b,op"c,"b\n`)
  expect(badRows).toMatchObject([{ line: 3, problem: expect.stringContaining('not readable as CSV') }])
})

test.each([
  { file: '', problem: 'the file is empty' },
  { file: 'path,connection\n', problem: 'column address is missing' },
  { file: `${header},adress\n`, problem: '"adress" is no column' },
  { file: `${header},address\n`, problem: 'column address stands twice' },
])('a file that begins $file is refused: $problem', ({ file, problem }) => {
  const { rows, badRows } = readCsv(file)
  expect(rows).toEqual([])
  expect(badRows).toMatchObject([{ line: 1, problem: expect.stringContaining(problem) }])
})

test('a file with a byte order mark and semicolons, as spreadsheets write it, is read', () => {
  const { rows, badRows } = readCsv('\uFEFFpath;connection;address\r\naurora/a;opc;"ns=2;s=A"\r\n')
  expect(badRows).toEqual([])
  expect(rows).toMatchObject([{ path: 'aurora/a', source: { address: 'ns=2;s=A' } }])
})
