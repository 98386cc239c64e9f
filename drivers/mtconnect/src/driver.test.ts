import type { SimulatedDevice } from '@throughline/edge/contract'
import { driverContract } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { MtConnectAgent } from './agent/agent.ts'
import { mtconnectDriver } from './driver.ts'
import { mill } from './testing/mill.ts'

driverContract({
  name: 'mtconnect',
  driverType: mtconnectDriver,
  startDevice,
  variables: {
    double: { address: 'mill_Sload', values: [12.625, -7.1, 1e300] },
    int64: { address: 'mill_pc', values: [9_007_199_254_740_993n, -9_223_372_036_854_775_808n, 5n] },
    string: { address: 'mill_pgm', values: ['0007', 'Zürich <4> & "5"', 'B-1001'] },
  },
  unknownAddress: 'nothing',
  refusedAddress: 'mill_Xload',
  nonsense: ['', 'a b', 'a/b/c', '@active', 'item@', 'asset=', 'asset=a/b', '../probe', 'x?path=1'],
  browse: 'variables',
  writes: 'nothing',
})

async function startDevice(): Promise<SimulatedDevice> {
  const agent = new MtConnectAgent({ devices: [mill], clock: systemClock })
  await agent.listen()
  agent.set('mill_Xload', '1.5', systemClock.now())
  return {
    endpoint: agent.endpoint,
    options: { timeoutMs: 1500, heartbeatMs: 300 },
    set: async (address: string, value: SampleValue) => agent.set(address, String(value), systemClock.now()),
    setBad: async (address) => agent.set(address, null, systemClock.now()),
    valueAt: async (address) => {
      const text = agent.valueOf(address) ?? null
      return text === null || address === 'mill_pgm' ? text : address === 'mill_pc' ? BigInt(text) : Number(text)
    },
    stop: () => agent.stop(),
    restart: async () => {
      await agent.stop()
      await agent.listen()
    },
    hang: async () => agent.hang(),
    sendGarbage: async () => agent.sayNext('<MTConnectStreams><Header/><Streams>'),
    openSessions: async () => agent.openConnections,
    close: () => agent.stop(),
  }
}
