import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IClientOptions, MqttClient } from 'mqtt'
import { connectAsync } from 'mqtt'
import { afterEach, expect, test, vi } from 'vitest'
import type { Broker, BrokerOptions, BrokerRights } from './index.ts'
import { startBroker } from './index.ts'
import { BrokerStore } from './store.ts'
import { selfSignedCertificate } from './testing/certificate.ts'

const everything: BrokerRights = { publish: ['#'], subscribe: ['#', '$SYS/#'] }
const accounts: Record<string, BrokerRights> = {
  engineer: everything,
  reader: { publish: [], subscribe: ['plant/#'] },
  agent: { publish: ['agent/a1/#'], subscribe: ['agent/a1/orders'] },
}

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(options: Partial<BrokerOptions> = {}): Promise<{ broker: Broker; faults: string[] }> {
  const faults: string[] = []
  const broker = await startBroker({
    port: 0,
    folder: null,
    authenticate: async (username, password) => (password === 'right' ? (accounts[username] ?? null) : null),
    onFault: (source, cause) => faults.push(`${source} ${cause}`),
    ...options,
  })
  cleanUps.push(() => broker.close())
  return { broker, faults }
}

async function enter(broker: Broker, username = 'engineer', options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    username,
    password: 'right',
    reconnectPeriod: 0,
    ...options,
  })
  client.on('error', () => {})
  cleanUps.push(() => client.endAsync(true))
  return client
}

function heardBy(client: MqttClient): string[] {
  const heard: string[] = []
  client.on('message', (topic, payload, packet) => heard.push(`${topic}=${payload}${packet.retain ? ' retained' : ''}`))
  return heard
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'broker-'))
  cleanUps.unshift(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A peer that speaks bytes, not MQTT. */
async function rawSocket(broker: Broker): Promise<Socket> {
  const socket = dial(broker.port, '127.0.0.1')
  socket.on('error', () => {})
  cleanUps.push(() => socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.resume().once('close', resolve))

const cutOff = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', () => resolve()))

/** The limit ends a hopeless wait: the broker's thread may get no turn for long on a busy machine. */
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 20_000, interval: 10 })

/** A fault crosses from the worker's thread, so it may be told a moment after the client saw its end. */
const eventually = (faults: string[], expected: string[]): Promise<void> =>
  until(() => expect(faults).toEqual(expected))

test('[tck-id-conformance-mqtt-qos0] [tck-id-conformance-mqtt-qos1] what one client publishes another hears, at QoS 0 and 1', async () => {
  const { broker } = await start()
  const listener = await enter(broker)
  const heard = heardBy(listener)
  await listener.subscribeAsync('plant/#', { qos: 1 })
  const speaker = await enter(broker)
  await speaker.publishAsync('plant/a', '1', { qos: 0 })
  await speaker.publishAsync('plant/b', '2', { qos: 1 })
  await until(() => expect(heard).toEqual(['plant/a=1', 'plant/b=2']))
})

test('[tck-id-conformance-mqtt-retained] a retained message is told to whoever subscribes later, until an empty one ends it', async () => {
  const { broker } = await start()
  const speaker = await enter(broker)
  await speaker.publishAsync('plant/kept', 'last', { qos: 1, retain: true })
  await speaker.publishAsync('plant/ended', 'gone', { qos: 1, retain: true })
  await speaker.publishAsync('plant/ended', '', { qos: 1, retain: true })
  const listener = await enter(broker)
  const heard = heardBy(listener)
  await listener.subscribeAsync('plant/#')
  await speaker.publishAsync('plant/live', 'now', { qos: 1 })
  await until(() => expect(heard).toEqual(['plant/kept=last retained', 'plant/live=now']))
})

