import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  findSignaturePolicy,
  fromJsonValue,
  listOperations,
  operation,
  qualityOf,
  statusCode,
  toJsonValue,
  UcumUnit,
} from './index.ts'

test.each(['Cel', 'bar', 'L/min', '%', '1', 'kW.h', '[pH]', 'uS/cm', '{vial}/min', '10*6/mL'])(
  '%s is a UCUM unit',
  (code) => {
    expect(UcumUnit.safeParse(code).success).toBe(true)
  },
)

test.each(['', 'degC', 'rpm', 'kWh', 'L per min'])('"%s" is no UCUM unit, and the error says so', (code) => {
  const parsed = UcumUnit.safeParse(code)
  expect(parsed.success).toBe(false)
})

test.each([
  [statusCode.good, 'good'],
  [statusCode.goodLocalOverride, 'good'],
  [statusCode.uncertainLastUsable, 'uncertain'],
  [statusCode.badNoCommunication, 'bad'],
  [0xffff_ffff, 'bad'],
])('status %i is %s', (status, quality) => {
  expect(qualityOf(status)).toBe(quality)
})

test('a value survives the way to JSON and back as its data type', () => {
  const typed = fc.oneof(
    fc.tuple(fc.constant('double' as const), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.tuple(fc.constant('int64' as const), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    fc.tuple(fc.constant('boolean' as const), fc.boolean()),
    fc.tuple(fc.constant('string' as const), fc.string()),
  )
  fc.assert(
    fc.property(typed, ([type, value]) => {
      const json: unknown = JSON.parse(JSON.stringify(toJsonValue(value)))
      expect(fromJsonValue(json as string, type)).toEqual(Object.is(value, -0) ? 0 : value)
    }),
  )
})

test.each([
  ['double', '1.5'],
  ['double', true],
  ['int64', '9223372036854775808'],
  ['int64', 1.5],
  ['int64', '1e3'],
  ['boolean', 1],
  ['string', 1],
] as const)('a %s is not made from %j', (type, value) => {
  expect(fromJsonValue(value, type)).toBeUndefined()
})

test('every operation has a name of three words, a summary without a full stop, and says whether it changes anything', () => {
  for (const operation of listOperations()) {
    expect(operation.name).toMatch(/^[a-z-]+\.[a-z-]+\.[a-z-]+$/)
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/)
  }
})

test('an operation without a permission does not compile', () => {
  const withoutPermission = {
    name: 'test.thing.forget',
    summary: 'Forget the permission',
    scope: 'plant',
    mutates: false,
    input: z.object({}),
    output: z.object({}),
  } as const
  // @ts-expect-error the permission is missing: `npm run check` fails here once that is allowed
  const define = () => operation(withoutPermission)
  expect(define).toBeTypeOf('function')
})

test.each([
  'alarm.definition',
  'execution.work_definition',
  'execution.instruction',
  'material.definition',
  'material.bom',
])('[211.186, D-8] %s is reviewed and released by two people, neither of whom wrote it', (record) => {
  const policy = findSignaturePolicy(record)
  expect(policy?.steps.map(({ meaning }) => meaning)).toEqual(['reviewed', 'released'])
  expect(policy?.authorMaySign).toBe(false)
})
