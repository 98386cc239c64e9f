import type { SimulatedDevice } from '@throughline/edge/contract'
import { driverContract, LineProxy } from '@throughline/edge/contract'
import { systemClock, toIso } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { mqttJsonDriver } from './driver.ts'
import { PlantBroker, passwordFileOf } from './testing/plant-broker.ts'
import { parseAddress } from './topic.ts'

driverContract({
  name: 'mqtt-json',
  driverType: mqttJsonDriver,
  startDevice,
  variables: {
    double: { address: 'room/double:v', values: [21.5, -0.25, 1e300] },
    int64: {
      address: 'room/whole:v',
      values: [9_007_199_254_740_993n, -9_223_372_036_854_775_808n, 5_000_000_000_000_000_001n],
    },
    boolean: { address: 'room/boolean:v', values: [true, false, true] },
    string: { address: 'room/text:v', values: ['Straße 7 → bay', '', 'b'] },
  },
  unknownAddress: 'room/nothing:v',
  refusedAddress: 'room/double:v',
  nonsense: ['', 'room', 'room/double', ':v', 'room/+x:v', 'room/#/x:v', 'room/double:a[', 'room/double:'],
  browse: 'variables',
  writes: 'nothing',
})

/** A machine on a real broker, and between the driver and the broker a line that can fail. */
async function startDevice(): Promise<SimulatedDevice> {
  const plant = await PlantBroker.start()
  const proxy = new LineProxy(plant.broker.port)
  await proxy.start()
  const values = new Map<string, SampleValue>()
  const say = async (address: string, value: SampleValue | null): Promise<void> => {
    const plain = typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
    await plant.say(parseAddress(address).filter, `{"v":${plain},"at":"${toIso(systemClock.now())}"}`, true)
  }
  const set = async (address: string, value: SampleValue): Promise<void> => {
    values.set(address, value)
    await say(address, value)
  }
  await set('room/double:v', 1)
  await set('room/whole:v', 9_007_199_254_740_993n)
  await set('room/boolean:v', false)
  await set('room/text:v', 'a')
  return {
    endpoint: `mqtt://127.0.0.1:${proxy.port}`,
    options: {
      ...{ username: 'machine', passwordFile: passwordFileOf('machine'), timeoutMs: 2000, keepaliveS: 1 },
      ...{ topics: 'room/#', time: 'at' },
    },
    set,
    setBad: async (address) => say(address, null),
    valueAt: async (address) => values.get(address) ?? null,
    stop: () => proxy.stop(),
    restart: () => proxy.start(),
    hang: async () => proxy.freeze(),
    sendGarbage: () => plant.say('room/double', '{"v": 1'),
    openSessions: async () => proxy.openLines,
    close: async () => {
      await proxy.stop()
      await plant.close()
    },
  }
}