test('[tck-id-conformance-mqtt-will-messages] the will of a client that breaks off is told at QoS 1 and retained', async () => {
  const { broker } = await start()
  const listener = await enter(broker)
  const heard = heardBy(listener)
  await listener.subscribeAsync('plant/#', { qos: 1 })
  const will = { topic: 'plant/state', payload: Buffer.from('offline'), qos: 1 as const, retain: true }
  const doomed = await enter(broker, 'engineer', { will })
  doomed.stream.destroy()
  await until(() => expect(heard).toEqual(['plant/state=offline']))
  const late = await enter(broker)
  const heardLate = heardBy(late)
  await late.subscribeAsync('plant/state')
  await until(() => expect(heardLate).toEqual(['plant/state=offline retained']))
})

test('[SR-1.2!, SR-6.2] whoever gives no name, a wrong password or an unknown name is refused and counted', async () => {
  const { broker, faults } = await start()
  const url = `mqtt://127.0.0.1:${broker.port}`
  await expect(connectAsync(url, { reconnectPeriod: 0 })).rejects.toThrow(/Not authorized/)
  const wrong = { reconnectPeriod: 0, username: 'engineer', password: 'wrong' }
  await expect(connectAsync(url, wrong)).rejects.toThrow(/Bad username or password/)
  await expect(connectAsync(url, { ...wrong, username: 'nobody' })).rejects.toThrow(/Bad username or password/)
  await eventually(faults, [
    'broker mqtt-anonymous-refused',
    'broker mqtt-authentication-refused',
    'broker mqtt-authentication-refused',
  ])
})

test('when the accounts cannot be asked the client is told that the server is unavailable', async () => {
  const { broker, faults } = await start({ authenticate: () => Promise.reject(new Error('database is down')) })
  await expect(enter(broker)).rejects.toThrow(/Server unavailable/)
  await eventually(faults, ['broker mqtt-authenticator-failed', 'broker mqtt-authentication-unavailable'])
})

test('[SR-2.1!, SR-2.1-RE1!, SR-5.2-RE1!] a publish without the right reaches nobody, is counted, and ends the connection', async () => {
  const { broker, faults } = await start()
  const listener = await enter(broker)
  const heard = heardBy(listener)
  await listener.subscribeAsync('agent/#')
  const agent = await enter(broker, 'agent')
  await agent.publishAsync('agent/a1/samples', 'mine')
  const cut = cutOff(agent)
  agent.publish('agent/a2/samples', 'forged', { qos: 0 })
  await cut
  await eventually(faults, ['broker mqtt-publish-denied'])
  await until(() => expect(heard).toEqual(['agent/a1/samples=mine']))
})

test('[SR-2.1!, SR-2.1-RE1!, SR-5.2-RE1!] a subscription without the right is refused, however its filter is written, and the others stand', async () => {
  const { broker, faults } = await start()
  const agent = await enter(broker, 'agent')
  for (const filter of ['#', 'agent/+/orders', 'agent/#', '$SYS/#', '+/a1/orders']) {
    await expect(agent.subscribeAsync(filter)).rejects.toThrow(/Unspecified error/)
  }
  await expect(agent.subscribeAsync('agent/a1/orders')).resolves.toHaveLength(1)
  await eventually(
    faults,
    Array.from({ length: 5 }, () => 'broker mqtt-subscribe-denied'),
  )
})

test('[SR-5.2-RE1!] a will on a topic without the right refuses the connection', async () => {
  const { broker, faults } = await start()
  const will = { topic: 'agent/a2/status', payload: Buffer.from('x'), qos: 0 as const, retain: false }
  await expect(enter(broker, 'agent', { will })).rejects.toThrow(/Not authorized/)
  await eventually(faults, ['broker mqtt-will-denied'])
})

test('[SR-1.2!] an account cannot take over the client id of another', async () => {
  const { broker, faults } = await start()
  await enter(broker, 'engineer', { clientId: 'shared' })
  await expect(enter(broker, 'reader', { clientId: 'shared' })).rejects.toThrow(/Not authorized/)
  await eventually(faults, ['broker mqtt-client-id-taken'])
})

