import { parseInstant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { readTrace } from './trace.ts'

const lines = (...each: string[]): string =>
  [
    '2017-02-07T16:02:27.7500000Z|Program_Name_Editing|SAMPLE.NC',
    '2017-02-07T16:02:39.2500000Z|Program_Status|ACTIVE',
    ...each,
    '2017-02-07T16:20:21.9375000Z|Program_Status|PROGRAM_COMPLETED',
    '2017-02-07T16:20:21.9531250Z|Part_Count|1111',
    '',
  ].join('\n')

test('the work of a trace is from the first time that the program is active to the last that it is completed', () => {
  const trace = readTrace(
    lines(
      '2017-02-07T16:05:00Z|Program_Status|PROGRAM_COMPLETED',
      '2017-02-07T16:06:00Z|Program_Status|ACTIVE',
      '2017-02-07T16:06:01.0156250Z|Feed_Rate|201.416666666667',
    ),
    'a.txt',
  )
  expect(trace.from).toBe(parseInstant('2017-02-07T16:02:39.25Z'))
  expect(trace.to).toBe((parseInstant('2017-02-07T16:20:21Z') ?? 0) + 937_500)
  expect(trace.observations).toHaveLength(7)
  expect(trace.observations.at(-1)).toMatchObject({ tag: { name: 'Part_Count' }, value: 1111n })
  expect(trace.observations[4]).toMatchObject({
    at: (parseInstant('2017-02-07T16:06:01Z') ?? 0) + 15_625,
    value: 201.416666666667,
  })
})

test('a value that stands in a line of its own belongs to the line before that ends without one', () => {
  const trace = readTrace(
    lines('2017-02-07T16:10:39.7187500Z|Block_Number|', '2017', '2017-02-07T16:10:40Z|Block_Number|2018'),
    'a.txt',
  )
  expect(trace.rejoined).toEqual([4])
  expect(trace.observations.filter(({ tag }) => tag.name === 'Block_Number').map(({ value }) => value)).toEqual([
    2017n,
    2018n,
  ])
  expect(trace.lastBlock).toBe(2018)
})

test('of two values of an item at one instant the first counts, and that there were two is told', () => {
  const twice = ['2017-02-07T16:03:00Z|Feed_Rate|1', '2017-02-07T16:03:00Z|Feed_Rate|2']
  const trace = readTrace(lines(...twice, '2017-02-07T16:03:00Z|Spindle_Speed|3'), 'a.txt')
  expect(trace.doubled).toBe(1)
  expect(trace.observations.filter(({ tag }) => tag.name === 'Feed_Rate').map(({ value }) => value)).toEqual([1])
})

test('what the machine says that it does not know is no value, and is kept as that', () => {
  const { observations } = readTrace(lines('2017-02-07T16:03:00Z|Feed_Rate|UNAVAILABLE'), 'a.txt')
  expect(observations[2]).toMatchObject({ tag: { name: 'Feed_Rate' }, value: null })
})

test.each([
  ['2017-02-07T16:03:00Z|Feed_Rate|fast', '"fast" is no double'],
  ['2017-02-07T16:03:00Z|Feed_Rate|NaN', '"NaN" is no double'],
  ['2017-02-07T16:03:00Z|Part_Count|1.5', '"1.5" is no int64'],
  ['2017-02-07T16:03:00Z|Coolant|1', '"Coolant" is no item that this import knows'],
  ['2017-02-07 16:03:00|Feed_Rate|1', '"2017-02-07 16:03:00" is no time in UTC'],
  ['2017-02-07T16:03:00Z|Feed_Rate|', 'its value is missing'],
  ['just words', 'it is no time|item|value'],
])('the line "%s" is refused with file, line and what to do', (line, why) => {
  const read = (): unknown => readTrace(lines(line), 'split-Cover.txt')
  expect(read).toThrow(`split-Cover.txt, line 3: ${why}`)
  expect(read).toThrow('Fetch the file again')
})

test.each([
  ['2017-02-07T16:20:21Z|Program_Status|PROGRAM_COMPLETED\n', 'the program is never ACTIVE'],
  ['2017-02-07T16:20:21Z|Program_Status|ACTIVE\n', 'after that no PROGRAM_COMPLETED follows'],
  ['', 'the program is never ACTIVE'],
])('a trace that does not tell when the work was done is refused', (text, why) => {
  expect(() => readTrace(text, 'a.txt')).toThrow(`a.txt: ${why}`)
})
