import type { AedesPublishPacket, AuthenticateError, Client } from 'aedes'
import type { ReportFault } from './fault.ts'
import { Refusal } from './fault.ts'
import type { SessionOwners } from './persistence.ts'
import type { BrokerLimits } from './protocol.ts'
import type { BrokerRights } from './rights.ts'
import { allows } from './rights.ts'

/** Asks the main thread; null when the account is unknown or its password is wrong. */
export type AskRights = (username: string, password: string, clientId: string) => Promise<BrokerRights | null>

type Publish = Pick<AedesPublishPacket, 'topic' | 'payload' | 'retain'>

/** Nobody can subscribe to a topic that no filter of any right covers, so what is moved here reaches nobody. */
const nowhere = '$nowhere'

const maxClientIdLength = 256

/**
 * Who may come in, and what they may say and hear. Default deny: without a user name nobody is let in, and a right that
 * is not given is refused, counted and, for a publish, answered by cutting the connection (MQTT 3.1.1 has no "no").
 */
export class Door {
  readonly #sessions = new WeakMap<object, { username: string; rights: BrokerRights }>()
  readonly #ask: AskRights
  readonly #limits: BrokerLimits
  readonly #reportFault: ReportFault
  readonly #owners: () => SessionOwners
  readonly #connected: (clientId: string) => Client | undefined

  constructor(options: {
    ask: AskRights
    limits: BrokerLimits
    reportFault: ReportFault
    owners: () => SessionOwners
    connected: (clientId: string) => Client | undefined
  }) {
    this.#ask = options.ask
    this.#limits = options.limits
    this.#reportFault = options.reportFault
    this.#owners = options.owners
    this.#connected = options.connected
  }

  usernameOf(client: object): string | undefined {
    return this.#sessions.get(client)?.username
  }

  /** Refuses before any password is looked at. */
  checkConnect(packet: { clientId: string }): Error | null {
    if (packet.clientId.length <= maxClientIdLength) return null
    return new Refusal('mqtt-client-id-too-long', `A client id of ${packet.clientId.length} characters`)
  }

  async authenticate(
    client: Client & { _will?: Publish },
    username: string | undefined,
    password: Uint8Array | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): Promise<void> {
    const refuse = (returnCode: 3 | 4 | 5, cause: string, example: string): void => {
      this.#reportFault(cause, example)
      done(Object.assign(new Refusal('mqtt-refused', example), { returnCode }), false)
    }
    const who = `client "${client.id}" as "${username ?? ''}"`
    if (!username || !password?.length)
      return refuse(5, 'mqtt-anonymous-refused', `${who} gave no user name and password`)
    let rights: BrokerRights | null
    try {
      rights = await this.#ask(username, new TextDecoder().decode(password), client.id)
    } catch (error) {
      return refuse(3, 'mqtt-authentication-unavailable', `${who}: ${error instanceof Error ? error.message : error}`)
    }
    if (!rights) return refuse(4, 'mqtt-authentication-refused', who)
    const connected = this.#connected(client.id)
    const owner = (connected && this.usernameOf(connected)) ?? this.#owners().get(client.id)
    if (owner !== undefined && owner !== username) {
      return refuse(5, 'mqtt-client-id-taken', `${who}, but the session is of "${owner}"`)
    }
    // Learnt too late otherwise: the will is published when its owner is gone and nobody can be told.
    const will = client._will
    if (will && !will.topic.startsWith('$SYS/') && !allows(rights.publish, will.topic)) {
      return refuse(5, 'mqtt-will-denied', `${who}: will on ${will.topic}`)
    }
    this.#sessions.set(client, { username, rights })
    done(null, true)
  }

  /** Why this publish must not pass, null when it may. */
  refusalToPublish(client: Client | null, packet: Publish): Refusal | null {
    // The broker's own notices.
    if (client === null) return null
    const session = this.#sessions.get(client)
    if (packet.topic.startsWith('$SYS/')) {
      // Bridges report their state here. Cutting them would break the bridge, and passing it on would let any client
      // speak as the broker (a forged "new client" notice throws others out): taken, and told to nobody.
      this.#reportFault('mqtt-system-topic-ignored', `${session?.username}: ${packet.topic}`)
      packet.topic = nowhere
      packet.payload = Buffer.alloc(0)
      packet.retain = false
      return null
    }
    if (packet.topic.length > this.#limits.maxTopicLength) {
      return new Refusal('mqtt-topic-too-long', `${session?.username}: ${packet.topic.slice(0, 100)}…`)
    }
    if (session && allows(session.rights.publish, packet.topic)) return null
    return new Refusal('mqtt-publish-denied', `${session?.username} on ${packet.topic}`)
  }

  /** Whether the subscription is granted; a refused one is answered with 0x80. */
  maySubscribe(client: Client, filter: string): boolean {
    const session = this.#sessions.get(client)
    const tooLong = filter.length > this.#limits.maxTopicLength
    if (session && !tooLong && allows(session.rights.subscribe, filter)) return true
    const cause = tooLong ? 'mqtt-topic-too-long' : 'mqtt-subscribe-denied'
    this.#reportFault(cause, `${session?.username} to ${filter.slice(0, 100)}`)
    return false
  }
}
