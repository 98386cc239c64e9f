import type { AedesPublishPacket } from 'aedes'
import type { ReportFault } from './fault.ts'
import type { BrokerStore, StoredMessage } from './store.ts'

type Packet = Pick<AedesPublishPacket, 'topic' | 'payload' | 'qos' | 'retain' | 'brokerId' | 'brokerCounter'>
interface Subscription {
  readonly topic: string
  readonly qos: number
}

/** The part of Aedes' in-memory persistence that is mirrored to disk; its types leave the property out. */
export interface Memory {
  storeRetained(packet: Packet): Promise<void>
  addSubscriptions(client: { id: string }, subscriptions: readonly Subscription[]): Promise<void>
  removeSubscriptions(client: { id: string }, topics: readonly string[]): Promise<void>
  cleanSubscriptions(client: { id: string }): Promise<void>
  subscriptionsByClient(client: { id: string }): Promise<Subscription[]>
  outgoingEnqueue(target: { clientId: string }, packet: Packet): Promise<void>
  outgoingEnqueueCombi(targets: readonly { clientId: string }[], packet: Packet): Promise<void>
  outgoingClearMessageId(client: { id: string }, packet: { messageId?: number }): Promise<Packet | undefined>
  putWill(client: { id: string }, packet: Packet): Promise<void>
  delWill(client: { id: string }): Promise<Packet | undefined>
}

export interface MirrorOptions {
  /** Null keeps everything in memory; the limit on absent sessions holds all the same. */
  readonly store: BrokerStore | null
  readonly maxOfflineMessages: number
  readonly usernameOf: (clientId: string) => string
  readonly reportFault: ReportFault
}

/** Who owns which persistent session: nobody else may take it over and read what waits in it. */
export type SessionOwners = Map<string, string>

/**
 * Fills Aedes' memory from the store, then copies every later change to it. Aedes ships persistence for databases of
 * their own only; keeping its memory in charge leaves its protocol logic untouched.
 */
export async function mirrorToDisk(memory: Memory, options: MirrorOptions): Promise<SessionOwners> {
  const { store, reportFault } = options
  const owners: SessionOwners = new Map()
  const waiting = new Map<string, number>()
  if (store) await fill(memory, store, owners, waiting)

  const storeRetained = memory.storeRetained.bind(memory)
  memory.storeRetained = (packet) => {
    store?.retain(messageFrom(packet))
    return storeRetained(packet)
  }

  const rememberSession = async (clientId: string): Promise<void> => {
    const subscriptions = await memory.subscriptionsByClient({ id: clientId })
    const owner = owners.get(clientId) ?? options.usernameOf(clientId)
    owners.set(clientId, owner)
    store?.putSession(clientId, owner, subscriptions)
  }
  const addSubscriptions = memory.addSubscriptions.bind(memory)
  memory.addSubscriptions = async (client, subscriptions) => {
    await addSubscriptions(client, subscriptions)
    await rememberSession(client.id)
  }
  const removeSubscriptions = memory.removeSubscriptions.bind(memory)
  memory.removeSubscriptions = async (client, topics) => {
    await removeSubscriptions(client, topics)
    if (owners.has(client.id)) await rememberSession(client.id)
  }
  const cleanSubscriptions = memory.cleanSubscriptions.bind(memory)
  memory.cleanSubscriptions = async (client) => {
    if (owners.delete(client.id)) store?.deleteSession(client.id)
    await cleanSubscriptions(client)
  }

  const enqueue = memory.outgoingEnqueue.bind(memory)
  memory.outgoingEnqueue = async (target, packet) => {
    const count = waiting.get(target.clientId) ?? 0
    if (count >= options.maxOfflineMessages) {
      reportFault('mqtt-offline-queue-full', `${target.clientId} has ${count} messages waiting; lost: ${packet.topic}`)
      return
    }
    waiting.set(target.clientId, count + 1)
    store?.enqueue(target.clientId, keyOf(packet), messageFrom(packet))
    await enqueue(target, packet)
  }
  memory.outgoingEnqueueCombi = async (targets, packet) => {
    for (const target of targets) await memory.outgoingEnqueue(target, packet)
  }
  const clear = memory.outgoingClearMessageId.bind(memory)
  memory.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet)
    if (cleared) {
      waiting.set(client.id, Math.max(0, (waiting.get(client.id) ?? 0) - 1))
      store?.dequeue(client.id, keyOf(cleared))
    }
    return cleared
  }

  const putWill = memory.putWill.bind(memory)
  memory.putWill = (client, packet) => {
    store?.putWill(client.id, messageFrom(packet))
    return putWill(client, packet)
  }
  const deleteWill = memory.delWill.bind(memory)
  memory.delWill = (client) => {
    store?.deleteWill(client.id)
    return deleteWill(client)
  }
  return owners
}

async function fill(
  memory: Memory,
  store: BrokerStore,
  owners: SessionOwners,
  waiting: Map<string, number>,
): Promise<void> {
  for (const message of store.retained()) await memory.storeRetained(packetFrom(message, ':0'))
  for (const { clientId, username, subscriptions, queue } of store.sessions()) {
    owners.set(clientId, username)
    await memory.addSubscriptions({ id: clientId }, subscriptions)
    for (const message of queue) await memory.outgoingEnqueue({ clientId }, packetFrom(message, message.key))
    waiting.set(clientId, queue.length)
  }
}

/** Aedes tells queued messages apart by the broker that took them and that broker's count. */
const keyOf = (packet: Packet): string => `${packet.brokerId}:${packet.brokerCounter}`

function messageFrom(packet: Packet): StoredMessage {
  const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
  return { topic: packet.topic, payload, qos: packet.qos, retain: packet.retain }
}

function packetFrom({ topic, payload, qos, retain }: StoredMessage, key: string): Packet {
  const separator = key.lastIndexOf(':')
  return {
    topic,
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.length),
    qos: qos === 2 ? 2 : qos === 1 ? 1 : 0,
    retain,
    brokerId: key.slice(0, separator),
    brokerCounter: Number(key.slice(separator + 1)),
  }
}
