import { readFile } from 'node:fs/promises'
import type { Clock } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type {
  ClientSecureChannelLayer,
  ClientSession,
  ClientSessionPublishService,
  ClientSessionRawSubscriptionService,
  DataValue,
  UserIdentityInfo,
} from 'node-opcua'
import {
  AttributeIds,
  LogLevel,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  setLogLevel,
  UserTokenType,
} from 'node-opcua'
import type { CertificateStore } from './certificate-store.ts'
import { assertTrusted, openCertificateStore } from './certificate-store.ts'
import { beforeDeadline, unlessAborted } from './deadline.ts'
import { asDomainError, firstLineOf } from './failure.ts'
import type { OpcUaOptions } from './options.ts'

// Whatever node-opcua would print is told to the caller as an error or a fault; it has no console of its own.
setLogLevel(LogLevel.Critic)

/** The session with its plain services: its class has them all, its main interface hides these two groups. */
export type UaSession = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService

/** How many nodes the server takes in one request. */
export interface OperationLimits {
  readonly nodesPerRead: number
  readonly nodesPerBrowse: number
  readonly itemsPerCall: number
}

export interface DialRequest {
  readonly name: string
  readonly options: OpcUaOptions
  readonly clock: Clock
  readonly homeDir: string
}

const limitNodes = ['i=11705', 'i=11710', 'i=11714'] as const
/** Also for a server without limits: one message should not grow without end. */
const mostPerRequest = 1000
/** A server that is gone cannot say goodbye: do not wait for it longer than this. */
const goodbyeMs = 1000
const sessionTimeoutMs = 60_000

/**
 * One secure channel with one session on it. It never reconnects: the first break is told to `onBroken`, once, unless
 * `end` came first.
 */
export class Link {
  readonly options: OpcUaOptions
  readonly session: UaSession
  readonly namespaces: readonly string[]
  readonly limits: OperationLimits
  readonly #line: Line

  private constructor(options: OpcUaOptions, session: UaSession, line: Line, facts: ServerFacts) {
    this.options = options
    this.session = session
    this.#line = line
    this.namespaces = facts.namespaces
    this.limits = facts.limits
  }

  /**
   * Dials, opens the session, and asks for what the driver must know of the server.
   *
   * @throws DomainError; nothing of the attempt is left behind
   */
  static async open(request: DialRequest, signal: AbortSignal, onBroken: (reason: string) => void): Promise<Link> {
    const { options } = request
    // Making the key takes as long as the processor needs; only what the network does is put under the deadline.
    const store = await openCertificateStore(request.homeDir, request.clock)
    const lines: Line[] = []
    let isGivenUp = false
    const newLine: NewLine = (certificate) => {
      // The steps of a dial that was given up run on until they notice: none of them may dial again.
      if (isGivenUp) throw new DomainError('unavailable', 'opcua.closed', 'the dial was given up')
      const line = new Line(request, store, certificate)
      lines.push(line)
      return line
    }
    const dial = async (): Promise<Link> => {
      const user = await userOf(options)
      const certificate = options.securityMode === 'None' ? null : await serverCertificateOf(options, store, newLine)
      const line = newLine(certificate)
      const session = await line.openSession(user)
      const facts = await factsOf(session)
      line.onBroken(onBroken)
      return new Link(options, session, line, facts)
    }
    const dialling = signal.aborted ? Promise.reject<Link>(signal.reason) : dial()
    try {
      return await unlessAborted(beforeDeadline(dialling, options.timeoutMs, `dialling ${options.endpointUrl}`), signal)
    } catch (error) {
      isGivenUp = true
      if (signal.aborted) {
        // The server may be just opening the session: only who waits for that can close it, and servers have few.
        await beforeDeadline(Promise.allSettled([dialling]), goodbyeMs, 'the last step of the dial').catch(() => {})
        await Promise.all(lines.map(async (line) => await line.hangUp()))
      } else await Promise.all(lines.map(async (line) => await line.cut()))
      await store.manager.dispose()
      throw asDomainError(error, options.endpointUrl)
    }
  }

  /** The answer of one request, or a DomainError within the time-out. */
  async ask<T>(work: Promise<T>, what: string): Promise<T> {
    try {
      return await beforeDeadline(work, this.options.timeoutMs, `${what} at ${this.options.endpointUrl}`)
    } catch (error) {
      throw asDomainError(error, this.options.endpointUrl)
    }
  }

  /** Says goodbye and hangs up; hangs up anyway when the server does not answer. */
  async end(): Promise<void> {
    await this.#line.hangUp()
  }

  /** Hangs up at once: the server is known not to answer. */
  async cut(): Promise<void> {
    await this.#line.cut()
  }
}

/** Null = a line without security. */
type NewLine = (serverCertificate: Buffer | null) => Line

/** One node-opcua client, with all its ways of not ending closed. */
class Line {
  readonly #client: OPCUAClient
  readonly #store: CertificateStore
  readonly #endpointUrl: string
  #channel: ClientSecureChannelLayer | null = null
  #ended = false