test("a bridge's $SYS notice is taken without cutting the bridge, and told to nobody", async () => {
  const { broker, faults } = await start()
  const victim = await enter(broker, 'engineer', { clientId: 'victim' })
  const heard = heardBy(victim)
  await victim.subscribeAsync(['#', '$SYS/#'])
  const bridge = await enter(broker, 'agent')
  await bridge.publishAsync('$SYS/other/new/clients', 'victim', { qos: 1, retain: true })
  await bridge.publishAsync('agent/a1/alive', 'yes', { qos: 1 })
  await until(() => expect(heard).toContain('agent/a1/alive=yes'))
  expect(heard.filter((each) => each.includes('=victim'))).toEqual([])
  expect(victim.connected).toBe(true)
  await eventually(faults, ['broker mqtt-system-topic-ignored'])
})

test('[SR-3.5!, SR-7.1!] malformed bytes cut only the client that sent them, and are counted', async () => {
  const { broker, faults } = await start()
  const bystander = await enter(broker)
  const heard = heardBy(bystander)
  await bystander.subscribeAsync('plant/#')
  const nonsense = ['f0000000', '10ffffffffff7f', '16250004', '100c00044d5154540402003c0000', '300300ffff', 'c100']
  for (const hex of nonsense) {
    const socket = await rawSocket(broker)
    const end = closed(socket)
    socket.write(Buffer.from(hex, 'hex'))
    // A packet that is merely unfinished waits for its rest; the end of the stream makes it final.
    socket.end()
    await end
  }
  await bystander.publishAsync('plant/a', 'still here', { qos: 1 })
  await until(() => expect(heard).toEqual(['plant/a=still here']))
  expect(faults).toContain('broker mqtt-malformed')
})

test('[SR-7.1!] a packet above the limit cuts its sender as soon as its length is known', async () => {
  const { broker, faults } = await start({ limits: { maxPacketBytes: 1000 } })
  const client = await enter(broker)
  const cut = cutOff(client)
  client.publish('plant/a', Buffer.alloc(2000))
  await cut
  await eventually(faults, ['broker mqtt-packet-too-large'])
})

test('a topic that is too long or too deep cuts its sender', async () => {
  const { broker, faults } = await start()
  for (const topic of ['x'.repeat(1025), 'a/'.repeat(40)]) {
    const client = await enter(broker)
    const cut = cutOff(client)
    client.publish(topic, '1')
    await cut
  }
  await eventually(faults, ['broker mqtt-topic-too-long', 'broker mqtt-topic-too-deep'])
})

test('[SR-7.1-RE1!] connections above the limit are turned away and counted', async () => {
  const { broker, faults } = await start({ limits: { maxConnections: 1 } })
  await enter(broker)
  await expect(enter(broker, 'reader')).rejects.toThrow()
  await until(() => expect(faults).toContain('broker mqtt-too-many-connections'))
})

test('[SR-7.1!] a frozen subscriber stalls nobody and is cut', async () => {
  const { broker, faults } = await start({ limits: { maxQueuedBytes: 1024 * 1024 } })
  const frozen = await rawSocket(broker)
  const subscribed = new Promise<void>((resolve) => {
    frozen.on('data', (bytes) => {
      if (bytes.includes(0x90)) resolve()
    })
  })
  frozen.write(connectPacket('frozen', 'engineer', 'right'))
  frozen.write(Buffer.from([0x82, 12, 0, 1, ...text('plant/#'), 0]))
  await subscribed
  frozen.removeAllListeners('data').pause()

  const awake = await enter(broker)
  let heard = 0
  awake.on('message', () => {
    heard += 1
  })
  await awake.subscribeAsync('plant/#')
  const speaker = await enter(broker)
  // Small against what may be queued: were Aedes to wait for this socket, it would stall after 100 messages, uncut.
  const payload = Buffer.alloc(4 * 1024)
  let sent = 0
  // More than the kernel's own socket buffers hold, then what the broker may queue.
  while (!faults.includes('broker mqtt-client-too-slow')) {
    await speaker.publishAsync('plant/a', payload, { qos: 1 })
    sent += 1
    if (sent > 20_000) throw new Error('the frozen subscriber was never cut')
    // Before the next one is sent the awake subscriber has this one: the frozen one holds up nobody.
    await vi.waitFor(() => expect(heard).toBe(sent), { interval: 1, timeout: 20_000 })
  }
  await closed(frozen)
})

