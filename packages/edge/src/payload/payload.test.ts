import { toIso } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { parseJson } from './json.ts'
import { JsonPath } from './json-path.ts'
import { numberIn, scalarOf, typeOf } from './scalar.ts'
import { TimeReader } from './time-reader.ts'

const iso = (reader: TimeReader, raw: string | number): string | undefined => {
  const at = reader.read(raw)
  return at === undefined ? undefined : toIso(at)
}

test('a whole number beyond 2^53 is read digit by digit, all others as they are', () => {
  expect(parseJson('{"a":9007199254740993,"b":[-9223372036854775808,1.5,1e300,7]}')).toEqual({
    a: 9_007_199_254_740_993n,
    b: [-9_223_372_036_854_775_808n, 1.5, 1e300, 7],
  })
})

describe('a path', () => {
  const document = parseJson('{"result":{"torque":12.5,"a b":1},"points":[{"nm":1},{"nm":2},{}],"top":null}')
  test.each([
    ['result.torque', [12.5]],
    ['$.result.torque', [12.5]],
    ["result['a b']", [1]],
    ['points[1].nm', [2]],
    ['points[*].nm', [1, 2]],
    ['points[9].nm', []],
    ['top', [null]],
    ['top.more', []],
    ['toString', []],
    ['result.torque.more', []],
  ])('%s leads to %j', (path, expected) => expect(new JsonPath(path).allIn(document)).toEqual(expected))
  test('$ is the document itself', () => expect(new JsonPath('$').firstIn(7)).toBe(7))
  test.each(['', '.a', 'a..b', 'a[', 'a[x]', "a['b", 'a.', '[-1]'])('%j is refused by name', (path) => {
    expect(() => new JsonPath(path)).toThrow(`"${path}" is no path into JSON`)
  })
})

describe('a value in the type of its tag', () => {
  test.each([
    ['12,5', 'double', ',', 12.5],
    ['12.5', 'double', '.', 12.5],
    ['-1e-3', 'double', '.', -0.001],
    ['9007199254740993', 'int64', '.', 9_007_199_254_740_993n],
    [12, 'int64', '.', 12n],
    ['TRUE', 'boolean', '.', true],
    [0, 'boolean', '.', false],
    ['0007', 'string', '.', '0007'],
  ] as const)('%j as %s is what it says', (raw, dataType, decimal, expected) => {
    expect(scalarOf(raw, dataType, decimal)).toEqual({ value: expected, status: statusCode.good })
  })
  test.each([
    ['1.234,5', 'double', ','],
    ['12,5', 'double', '.'],
    ['1.5', 'int64', '.'],
    ['yes', 'boolean', '.'],
    ['12 mm', 'double', '.'],
    ['NaN', 'double', '.'],
  ] as const)('%j as %s is no value and a fault, never a guess', (raw, dataType, decimal) => {
    expect(scalarOf(raw, dataType, decimal)).toMatchObject({ value: null, fault: 'type-mismatch' })
  })
  test('what is empty is no value, and nobody is to blame', () => {
    for (const raw of ['', ' ', null, undefined]) {
      expect(scalarOf(raw, 'double')).toEqual({ value: null, status: statusCode.bad })
    }
  })
  test('an object is told as JSON text, and is no number', () => {
    expect(scalarOf({ a: [1n] }, 'string').value).toBe('{"a":["1"]}')
    expect(scalarOf([1], 'double').fault).toBe('type-mismatch')
  })
  test('a number in words of a table is told from text', () => {
    expect(['1,5', '12', 'true', 'x', '9007199254740993'].map((text) => typeOf(text, ','))).toEqual([
      ...['double', 'double', 'boolean', 'string', 'int64'],
    ])
    expect(numberIn('0x10')).toBeUndefined()
  })
})

describe('[AL-C-1] a time', () => {
  test.each([
    ['2026-11-23T08:15:00.123456Z', '2026-11-23T08:15:00.123456Z'],
    ['2026-11-23T08:15:00+02:00', '2026-11-23T06:15:00.000000Z'],
    ['2026-07-01T08:15:00', '2026-07-01T06:15:00.000000Z'],
    ['2026-12-01 08:15', '2026-12-01T07:15:00.000000Z'],
    [1_795_420_800, '2026-11-23T08:00:00.000000Z'],
    [1_795_420_800_123, '2026-11-23T08:00:00.123000Z'],
    [1_795_420_800_123_456, '2026-11-23T08:00:00.123456Z'],
    ['1795420800.5', '2026-11-23T08:00:00.500000Z'],
  ])('%j is %s where the plant lies in Berlin', (raw, expected) => {
    expect(iso(new TimeReader('Europe/Berlin'), raw)).toBe(expected)
  })
  test('of an hour that comes twice the first is meant, one left out lies after the change', () => {
    const berlin = new TimeReader('Europe/Berlin')
    expect(iso(berlin, '2026-10-25T02:30:00')).toBe('2026-10-25T00:30:00.000000Z')
    expect(iso(berlin, '2026-03-29T02:30:00')).toBe('2026-03-29T01:30:00.000000Z')
  })
  test('in a form that was named is read by it, and by it alone', () => {
    const reader = new TimeReader('America/New_York', 'dd.MM.yyyy HH:mm:ss')
    expect(iso(reader, '03.02.2026 08:15:09')).toBe('2026-02-03T13:15:09.000000Z')
    expect(iso(reader, '2026-02-03T08:15:09')).toBeUndefined()
    expect(iso(reader, '31.02.2026 08:15:09')).toBeUndefined()
    expect(iso(new TimeReader('UTC', 'MM/dd/yyyy'), '2/3/2026')).toBe('2026-02-03T00:00:00.000000Z')
  })
  test.each(['yesterday', '23.11.2026', '', '12', '2026-13-01'])('%j is none', (raw) => {
    expect(new TimeReader().read(raw)).toBeUndefined()
  })
  test('an unknown zone or form is refused by name', () => {
    expect(() => new TimeReader('Berlin')).toThrow('"Berlin" is no time zone')
    expect(() => new TimeReader('UTC', 'dd.MM')).toThrow('"dd.MM" is no form of a date')
    expect(() => new TimeReader('UTC', 'dd.MM.yyyy hh:mm')).toThrow('no form of a date')
  })
})
