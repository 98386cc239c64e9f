import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { DomainError, messageOf } from '@throughline/kernel'
import type { BrokerLimits, Order, Report, WorkerSettings } from './protocol.ts'
import { storeFailed } from './protocol.ts'
import type { BrokerRights } from './rights.ts'

export interface BrokerOptions {
  /** Default `127.0.0.1`; any other than loopback needs `tls`. */
  readonly host?: string
  /** 0 = one that is free. */
  readonly port: number
  /** Certificate chain and key, both PEM text. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Where retained messages and persistent sessions are kept (`broker.sqlite`); null keeps them in memory only. */
  readonly folder: string | null
  /** Called for every connection; null refuses it. When it throws, the client is told that the server is unavailable. */
  readonly authenticate: (username: string, password: string, clientId: string) => Promise<BrokerRights | null>
  /** Bad input and trouble: always source `broker`, a kebab-case cause, one example. */
  readonly onFault: (source: string, cause: string, example: string) => void
  readonly limits?: Partial<BrokerLimits>
}

/** A running broker. */
export interface Broker {
  readonly host: string
  readonly port: number
  /** Cuts every connection of one account (its rights are asked again at the next one); answers how many there were. */
  kick(username: string): Promise<number>
  /** Says every connected client's will, writes what is kept and stops; safe to call twice. */
  close(): Promise<void>
}

const defaultLimits: BrokerLimits = {
  maxPacketBytes: 8 * 1024 * 1024,
  maxConnections: 1_000,
  maxTopicLength: 1_024,
  maxTopicLevels: 32,
  maxQueuedBytes: 8 * 1024 * 1024,
  maxOfflineMessages: 10_000,
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Starts an MQTT 3.1.1 broker in a worker thread of its own and waits until it listens.
 *
 * @throws DomainError `conflict` (`broker.port-in-use`), `forbidden` (`broker.port-forbidden`), `invalid`
 * (`broker.tls-required`, `broker.folder-unusable`, `broker.cannot-listen`)
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const host = options.host ?? '127.0.0.1'
  if (!loopback.has(host) && !options.tls) {
    throw new DomainError(
      'invalid',
      'broker.tls-required',
      `The broker listens on ${host} only with TLS: give it a certificate and key, or let it listen on 127.0.0.1`,
      { host },
    )
  }
  if (options.folder !== null) makeFolder(options.folder)
  const settings: WorkerSettings = {
    host,
    port: options.port,
    tls: options.tls ?? null,
    file: options.folder === null ? null : join(options.folder, 'broker.sqlite'),
    limits: { ...defaultLimits, ...options.limits },
  }
  const thread = new BrokerThread(settings, options)
  const port = await thread.listening
  return { host, port, kick: (username) => thread.kick(username), close: () => thread.close() }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw folderUnusable(folder, messageOf(error), error)
  }
}

function folderUnusable(folder: string, reason: string, cause?: unknown): DomainError {
  const text = `The broker cannot keep its messages in ${folder}: ${reason}`
  return new DomainError('invalid', 'broker.folder-unusable', text, { folder }, cause)
}

/** The main thread's end of the worker. */
class BrokerThread {
  readonly listening: Promise<number>
  readonly #worker: Worker
  readonly #options: BrokerOptions
  readonly #kicks = new Map<number, (count: number) => void>()
  readonly #exited: Promise<void>
  #lastKick = 0
  #ended = false

  constructor(settings: WorkerSettings, options: BrokerOptions) {
    this.#options = options
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings, name: 'broker' })
    const listening = Promise.withResolvers<number>()
    this.listening = listening.promise
    this.#worker.on('message', (report: Report) => {
      if (report.type === 'listening') listening.resolve(report.port)
      else if (report.type === 'failed') listening.reject(cannotListen(settings, report))
      else if (report.type === 'fault') options.onFault('broker', report.cause, report.example)
      else if (report.type === 'authenticate') void this.#authenticate(report)
      else if (report.type === 'kicked') this.#endKick(report)
    })
    this.#worker.on('error', (error) => {
      options.onFault('broker', 'broker-stopped', messageOf(error))
      listening.reject(cannotListen(settings, { code: '', message: messageOf(error) }))
    })
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#ended = true
        for (const settle of this.#kicks.values()) settle(0)
        resolve()
      })
    })
  }

  kick(username: string): Promise<number> {
    if (this.#ended) return Promise.resolve(0)
    this.#lastKick += 1
    const request = this.#lastKick
    return new Promise((resolve) => {
      this.#kicks.set(request, resolve)
      this.#tell({ type: 'kick', request, username })
    })
  }

  async close(): Promise<void> {
    if (!this.#ended) this.#tell({ type: 'close' })
    await this.#exited
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order)
  }

  #endKick({ request, count }: { request: number; count: number }): void {
    this.#kicks.get(request)?.(count)
    this.#kicks.delete(request)
  }

  async #authenticate({ request, username, password, clientId }: Report & { type: 'authenticate' }): Promise<void> {
    try {
      const rights = await this.#options.authenticate(username, password, clientId)
      this.#tell({ type: 'rights', request, rights, failed: false })
    } catch (error) {
      this.#options.onFault('broker', 'mqtt-authenticator-failed', messageOf(error))
      this.#tell({ type: 'rights', request, rights: null, failed: true })
    }
  }
}

function cannotListen(
  { host, port, file }: WorkerSettings,
  { code, message }: { code: string; message: string },
): DomainError {
  if (code === storeFailed) return folderUnusable(file ?? '', message)
  const where = { host, port }
  if (code === 'EADDRINUSE') {
    const text = `Port ${port} on ${host} is in use: stop the program that holds it or choose another MQTT port`
    return new DomainError('conflict', 'broker.port-in-use', text, where)
  }
  if (code === 'EACCES') {
    const text = `Port ${port} on ${host} may not be opened by this user: choose one above 1023`
    return new DomainError('forbidden', 'broker.port-forbidden', text, where)
  }
  return new DomainError(
    'invalid',
    'broker.cannot-listen',
    `The broker cannot listen on ${host}:${port}: ${message}`,
    where,
  )
}