test('kick ends the connections of one account and of no other', async () => {
  const { broker } = await start()
  const agents = [await enter(broker, 'agent'), await enter(broker, 'agent')]
  const engineer = await enter(broker)
  const cut = Promise.all(agents.map(cutOff))
  expect(await broker.kick('agent')).toBe(2)
  await cut
  await engineer.publishAsync('plant/a', '1', { qos: 1 })
  expect(await broker.kick('agent')).toBe(0)
})

test('retained messages and the queue of an absent session survive a restart', async () => {
  const home = folder()
  const first = await start({ folder: home })
  const session: IClientOptions = { clientId: 'historian', clean: false }
  const absent = await enter(first.broker, 'engineer', session)
  await absent.subscribeAsync('plant/#', { qos: 1 })
  await absent.endAsync()
  const speaker = await enter(first.broker)
  await speaker.publishAsync('plant/a', '1', { qos: 1, retain: true })
  await speaker.publishAsync('plant/b', '2', { qos: 1 })
  await speaker.publishAsync('plant/c', '3', { qos: 1, retain: true })
  await speaker.publishAsync('plant/c', '', { qos: 1, retain: true })
  await first.broker.close()

  const second = await start({ folder: home })
  await expect(enter(second.broker, 'reader', session)).rejects.toThrow(/Not authorized/)
  const heard: string[] = []
  const back = await connectWith(second.broker, session, heard)
  await until(() => expect(heard).toEqual(['plant/a=1', 'plant/b=2', 'plant/c=3', 'plant/c=']))
  await back.endAsync()
  const late = await enter(second.broker)
  const heardLate = heardBy(late)
  await late.subscribeAsync('plant/#')
  await until(() => expect(heardLate).toEqual(['plant/a=1 retained']))
})

test('what an absent session has acknowledged is not told again after a restart', async () => {
  const home = folder()
  const session: IClientOptions = { clientId: 'historian', clean: false }
  const first = await start({ folder: home })
  const heard: string[] = []
  const client = await connectWith(first.broker, session, heard)
  await client.subscribeAsync('plant/#', { qos: 1 })
  const speaker = await enter(first.broker)
  await speaker.publishAsync('plant/a', '1', { qos: 1 })
  await until(() => expect(heard).toEqual(['plant/a=1']))
  await client.endAsync()
  await first.broker.close()

  const second = await start({ folder: home })
  const again: string[] = []
  await connectWith(second.broker, session, again)
  await (await enter(second.broker)).publishAsync('plant/b', '2', { qos: 1 })
  await until(() => expect(again).toEqual(['plant/b=2']))
})

test('after a crash the wills of those who were connected are told, once', async () => {
  const home = folder()
  // What the file holds when the process was killed while a client with a will was connected.
  const store = new BrokerStore(join(home, 'broker.sqlite'), 1_000, () => {})
  store.putWill('doomed', { topic: 'plant/state', payload: Buffer.from('offline'), qos: 1, retain: true })
  store.close()
  const first = await start({ folder: home })
  const heard: string[] = []
  const client = await connectWith(first.broker, {}, heard)
  await client.subscribeAsync('plant/#')
  await until(() => expect(heard).toEqual(['plant/state=offline']))
  await client.publishAsync('plant/state', 'online', { qos: 1, retain: true })
  await first.broker.close()

  const second = await start({ folder: home })
  const later: string[] = []
  await (await connectWith(second.broker, {}, later)).subscribeAsync('plant/#')
  await until(() => expect(later).toEqual(['plant/state=online']))
})

