import { DomainError } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('runs with nothing set, at real time', () => {
  const config = readConfig({}, [])
  expect(config).toMatchObject({ speed: 1, opcUaPort: 48_400, modbusPort: 15_020, backfillDays: 30 })
  expect(config.apiKeyFile).toBeUndefined()
})

test('--speed goes before DEMO_SPEED', () => {
  expect(readConfig({ DEMO_SPEED: '10' }, ['--speed', '60']).speed).toBe(60)
})

test.each([
  ['DEMO_SPEED', '601'],
  ['DEMO_OPCUA_PORT', 'x'],
  ['DEMO_MQTT_URL', 'http://127.0.0.1'],
])('refuses %s=%s by its name', (name, value) => {
  expect(() => readConfig({ [name]: value }, [])).toThrow(DomainError)
  expect(() => readConfig({ [name]: value }, [])).toThrow(name)
})
