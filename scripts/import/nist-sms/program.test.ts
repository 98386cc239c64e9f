import { expect, test } from 'vitest'
import { endLineOf, operationBy } from './program.ts'

test.each([
  ['%\nO1\nN10G0X1\nN20M30\n%\n', 4],
  ['%\r\nG0 X1 M5\r\nM02\r\n%', 3],
  ['(UNTIL M30)\nN10M20\nN20M25\nN30 M2\n', 4],
])('a program ends at its line of M30 or M2, and at no word that looks alike', (text, line) => {
  expect(endLineOf(text, 'a.nc')).toBe(line)
})

test('a program without an end is refused by name', () => {
  expect(() => endLineOf('%\nG0X1\nN20M3', 'a.nc')).toThrow('a.nc: no line ends the program')
})

const operations = [
  { part: 'cover', operation: 1, lastBlocks: [4910, 5164] },
  { part: 'cover', operation: 2, lastBlocks: [1734, null] },
  { part: 'cover', operation: 3, lastBlocks: [1464, 1464] },
]

test('the operation that ran a program is the one whose every trace ends at its last line', () => {
  expect(operationBy(1464, 'a.nc', operations)).toMatchObject({ part: 'cover', operation: 3 })
  expect(operationBy(1734, 'a.nc', operations)).toBeNull()
  expect(operationBy(4910, 'a.nc', operations)).toBeNull()
})

test('a program that two operations may have run is not given to either', () => {
  const twice = [...operations, { part: 'plate', operation: 1, lastBlocks: [1464] }]
  expect(() => operationBy(1464, 'a.nc', twice)).toThrow('cover operation 3 and plate operation 1')
})