test('[SR-4.1-RE1] the file of what is kept is for its owner alone', async () => {
  const home = folder()
  await start({ folder: home })
  for (const name of readdirSync(home)) expect(statSync(join(home, name)).mode & 0o077).toBe(0)
  expect(readdirSync(home)).toContain('broker.sqlite')
})

test('[SR-7.2!] an absent session keeps no more than its limit, and what is lost is counted', async () => {
  const { broker, faults } = await start({ limits: { maxOfflineMessages: 2 } })
  const session: IClientOptions = { clientId: 'historian', clean: false }
  const absent = await enter(broker, 'engineer', session)
  await absent.subscribeAsync('plant/#', { qos: 1 })
  await absent.endAsync()
  const speaker = await enter(broker)
  for (const each of ['1', '2', '3']) await speaker.publishAsync('plant/a', each, { qos: 1 })
  const heard: string[] = []
  await connectWith(broker, session, heard)
  await until(() => expect(heard).toEqual(['plant/a=1', 'plant/a=2']))
  await eventually(faults, ['broker mqtt-offline-queue-full'])
})

test('a port in use is a conflict that names the port and what to do', async () => {
  const { broker } = await start()
  await expect(start({ port: broker.port })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'broker.port-in-use',
    message: expect.stringContaining(`Port ${broker.port} on 127.0.0.1 is in use`),
  })
})

test('a folder that cannot hold its file is refused by its name', async () => {
  const home = folder()
  writeFileSync(join(home, 'taken'), '')
  mkdirSync(join(home, 'other', 'broker.sqlite'), { recursive: true })
  for (const name of ['taken', 'other']) {
    await expect(start({ folder: join(home, name) })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'broker.folder-unusable',
      message: expect.stringContaining(join(home, name)),
    })
  }
})

test('[P11-30-2!, SR-4.1-RE1!] beyond loopback the broker wants TLS', async () => {
  await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ kind: 'invalid', code: 'broker.tls-required' })
})

test('[P11-30-2!, SR-3.1, SR-4.1-RE1!] with a certificate it speaks TLS, and a client without it is counted and harms nobody', async () => {
  const tls = selfSignedCertificate()
  const { broker, faults } = await start({ tls })
  const client = await connectAsync(`mqtts://127.0.0.1:${broker.port}`, {
    username: 'engineer',
    password: 'right',
    reconnectPeriod: 0,
    ca: tls.cert,
  })
  cleanUps.push(() => client.endAsync(true))
  const plain = await rawSocket(broker)
  const end = closed(plain)
  plain.write(connectPacket('plain', 'engineer', 'right'))
  await end
  await eventually(faults, ['broker mqtt-tls-failed'])
  await client.publishAsync('plant/a', '1', { qos: 1 })
})

test('closing twice is safe', async () => {
  const { broker } = await start()
  await Promise.all([broker.close(), broker.close()])
  expect(await broker.kick('engineer')).toBe(0)
})

const text = (value: string): number[] => [0, value.length, ...Buffer.from(value)]

function connectPacket(clientId: string, username: string, password: string): Buffer {
  const rest = [...text('MQTT'), 4, 0xc2, 0, 0, ...text(clientId), ...text(username), ...text(password)]
  return Buffer.from([0x10, rest.length, ...rest])
}

/** Listens before the connection stands: a resumed session is told what waited before `connect` returns. */
async function connectWith(broker: Broker, options: IClientOptions, heard: string[]): Promise<MqttClient> {
  const { connect } = await import('mqtt')
  const client = connect(`mqtt://127.0.0.1:${broker.port}`, {
    username: 'engineer',
    password: 'right',
    reconnectPeriod: 0,
    ...options,
  })
  cleanUps.push(() => client.endAsync(true))
  client.on('message', (topic, payload) => heard.push(`${topic}=${payload}`))
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject))
  return client
}
