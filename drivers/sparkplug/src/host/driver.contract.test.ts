import type { DriverContract } from '@throughline/edge/contract'
import { driverContract, LineProxy } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import { parseAddress } from '../address.ts'
import { SparkplugEdgeNode } from '../edge-node/edge-node.ts'
import { credentials, startPlantBroker, urlOf, Witness } from '../testing/witness.ts'
import { sparkplugDriver } from './driver.ts'

const hostId = 'throughline-contract'

driverContract({
  name: 'sparkplug',
  driverType: sparkplugDriver,
  startDevice,
  variables: {
    double: { address: 'AERO/LAY/room:temperature', values: [21.5, -0.25, 1e300] },
    int64: { address: 'AERO/LAY/room:counters/total', values: [9_007_199_254_740_993n, -1n, 2n ** 63n - 1n] },
    boolean: { address: 'AERO/LAY/room:door: open', values: [true, false, true] },
    string: { address: 'AERO/LAY:location', values: ['Straße 7 → bay', '', 'b'] },
  },
  unknownAddress: 'AERO/LAY/room:nothing',
  refusedAddress: 'AERO/LAY/room:locked',
  nonsense: ['', 'AERO', 'AERO/LAY', 'AERO:x', 'AERO/LAY:', '/LAY:x', 'a/b/c/d:x', 'A+/b:x'],
  browse: 'variables',
})

/** A broker, an edge node that waits for its host, and between the driver and the broker a line that can fail. */
async function startDevice(): ReturnType<DriverContract['startDevice']> {
  const broker = await startPlantBroker()
  const proxy = new LineProxy(broker.port)
  await proxy.start()
  const node = new SparkplugEdgeNode({
    url: urlOf(broker),
    ...credentials,
    group: 'AERO',
    node: 'LAY',
    clock: systemClock,
    primaryHostId: hostId,
    reconnectMs: 10,
    metrics: [{ name: 'location', dataType: 'String', value: 'bay' }],
    devices: {
      room: [
        { name: 'temperature', dataType: 'Double', value: 20 },
        { name: 'counters/total', dataType: 'Int64', value: 0n },
        { name: 'door: open', dataType: 'Boolean', value: false },
        { name: 'locked', dataType: 'Double', value: 1 },
      ],
    },
    onWrite: ({ name, value }) => (name === 'locked' ? null : value),
  })
  // Settles when the first driver comes.
  node.connect().catch(() => {})
  const witness = await Witness.join(broker)
  const place = (address: string): [string | null, string] => {
    const { device, metric } = parseAddress(address)
    return [device, metric]
  }
  return {
    endpoint: `mqtt://127.0.0.1:${proxy.port}`,
    options: { ...credentials, hostId, timeoutMs: 3_000, rebirthIntervalMs: 100 },
    set: async (address, value) => {
      const [device, name] = place(address)
      node.publish(device, [{ name, value }])
    },
    setBad: async (address) => {
      const [device, name] = place(address)
      node.publish(device, [{ name, value: node.valueOf(device, name), quality: 'bad' }])
    },
    valueAt: async (address) => node.valueOf(...place(address)),
    stop: () => proxy.stop(),
    restart: () => proxy.start(),
    hang: async () => proxy.freeze(),
    sendGarbage: () => witness.say('spBv1.0/AERO/DDATA/LAY/room', Buffer.from('08ffffffff', 'hex')),
    openSessions: async () => proxy.openLines,
    close: async () => {
      await witness.leave()
      await node.close()
      await proxy.stop()
      await broker.close()
    },
  }
}
