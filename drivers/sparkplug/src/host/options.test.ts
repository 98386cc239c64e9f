import type { DriverConfig } from '@throughline/edge'
import { systemClock } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { sparkplugDriver } from './driver.ts'

test.each<[string, DriverConfig['options']]>([
  ['colour', { colour: 'red' }],
  ['hostId', { hostId: 'a/b' }],
  ['group', { group: '+' }],
  ['discover', { discover: 'yes' }],
  ['timeoutMs', { timeoutMs: 1 }],
  ['passwordFile', { username: 'a', password: 'b', passwordFile: 'c' }],
  ['username', { password: 'b' }],
])('the option %s that is wrong is refused by its name', (name, options) => {
  const config = { name: 'host', endpoint: 'mqtt://localhost', options, clock: systemClock, homeDir: '/' }
  expect(() => sparkplugDriver.create(config)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(name) }),
  )
})

test('an endpoint with a password in it is refused without repeating it', () => {
  const config = { name: 'host', endpoint: 'mqtt://a:secret@localhost', options: {}, clock: systemClock, homeDir: '/' }
  expect(() => sparkplugDriver.create(config)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.not.stringContaining('secret') }),
  )
})
