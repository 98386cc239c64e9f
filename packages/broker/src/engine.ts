import type { EventEmitter } from 'node:events'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { messageOf } from '@throughline/kernel'
import type { Client } from 'aedes'
import { Aedes } from 'aedes'
import type { AskRights } from './door.ts'
import { Door } from './door.ts'
import type { ReportFault } from './fault.ts'
import { causeOf } from './fault.ts'
import { guardPackets } from './packet-guard.ts'
import type { Memory, SessionOwners } from './persistence.ts'
import { mirrorToDisk } from './persistence.ts'
import type { WorkerSettings } from './protocol.ts'
import { storeFailed } from './protocol.ts'
import type { GuardedSocket } from './slow-client-guard.ts'
import { guardSlowClients, socketHighWaterMark } from './slow-client-guard.ts'
import { BrokerStore } from './store.ts'

export interface Engine {
  readonly port: number
  /** Ends every connection of one account; answers how many there were. */
  kick(username: string): number
  close(): Promise<void>
}

const flushEveryMs = 250
const connectTimeoutMs = 10_000

/** Aedes with a door, guards and a store, listening. Rejects with the operating system's error when it cannot listen. */
export async function startEngine(
  settings: WorkerSettings,
  askRights: AskRights,
  reportFault: ReportFault,
): Promise<Engine> {
  const { limits } = settings
  const server = serverFor(settings)
  const store = settings.file === null ? null : openStore(settings.file, reportFault)
  const clients = new Map<string, Client>()
  let owners: SessionOwners = new Map()
  const door = new Door({
    ask: askRights,
    limits,
    reportFault,
    owners: () => owners,
    connected: (clientId) => clients.get(clientId),
  })
  const aedes = new Aedes({
    maxTopicLevels: limits.maxTopicLevels,
    connectTimeout: connectTimeoutMs,
    preConnect: (_client, packet, done) => {
      const refusal = door.checkConnect(packet)
      done(refusal, refusal === null)
    },
    authenticate: (client, username, password, done) => void door.authenticate(client, username, password, done),
    authorizePublish: (client, packet, done) => done(door.refusalToPublish(client, packet)),
    authorizeSubscribe: (client, subscription, done) =>
      done(null, door.maySubscribe(client, subscription.topic) ? subscription : null),
  })
  aedes.on('client', (client) => clients.set(client.id, client))
  aedes.on('clientDisconnect', (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id)
  })
  const reportEnd = (client: Client, error: Error): void => {
    const cause = causeOf(error)
    // A refusal at the door was counted there.
    if (cause !== null && cause !== 'mqtt-refused') {
      reportFault(cause, `${client.id ?? 'a client that never said who it is'}: ${error.message}`)
    }
  }
  aedes.on('clientError', reportEnd)
  aedes.on('connectionError', reportEnd)
  const internal: EventEmitter = aedes
  internal.on('error', (error: Error) => reportFault('broker-internal', error.message))

  await aedes.listen()
  const { persistence } = aedes as unknown as { persistence: Memory }
  const wills = store?.wills() ?? []
  owners = await mirrorToDisk(persistence, {
    store,
    maxOfflineMessages: limits.maxOfflineMessages,
    usernameOf: (clientId) => {
      const client = clients.get(clientId)
      return (client && door.usernameOf(client)) ?? ''
    },
    reportFault,
  })
  // Whoever was connected when the broker was killed is gone now, and its last word is due.
  for (const will of wills) {
    aedes.publish({ cmd: 'publish', dup: false, ...will, payload: Buffer.from(will.payload), qos: 0 }, () => {})
  }
  store?.clearWills()

  const sockets = new Set<GuardedSocket>()
  const accept = (socket: Socket): void => {
    const client = aedes.handle(socket)
    guardPackets(client, limits.maxPacketBytes)
    const guarded: GuardedSocket = {
      socket,
      isKnown: () => client.connected,
      cut: (cause, example) => {
        sockets.delete(guarded)
        reportFault(cause, `${client.id ?? socket.remoteAddress}: ${example}`)
        socket.destroy()
      },
    }
    sockets.add(guarded)
    socket.once('close', () => sockets.delete(guarded))
  }
  server.on(settings.tls ? 'secureConnection' : 'connection', accept)
  server.on('tlsClientError', (error: Error) => reportFault('mqtt-tls-failed', error.message))
  server.on('drop', () => reportFault('mqtt-too-many-connections', `more than ${limits.maxConnections}`))
  server.maxConnections = limits.maxConnections

  try {
    await listen(server, settings)
  } catch (error) {
    await closeAedes(aedes)
    store?.close()
    throw error
  }
  const stopGuard = guardSlowClients(sockets, limits.maxQueuedBytes)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : settings.port,
    kick: (username) => {
      const theirs = [...clients.values()].filter((client) => door.usernameOf(client) === username)
      for (const client of theirs) client.close()
      return theirs.length
    },
    close: async () => {
      stopGuard()
      const closed = new Promise((resolve) => server.close(resolve))
      await closeAedes(aedes)
      for (const { socket } of sockets) socket.destroy()
      await closed
      store?.close()
    },
  }
}

function openStore(file: string, reportFault: ReportFault): BrokerStore {
  try {
    return new BrokerStore(file, flushEveryMs, reportFault)
  } catch (error) {
    throw Object.assign(new Error(messageOf(error), { cause: error }), { code: storeFailed })
  }
}

function serverFor({ tls }: WorkerSettings): Server {
  const options = { highWaterMark: socketHighWaterMark, noDelay: true }
  return tls ? createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2' }) : createServer(options)
}

function listen(server: Server, { host, port }: WorkerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(resolve))
}
