import type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from '@throughline/edge'
import { DomainError, messageOf } from '@throughline/kernel'
import type { DataType, Sample, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { parseAddress } from './address.ts'
import type { AddressedTag, Block } from './blocks.ts'
import { addressed, planBlocks, splitBlock } from './blocks.ts'
import {
  checkWriteAnswer,
  decodeReadAnswer,
  encodeRead,
  encodeWrite,
  exceptionNames,
  ModbusException,
} from './frame.ts'
import type { ModbusOptions } from './options.ts'
import { parseOptions } from './options.ts'
import { ModbusSession } from './session.ts'
import { decodeValue, encodeValue } from './value.ts'

/** Modbus TCP: tags are registers and bits, polled in blocks. Endpoint `tcp://host:502`. */
export const modbusDriver: DriverType = {
  name: 'modbus',
  create: (config) => new ModbusDriver(config, parseOptions(config.endpoint, config.options)),
  checkAddress: (address) => {
    parseAddress(address)
  },
}

/** Whether a refusal may come from one register among many; a busy device or a dead gateway refuses everything. */
const concernsRegisters = (code: number): boolean => code >= 1 && code <= 4

const statusOf: Readonly<Record<number, number>> = {
  2: statusCode.badNodeIdUnknown,
  3: statusCode.badOutOfRange,
  4: statusCode.badDeviceFailure,
  6: statusCode.badNoCommunication,
  10: statusCode.badNoCommunication,
  11: statusCode.badNoCommunication,
}

class ModbusDriver implements Driver {
  readonly #config: DriverConfig
  readonly #options: ModbusOptions
  readonly #closing = new AbortController()
  readonly #timers = new Set<NodeJS.Timeout>()
  #session: ModbusSession | undefined
  #listener: DriverListener | undefined
  /** Counts subscriptions: a poll of an earlier one reports nothing more. */
  #subscription = 0

  constructor(config: DriverConfig, options: ModbusOptions) {
    this.#config = config
    this.#options = options
  }

  async connect(listener: DriverListener): Promise<void> {
    const session = await ModbusSession.open(this.#options, this.#closing.signal, (reason, garbage) => {
      this.#stopPolling()
      this.#session = undefined
      if (garbage) listener.fault('frame-malformed', reason)
      listener.lost(reason)
    })
    if (this.#closing.signal.aborted) {
      session.close()
      throw new DomainError('unavailable', 'modbus.session-ended', 'Modbus: closed while dialling')
    }
    this.#session = session
    this.#listener = listener
  }

  /** Modbus cannot tell which registers a device has. */
  async *browse(): AsyncIterable<BrowseItem> {}

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    const session = this.#opened()
    const wanted = addressed(tags)
    const samples = new Map<DriverTag, Sample>()
    for (const block of planBlocks(wanted, this.#options.maxGap)) {
      for (const [tag, sample] of (await this.#readBlock(session, block)).samples) samples.set(tag, sample)
    }
    return tags.map((tag) => samples.get(tag) ?? this.#badSample(tag, statusCode.bad))
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    const session = this.#opened()
    const groups = Map.groupBy(addressed(tags), ({ tag }) => tag.sampleMs)
    this.#stopPolling()
    const subscription = this.#subscription
    for (const [sampleMs, members] of groups) this.#poll(session, subscription, sampleMs, members)
  }

  async write(tag: DriverTag, value: SampleValue): Promise<WriteResult> {
    const session = this.#opened()
    const address = parseAddress(tag.address)
    const { table, start } = address
    let status: number = statusCode.good
    if (table === 'input' || table === 'discrete') {
      status = statusCode.badNotWritable
    } else {
      const request = encodeWrite(
        table,
        start,
        encodeValue(address, this.#options.wordOrder, value),
        this.#options.writeMultiple,
      )
      try {
        await this.#askTrusted(session, request, checkWriteAnswer)
      } catch (error) {
        if (!(error instanceof ModbusException)) throw error
        status = statusOf[error.exceptionCode] ?? statusCode.bad
        this.#tellException(error.exceptionCode, `write ${tag.address}`)
      }
    }
    const [readBack] = await this.read([tag])
    return { status, readBack: readBack ?? this.#badSample(tag, statusCode.bad) }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#stopPolling()
    this.#session?.close()
    this.#session = undefined
    this.#listener = undefined
  }

  #opened(): ModbusSession {
    if (this.#session !== undefined) return this.#session
    throw new DomainError(
      'unavailable',
      'modbus.not-connected',
      `${this.#config.name} is not connected to ${this.#config.endpoint}`,
    )
  }

  #stopPolling(): void {
    this.#subscription++
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** One poll group: reads all its blocks, then waits out the rest of its interval; a slow device slows it, nothing piles up. */
  #poll(session: ModbusSession, subscription: number, sampleMs: number, members: readonly AddressedTag[]): void {
    let blocks = planBlocks(members, this.#options.maxGap)
    const round = async (): Promise<void> => {
      const begun = performance.now()
      const next: Block[] = []
      for (const block of blocks) {
        const answer = await this.#readBlock(session, block)
        if (subscription !== this.#subscription) return
        this.#listener?.samples([...answer.samples.values()])
        next.push(...answer.blocks)
      }
      blocks = next
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer)
          run()
        },
        Math.max(0, sampleMs - (performance.now() - begun)),
      )
      this.#timers.add(timer)
    }
    const run = (): void => {
      round().catch((error: unknown) => {
        // The session's own end is told by `lost`; anything else must not end the polling unheard.
        if (subscription === this.#subscription) session.distrust(messageOf(error))
      })
    }
    run()
  }

  /** `blocks` is how to ask the next time: as now, or split around what the device refused. */
  async #readBlock(
    session: ModbusSession,
    block: Block,
  ): Promise<{ samples: Map<DriverTag, Sample>; blocks: Block[] }> {
    const { table, start, count, members } = block
    try {
      const words = await this.#askTrusted(session, encodeRead(table, start, count), decodeReadAnswer)
      const samples = new Map(
        members.map((member) => [member.tag, this.#sampleOf(member, words.slice(member.address.start - start))]),
      )
      return { samples, blocks: [block] }
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error
      const code = error.exceptionCode
      if (members.length > 1 && concernsRegisters(code)) {
        const [left, right] = splitBlock(block)
        const first = await this.#readBlock(session, left)
        const second = await this.#readBlock(session, right)
        return { samples: new Map([...first.samples, ...second.samples]), blocks: [...first.blocks, ...second.blocks] }
      }
      this.#tellException(code, `read ${table}/${start}, ${count} long`)
      const status = statusOf[code] ?? statusCode.bad
      return { samples: new Map(members.map(({ tag }) => [tag, this.#badSample(tag, status)])), blocks: [block] }
    }
  }

  /** An answer to another question means that nothing more of this session can be believed. */
  async #askTrusted<T>(
    session: ModbusSession,
    request: Uint8Array,
    decode: (request: Uint8Array, answer: Uint8Array) => T,
  ): Promise<T> {
    const answer = await session.ask(request)
    try {
      return decode(request, answer)
    } catch (error) {
      if (error instanceof ModbusException) throw error
      session.distrust(messageOf(error))
      throw new DomainError('unavailable', 'modbus.session-ended', `Modbus: ${messageOf(error)}`, {}, error)
    }
  }

  #sampleOf({ tag, address }: AddressedTag, words: readonly number[]): Sample {
    const at = this.#config.clock.now()
    const value = asType(decodeValue(address, this.#options.wordOrder, words.slice(0, address.count)), tag.dataType)
    if (value === undefined) {
      this.#listener?.fault('int64-overflow', `${tag.address} holds an unsigned value beyond a signed 64-bit integer`)
      return this.#badSample(tag, statusCode.badOutOfRange)
    }
    return { tag: tag.tag, at, serverAt: at, value, status: statusCode.good }
  }

  #badSample(tag: DriverTag, status: number): Sample {
    const at = this.#config.clock.now()
    return { tag: tag.tag, at, serverAt: at, value: null, status }
  }

  #tellException(code: number, example: string): void {
    this.#listener?.fault(`exception-${exceptionNames[code] ?? code}`, example)
  }
}

/** A register is a bare number: it is given in the tag's own type where that loses nothing. Undefined = it does not fit. */
function asType(value: SampleValue, dataType: DataType): SampleValue | undefined {
  if (typeof value === 'bigint' && value > 2n ** 63n - 1n) return undefined
  if (dataType === 'int64' && typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (dataType === 'double' && typeof value === 'bigint' && BigInt.asIntN(54, value) === value) return Number(value)
  if (dataType === 'boolean' && typeof value === 'number') return value !== 0
  return value
}
