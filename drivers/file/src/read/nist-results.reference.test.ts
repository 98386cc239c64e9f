import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MeasuredCharacteristic } from '@throughline/model'
import { ParsedDocument } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { parseOptions } from '../options.ts'
import type { FileContent } from './content.ts'
import { readFileContent } from './read-file.ts'

const data = join(import.meta.dirname, '../../../../../shared/data/nist-sms')
const { reading } = parseOptions('file:///drop', {})
const read = (name: string): Promise<FileContent> => readFileContent(readFileSync(join(data, name)), 'qif', reading)

interface Expected {
  readonly name: string
  readonly kind: string
  readonly nominal: number | null
  readonly lsl: number | null
  readonly usl: number | null
  readonly values: readonly number[]
  readonly status: readonly string[]
  readonly cmm: Readonly<Record<string, number>>
}
const { parts } = JSON.parse(readFileSync(join(data, 'fair-expected.json'), 'utf8')) as {
  parts: Readonly<Record<string, readonly Expected[]>>
}

describe.each([
  { part: 'plate', serials: 20, characteristics: 38, failed: 98 },
  { part: 'cover', serials: 20, characteristics: 28, failed: 1 },
  { part: 'box', serials: 19, characteristics: 45, failed: 3 },
])('[FAI-QIF] the first articles of the $part', async ({ part, serials, characteristics, failed }) => {
  const content = await read(`fair-${part}.qif`)
  const results = content.document?.results ?? []
  const statistics = content.document?.statistics ?? []
  const byName = Map.groupBy(results, (one: MeasuredCharacteristic) => one.characteristic)

  test(`are ${serials} serials of ${characteristics} characteristics each, ${failed} of them failed`, () => {
    expect(content.records).toHaveLength(serials)
    expect(new Set(results.map((one) => one.serial)).size).toBe(serials)
    expect(results.some((one) => one.serial === null)).toBe(false)
    expect(byName.size).toBe(characteristics)
    expect(results).toHaveLength(serials * characteristics)
    expect(results.filter((one) => one.status === 'fail')).toHaveLength(failed)
    expect(results.filter((one) => one.status === 'pass')).toHaveLength(results.length - failed)
    expect(content.faults).toEqual([])
    expect(ParsedDocument.parse(content.document)).toEqual(content.document)
  })

  test.each(parts[part] ?? [])('$name is read with its limits, every value and every verdict', (expected) => {
    const measured = byName.get(expected.name) ?? []
    expect(measured.map((one) => one.value)).toEqual(expected.values)
    expect(measured.map((one) => one.statusText)).toEqual(expected.status)
    for (const one of measured) {
      expect(one).toMatchObject({
        ...{ type: expected.kind, nominal: expected.nominal, lowerLimit: expected.lsl, upperLimit: expected.usl },
      })
    }
    const reported = statistics.find((one) => one.characteristic === expected.name)
    const { average, stdDev, min, max, Cp, Cpk, Pp, Ppk } = expected.cmm
    expect(reported).toMatchObject({
      ...{ average, standardDeviation: stdDev, minimum: min, maximum: max, cp: Cp, cpk: Cpk, pp: Pp, ppk: Ppk },
    })
  })

  test('the average, least and greatest that the machine reported are those of the values that were read', () => {
    expect(statistics).toHaveLength(characteristics)
    for (const { characteristic, average, minimum, maximum, count } of statistics) {
      const values = (byName.get(characteristic) ?? []).map((one) => Number(one.value))
      expect([count, minimum, maximum], characteristic).toEqual([serials, Math.min(...values), Math.max(...values)])
      expect(values.reduce((sum, value) => sum + value, 0) / serials, characteristic).toBeCloseTo(Number(average), 9)
    }
  })

  test('the serial that the machine measured as a characteristic is the serial of its part', () => {
    const numbers = byName.get('Part Number') ?? []
    expect(numbers.map((one) => String(one.value))).toEqual(numbers.map((one) => one.serial))
  })
})

test.each([
  { name: 'incoming-plate.qif', results: 620, unit: 'mm', gauge: 'CMM' },
  { name: 'incoming-cover.qif', results: 541, unit: 'mm', gauge: 'CMM' },
])('$name of another maker is read too, with units, gauge, and limits around the nominal', async (expected) => {
  const { document, records } = await read(expected.name)
  const results = document?.results ?? []
  expect(results).toHaveLength(expected.results)
  expect(records).toHaveLength(20)
  const diameter = results.find((one) => one.type === 'Diameter' && one.gauge !== null)
  expect(diameter).toMatchObject({ unit: expected.unit, gauge: expected.gauge })
  const { lowerLimit, upperLimit, nominal } = diameter ?? {}
  expect(Number(upperLimit) - Number(nominal)).toBeCloseTo(Number(nominal) - Number(lowerLimit), 9)
  expect(Number(upperLimit)).toBeGreaterThan(Number(nominal))
})
