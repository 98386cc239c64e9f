import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { DomainError } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { ModbusAddress, ModbusTable } from './address.ts'
import { parseAddress } from './address.ts'
import type { Frame } from './frame.ts'
import { encodeFrame, FrameReader, ModbusException } from './frame.ts'
import { answerRequest } from './server-answer.ts'
import type { WordOrder } from './value.ts'
import { decodeValue, encodeValue } from './value.ts'

/** A write that a client asked for, after it was checked and before it is stored. */
export interface ModbusWrite {
  readonly table: 'holding' | 'coil'
  readonly start: number
  /** Registers, or bits as 0 and 1. */
  readonly words: readonly number[]
}

export interface ModbusServerConfig {
  /** Default loopback. */
  readonly host?: string
  /** Default 0: any free port, told by `port` once it listens. */
  readonly port?: number
  readonly wordOrder?: WordOrder
  /** Called before a write is stored; throwing a `ModbusException` refuses it with that code. */
  readonly onWrite?: (write: ModbusWrite) => void
}

/**
 * A Modbus TCP device in software: the other end of the driver, for simulated plants and tests. Only what `set` has
 * named exists; any other register answers "illegal address". It answers every unit id.
 */
export class ModbusServer {
  readonly #tables: Readonly<Record<ModbusTable, Map<number, number>>> = {
    holding: new Map(),
    input: new Map(),
    coil: new Map(),
    discrete: new Map(),
  }
  readonly #protected = new Set<string>()
  readonly #failing = new Set<string>()
  readonly #sockets = new Set<Socket>()
  readonly #config: ModbusServerConfig
  #server: Server | undefined
  #port: number
  #mode: 'answer' | 'hang' | 'garble-next' = 'answer'

  constructor(config: ModbusServerConfig = {}) {
    this.#config = config
    this.#port = config.port ?? 0
  }

  /** The port it listens on; 0 before the first `listen`. */
  get port(): number {
    return this.#port
  }

  /** As a connection's owner types it. */
  get endpoint(): string {
    return `tcp://${this.#config.host ?? '127.0.0.1'}:${this.#port}`
  }

  /** Sessions that are open now. */
  get openSessions(): number {
    return this.#sockets.size
  }

  /**
   * Begins to listen; after `stop` again on the same port.
   * @throws DomainError `conflict` (`modbus.port-in-use`) naming the port
   */
  async listen(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject)
    server.listen(this.#port, this.#config.host ?? '127.0.0.1', resolve)
    await promise.catch((error: unknown) => {
      throw new DomainError(
        'conflict',
        'modbus.port-in-use',
        `Port ${this.#port} cannot be listened on: stop what uses it, or choose another port`,
        { port: this.#port },
        error,
      )
    })
    const bound = server.address()
    if (bound !== null && typeof bound === 'object') this.#port = bound.port
    this.#server = server
    this.#mode = 'answer'
  }

  /** Cuts every session and listens no more; values are kept. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (server === undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    await promise
  }

  /**
   * The device holds this from now on: `set('holding/100/int16', -215)`, `set('coil/3', true)`. The registers exist and
   * work again if they were failing.
   * @throws DomainError `invalid` when the address is none or the value does not fit it
   */
  set(addressText: string, value: SampleValue): void {
    const address = parseAddress(addressText)
    const words = encodeValue(address, this.#order, value)
    words.forEach((word, i) => {
      this.#tables[address.table].set(address.start + i, word)
    })
    this.#failing.delete(keyOf(address))
  }

  /** What the device holds; null when it has no such register. */
  get(addressText: string): SampleValue | null {
    const address = parseAddress(addressText)
    const words = this.#wordsAt(address.table, address.start, address.count)
    return words === undefined ? null : decodeValue(address, this.#order, words)
  }

  /** Writes to this address are refused from now on ("illegal value"). */
  protect(addressText: string): void {
    this.#protected.add(keyOf(parseAddress(addressText)))
  }

  /** Reads that start in this register answer "device failure" until it is set again. */
  fail(addressText: string): void {
    this.#failing.add(keyOf(parseAddress(addressText)))
  }

  /** Accepts and reads on, and answers nothing, until it is stopped and listens again. */
  hang(): void {
    this.#mode = 'hang'
  }

  /** The next answer is no Modbus. */
  garbleNextAnswer(): void {
    this.#mode = 'garble-next'
  }

  get #order(): WordOrder {
    return this.#config.wordOrder ?? 'high-first'
  }

  #serve(socket: Socket): void {
    const reader = new FrameReader()
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      let frames: Frame[]
      try {
        frames = reader.push(chunk)
      } catch {
        // A client that speaks no Modbus has nothing to be told in Modbus.
        socket.destroy()
        return
      }
      for (const frame of frames) this.#answer(socket, frame)
    })
  }

  #answer(socket: Socket, request: Frame): void {
    if (this.#mode === 'hang') return
    if (this.#mode === 'garble-next') {
      this.#mode = 'answer'
      socket.write(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'))
      return
    }
    const pdu = answerRequest(request.pdu, {
      read: (table, start, count) => this.#read(table, start, count),
      write: (write) => this.#write(write),
    })
    socket.write(encodeFrame({ ...request, pdu }))
  }

  #read(table: ModbusTable, start: number, count: number): number[] {
    const words = this.#wordsAt(table, start, count)
    if (words === undefined) throw new ModbusException(2)
    for (let i = 0; i < count; i++) if (this.#failing.has(`${table}/${start + i}`)) throw new ModbusException(4)
    return words
  }

  #write(write: ModbusWrite): void {
    const { table, start, words } = write
    if (this.#wordsAt(table, start, words.length) === undefined) throw new ModbusException(2)
    for (let i = 0; i < words.length; i++)
      if (this.#protected.has(`${table}/${start + i}`)) throw new ModbusException(3)
    this.#config.onWrite?.(write)
    words.forEach((word, i) => {
      this.#tables[table].set(start + i, word)
    })
  }

  #wordsAt(table: ModbusTable, start: number, count: number): number[] | undefined {
    const words: number[] = []
    for (let i = 0; i < count; i++) {
      const word = this.#tables[table].get(start + i)
      if (word === undefined) return undefined
      words.push(word)
    }
    return words
  }
}

const keyOf = (address: ModbusAddress): string => `${address.table}/${address.start}`