  constructor(request: DialRequest, store: CertificateStore, serverCertificate: Buffer | null) {
    const { options } = request
    this.#store = store
    this.#endpointUrl = options.endpointUrl
    this.#client = OPCUAClient.create({
      applicationName: 'Throughline',
      applicationUri: store.applicationUri,
      clientName: `throughline-${request.name}`,
      clientCertificateManager: store.manager,
      certificateFile: store.certificateFile,
      // 0 = neither retry nor reconnect: both are the edge runtime's work.
      connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
      defaultTransactionTimeout: options.timeoutMs,
      transportTimeout: options.timeoutMs,
      requestedSessionTimeout: sessionTimeoutMs,
      keepSessionAlive: false,
      endpointMustExist: false,
      ...(serverCertificate === null
        ? { securityMode: MessageSecurityMode.None, securityPolicy: SecurityPolicy.None }
        : {
            securityMode: MessageSecurityMode[options.securityMode],
            securityPolicy: SecurityPolicy[options.securityPolicy],
            serverCertificate,
          }),
    })
    this.#client.on('secure_channel_created', (channel) => {
      this.#channel = channel
      // A dial that was given up may still get this far.
      if (this.#ended) channel.abortConnection(() => {})
    })
  }

  get client(): OPCUAClient {
    return this.#client
  }

  async connect(): Promise<void> {
    await this.#client.connect(this.#endpointUrl)
  }

  async openSession(user: UserIdentityInfo): Promise<UaSession> {
    await this.connect()
    return (await this.#client.createSession(user)) as UaSession
  }

  onBroken(tell: (reason: string) => void): void {
    this.#client.on('close', (error) => {
      if (this.#ended) return
      tell(`the connection broke: ${error ? firstLineOf(error) : 'closed by the server'}`)
    })
  }

  async hangUp(): Promise<void> {
    this.#ended = true
    try {
      await beforeDeadline(this.#client.disconnect(), goodbyeMs, 'saying goodbye')
      await this.#store.manager.dispose()
    } catch {
      await this.cut()
    }
  }

  async cut(): Promise<void> {
    this.#ended = true
    this.#channel?.abortConnection(() => {})
    try {
      await beforeDeadline(this.#client.disconnect(), goodbyeMs, 'hanging up')
    } catch {
      // The socket is gone already; what the stack still holds ends with its own time-outs.
    }
    await this.#store.manager.dispose()
  }
}

/** Asks the server, on a line of its own without security, which certificate it shows, and checks that. */
async function serverCertificateOf(options: OpcUaOptions, store: CertificateStore, newLine: NewLine): Promise<Buffer> {
  const line = newLine(null)
  await line.connect()
  const endpoints = await line.client.getEndpoints()
  await line.client.disconnect()
  const wanted = endpoints.find(
    (endpoint) =>
      endpoint.securityMode === MessageSecurityMode[options.securityMode] &&
      endpoint.securityPolicyUri === SecurityPolicy[options.securityPolicy],
  )
  if (wanted?.serverCertificate === undefined) {
    const offered = [...new Set(endpoints.map(nameOfSecurity))].join(', ')
    throw new DomainError(
      'invalid',
      'opcua.security-not-offered',
      `${options.endpointUrl} does not offer ${options.securityMode} with ${options.securityPolicy}; it offers ${offered}`,
      { offered },
    )
  }
  await assertTrusted(store, wanted.serverCertificate, options.endpointUrl)
  return wanted.serverCertificate
}

function nameOfSecurity(endpoint: { securityMode: MessageSecurityMode; securityPolicyUri: string | null }): string {
  const policy = endpoint.securityPolicyUri?.split('#')[1] ?? 'unknown'
  return `${MessageSecurityMode[endpoint.securityMode]} with ${policy}`
}

async function userOf(options: OpcUaOptions): Promise<UserIdentityInfo> {
  if (options.user === null) return { type: UserTokenType.Anonymous }
  const { name, passwordFile } = options.user
  try {
    const password = (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '')
    return { type: UserTokenType.UserName, userName: name, password }
  } catch (error) {
    throw new DomainError(
      'invalid',
      'opcua.password-unreadable',
      `option passwordFile: ${passwordFile} cannot be read (${firstLineOf(error)})`,
      { passwordFile },
      error,
    )
  }
}

interface ServerFacts {
  readonly namespaces: readonly string[]
  readonly limits: OperationLimits
}

async function factsOf(session: UaSession): Promise<ServerFacts> {
  const namespaces = await session.readNamespaceArray()
  const answers = await session.read(
    limitNodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
    0,
  )
  const [nodesPerRead, nodesPerBrowse, itemsPerCall] = answers.map(limitOf)
  return {
    namespaces,
    limits: {
      nodesPerRead: nodesPerRead ?? mostPerRequest,
      nodesPerBrowse: nodesPerBrowse ?? mostPerRequest,
      itemsPerCall: itemsPerCall ?? mostPerRequest,
    },
  }
}

/** Absent, bad or 0 means that the server sets no limit. */
function limitOf(answer: DataValue): number {
  const limit: unknown = answer.statusCode.isGood() ? answer.value.value : 0
  return typeof limit === 'number' && limit > 0 ? Math.min(limit, mostPerRequest) : mostPerRequest
}
