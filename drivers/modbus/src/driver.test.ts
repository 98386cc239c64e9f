import type { SimulatedDevice } from '@throughline/edge/contract'
import { driverContract } from '@throughline/edge/contract'
import type { SampleValue } from '@throughline/model'
import { modbusDriver } from './driver.ts'
import { ModbusServer } from './server.ts'

driverContract({
  name: 'modbus',
  driverType: modbusDriver,
  startDevice,
  variables: {
    double: { address: 'holding/100/float64', values: [12.625, -7.1, 1e300] },
    int64: { address: 'holding/110/int64', values: [9_007_199_254_740_993n, -9_223_372_036_854_775_808n, 5n] },
    boolean: { address: 'coil/3', values: [true, false, true] },
    string: { address: 'holding/120/string12', values: ['B-1001', 'Zürich 4', ''] },
  },
  unknownAddress: 'holding/900/int16',
  refusedAddress: 'holding/104/float32',
  nonsense: [
    'holding',
    'holding/1',
    'holding/65536/int16',
    'register/1/int16',
    'coil/1/int16',
    'input/1/int16/swop',
    '',
  ],
  browse: 'nothing',
})

async function startDevice(): Promise<SimulatedDevice> {
  const server = new ModbusServer()
  await server.listen()
  server.set('holding/104/float32', 1.5)
  server.protect('holding/104/float32')
  return {
    endpoint: server.endpoint,
    options: { timeoutMs: 2_000 },
    set: async (address: string, value: SampleValue) => server.set(address, value),
    setBad: async (address) => server.fail(address),
    valueAt: async (address) => server.get(address),
    stop: () => server.stop(),
    restart: async () => {
      await server.stop()
      await server.listen()
    },
    hang: async () => server.hang(),
    sendGarbage: async () => server.garbleNextAnswer(),
    openSessions: async () => server.openSessions,
    close: () => server.stop(),
  }
}
