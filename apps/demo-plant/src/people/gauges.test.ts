import { fileDriver } from '@throughline/driver-file'
import { expect, test } from 'vitest'
import { fileOf, measuredFields, messageOf } from './gauges.ts'

const bore = { characteristic: 'BORE-1.DIA', unit: 'mm', nominal: 12, low: 11.985, high: 12.015, measured: 12.0021 }
const result = {
  serial: 'BRK-100-400001-1',
  part: 'BRK-100',
  gauge: 'CMM-01',
  atMs: 1_795_348_023_000,
  work: { order: 'WO-400001', operation: 60, run: '018f0000-0000-7000-8000-000000000001' },
  results: [bore],
}

test('the measuring machine writes a line for each characteristic under the names that the plant model gives', () => {
  const [header, line, rest] = fileOf(result).split('\n')
  expect(header?.split(',')).toEqual([...measuredFields])
  expect(line).toBe(
    '2026-11-22T11:47:03.000Z,BRK-100-400001-1,BRK-100,BORE-1.DIA,Diameter,12,11.985,12.015,mm,12.0021,pass,CMM-01,WO-400001,60,018f0000-0000-7000-8000-000000000001',
  )
  expect(rest).toBe('')
})

test('a tightening tells its torque with a curve that ends there, and the same once more has the same id', () => {
  const message = JSON.parse(messageOf({ ...result, results: [{ ...bore, unit: 'N.m', measured: 24.3 }] }))
  expect(message).toMatchObject({ serial: 'BRK-100-400001-1', value: 24.3, unit: 'N.m', status: 'OK', ...result.work })
  expect(message.points.at(-1)).toEqual({ ms: 1200, nm: 24.3 })
  const rising = message.points.map(({ nm }: { nm: number }) => nm)
  expect(rising).toEqual([...rising].sort((a, b) => a - b))
  expect(message.id).toBe(JSON.parse(messageOf(result)).id)
})

test('the connection to its folder is one that the driver takes', () => {
  const options = Object.fromEntries(measuredFields.map((field) => [field, field]))
  expect(() => fileDriver.create({ name: 'cmm-01', endpoint: 'file:///drop/cmm-01', options } as never)).not.toThrow()
})
