import type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from '@throughline/edge'
import { DomainError } from '@throughline/kernel'
import type { Sample, SampleValue } from '@throughline/model'
import { parseAddress } from './address.ts'
import type { OpcUaOptions } from './options.ts'
import { parseOptions } from './options.ts'
import type { OpcUaSession } from './session.ts'

/**
 * OPC UA client. The endpoint is `opc.tcp://<host>:<port>[/<path>]`; addresses are node ids such as
 * `ns=2;s=BR-01.Temperature` or `nsu=<namespace uri>;i=17`.
 *
 * Options, all of them optional: `securityMode` (None, Sign, SignAndEncrypt), `securityPolicy`, `username` and
 * `passwordFile`, `timeoutMs`, `publishingMs`, `queueSize`, `retellMs`, `alarms`. The package's README says what each does.
 *
 * @see OPC 10000-4 (services), OPC 10000-6 (mappings)
 */
export const opcuaDriver: DriverType = {
  name: 'opcua',
  create: (config) => new OpcUaDriver(config, parseOptions(config.endpoint, config.options)),
  checkAddress(address) {
    parseAddress(address)
  },
}

class OpcUaDriver implements Driver {
  readonly #config: DriverConfig
  readonly #options: OpcUaOptions
  #dial: AbortController | null = null
  #session: OpcUaSession | null = null

  constructor(config: DriverConfig, options: OpcUaOptions) {
    this.#config = config
    this.#options = options
  }

  async connect(listener: DriverListener): Promise<void> {
    if (this.#dial !== null || this.#findSession() !== null) {
      throw new DomainError('conflict', 'opcua.connected-already', `${this.#config.name} is connected already`)
    }
    const dial = new AbortController()
    this.#dial = dial
    try {
      // The OPC UA stack takes about a second to load: an agent without such a connection never pays for it.
      const { OpcUaSession } = await import('./session.ts')
      dial.signal.throwIfAborted()
      const session = await OpcUaSession.open(this.#config, this.#options, listener, dial.signal)
      if (dial.signal.aborted) await session.close()
      dial.signal.throwIfAborted()
      this.#session = session
    } finally {
      if (this.#dial === dial) this.#dial = null
    }
  }

  browse(address: string | null): AsyncIterable<BrowseItem> {
    if (address !== null) parseAddress(address)
    return this.#getSession().browse(address)
  }

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    return await this.#getSession().read(tags)
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    await this.#getSession().subscribe(tags)
  }

  async write(tag: DriverTag, value: SampleValue): Promise<WriteResult> {
    return await this.#getSession().write(tag, value)
  }

  async acknowledge(condition: string, handle: string, comment: string): Promise<void> {
    await this.#getSession().acknowledge(condition, handle, comment)
  }

  async close(): Promise<void> {
    const { name } = this.#config
    this.#dial?.abort(new DomainError('unavailable', 'opcua.closed', `${name} was closed while it was dialling`))
    const session = this.#session
    this.#session = null
    await session?.close()
  }

  #findSession(): OpcUaSession | null {
    return this.#session === null || this.#session.isOver ? null : this.#session
  }

  #getSession(): OpcUaSession {
    const session = this.#findSession()
    if (session !== null) return session
    const { name, endpoint } = this.#config
    throw new DomainError(
      'unavailable',
      'opcua.not-connected',
      `${name} has no session with ${endpoint}: connect first`,
    )
  }
}
