import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulatedDevice } from '@throughline/edge/contract'
import { driverContract } from '@throughline/edge/contract'
import { statusCode } from '@throughline/model'
import { opcuaDriver } from './index.ts'
import { KillableServer } from './testing/killable-server.ts'
import { testAddressOf } from './testing/server.ts'

const pathOf = (address: string): string => address.slice(testAddressOf('').length)

async function startDevice(): Promise<SimulatedDevice> {
  const homeDir = mkdtempSync(join(tmpdir(), 'throughline-opcua-device-'))
  const server = new KillableServer({
    homeDir,
    variables: {
      'Line/Temperature': { dataType: 'Double', value: 1.5, writable: true },
      'Line/Count': { dataType: 'Int64', value: 1n, writable: true },
      'Line/Running': { dataType: 'Boolean', value: false, writable: true },
      'Line/Recipe': { dataType: 'String', value: 'A', writable: true },
      'Line/Pressure': { dataType: 'Double', value: 6.9 },
    },
  })
  await server.start()
  return {
    endpoint: server.endpoint,
    options: { timeoutMs: 2000, publishingMs: 50 },
    set: async (address, value) => await server.set(pathOf(address), { value }),
    setBad: async (address) => await server.set(pathOf(address), { value: 0, status: statusCode.badDeviceFailure }),
    valueAt: async (address) => await server.get(pathOf(address)),
    stop: async () => await server.kill(),
    async restart() {
      await server.kill()
      await server.start()
    },
    async hang() {
      server.freeze()
    },
    sendGarbage: async () => await server.set('Line/Temperature', { value: null }),
    openSessions: async () => await server.sessionCount(),
    async close() {
      await server.kill()
      rmSync(homeDir, { recursive: true, force: true })
    },
  }
}

driverContract({
  name: 'opcua',
  driverType: opcuaDriver,
  startDevice,
  variables: {
    double: { address: testAddressOf('Line/Temperature'), values: [21.25, -0.1, 1e300] },
    int64: { address: testAddressOf('Line/Count'), values: [9_007_199_254_740_993n, -1n, -9_223_372_036_854_775_808n] },
    boolean: { address: testAddressOf('Line/Running'), values: [true, false, true] },
    string: { address: testAddressOf('Line/Recipe'), values: ['Ω-7', 'two\nlines', ''] },
  },
  unknownAddress: testAddressOf('Line/Nothing'),
  refusedAddress: testAddressOf('Line/Pressure'),
  nonsense: ['temperature', 'ns=x;s=A', 'ns=2;q=A', 'ns=2;i=-1', 'ns=2;s=', 'ns=1;g=12', 'ns=1;b=***', 'ns=70000;s=A'],
  browse: 'variables',
  browseFrom: testAddressOf('Machine'),
})
