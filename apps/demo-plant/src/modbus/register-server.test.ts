import { modbusDriver } from '@throughline/driver-modbus'
import type { Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import { qualityOf, statusCode } from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toSampleValue } from '../backfill/history.ts'
import { registers } from '../plant/addresses.ts'
import { Simulator } from '../simulator.ts'
import { addressOf, RegisterServer } from './register-server.ts'

const epochMs = Date.parse('2026-03-01T12:00:00Z')
const simulator = new Simulator({ seed: 1, epochMs, truth: { write: () => {} } })
const server = new RegisterServer(0, (tag, value) => simulator.write(tag, value))
let driver: Driver

const tagOf = (name: string): DriverTag => {
  const register = registers.find((each) => each.tag.definition.name === name)
  if (register === undefined) throw new Error(`no register for ${name}`)
  return { tag: name, address: addressOf(register), dataType: register.tag.definition.dataType, sampleMs: 500 }
}

beforeAll(async () => {
  simulator.advance(epochMs + 100_000)
  await server.start()
  driver = modbusDriver.create({
    ...{ name: 'modbus-plant', endpoint: server.endpoint, options: {}, clock: systemClock, homeDir: '/tmp' },
  })
  await driver.connect(new ListenerRecorder())
})
afterAll(async () => {
  await driver.close()
  await server.stop()
})

test('every register of the map is readable with the value that the plant shows', async () => {
  const values = simulator.values()
  for (const { tag } of registers) server.put(tag.index, toSampleValue(tag.index, values[tag.index] ?? false))
  const tags = registers.map((register) => ({
    ...{ tag: register.tag.path, address: addressOf(register), sampleMs: 500 },
    dataType: register.tag.definition.dataType,
  }))
  const samples = await driver.read(tags)
  for (const [i, { tag, scale }] of registers.entries()) {
    const sample = samples[i]
    expect(qualityOf(sample?.status ?? statusCode.bad), tag.path).toBe('good')
    const expected = toSampleValue(tag.index, values[tag.index] ?? false)
    if (typeof expected === 'number') expect(Number(sample?.value) * scale, tag.path).toBeCloseTo(expected, 3)
    else expect(sample?.value, tag.path).toBe(expected)
  }
})

test('takes a set-point in its raw form, and refuses one outside its range', async () => {
  const setPoint = tagOf('TemperatureSetPoint')
  expect(qualityOf((await driver.write(setPoint, -185)).status)).toBe('good')
  const { index } = registers.find((each) => each.tag.definition.name === 'TemperatureSetPoint')?.tag ?? { index: -1 }
  expect(simulator.values()[index]).toBe(-18.5)
  expect(qualityOf((await driver.write(setPoint, 500)).status)).toBe('bad')
  expect(simulator.values()[index]).toBe(-18.5)
})

test('registers lie side by side without overlap', () => {
  const used = new Set<string>()
  for (const { table, number, type } of registers) {
    const words = { int16: 1, float32: 2, int64: 4, bit: 1 }[type]
    for (let i = 0; i < words; i++) {
      expect(used).not.toContain(`${table}/${number + i}`)
      used.add(`${table}/${number + i}`)
    }
  }
})
