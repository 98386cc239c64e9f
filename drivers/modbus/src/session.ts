import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Frame } from './frame.ts'
import { encodeFrame, FrameReader, malformed } from './frame.ts'
import type { ModbusOptions } from './options.ts'

interface Pending {
  readonly transaction: number
  readonly resolve: (pdu: Uint8Array) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/**
 * One TCP session with one question in flight at a time: many devices answer no more, and order is then beyond doubt.
 * The first time-out, stray or malformed answer ends the session for good, so that a late answer can never be taken for
 * the answer to another question.
 */
export class ModbusSession {
  readonly #socket: Socket
  readonly #options: ModbusOptions
  readonly #onEnd: (reason: string, garbage: boolean) => void
  readonly #reader = new FrameReader()
  readonly #waiting: (() => void)[] = []
  #transaction = 0
  #pending: Pending | undefined
  #ended = false

  private constructor(socket: Socket, options: ModbusOptions, onEnd: (reason: string, garbage: boolean) => void) {
    this.#socket = socket
    this.#options = options
    this.#onEnd = onEnd
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', (error) => this.#end(error.message, false))
    socket.on('close', () => this.#end('the device closed the connection', false))
  }

  /**
   * Dials; `onEnd` hears once why the session ended, unless `close` ended it.
   * @throws DomainError `unavailable`
   */
  static async open(
    options: ModbusOptions,
    signal: AbortSignal,
    onEnd: (reason: string, garbage: boolean) => void,
  ): Promise<ModbusSession> {
    const { host, port, timeoutMs } = options
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    socket.once('connect', resolve)
    socket.once('error', reject)
    const stop = () => reject(new Error('closed while dialling'))
    signal.addEventListener('abort', stop)
    const timer = setTimeout(() => reject(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs)
    try {
      await promise
      socket.off('error', reject)
      return new ModbusSession(socket, options, onEnd)
    } catch (error) {
      // Destroying may raise a last error, which nobody waits for any more.
      socket.on('error', () => {})
      socket.destroy()
      throw unavailable(`${host}:${port} cannot be reached: ${messageOf(error)}`, error)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }

  /**
   * Asks one question and gives the answer's PDU, unread.
   * @throws DomainError `unavailable` when the session ended or ends over it
   */
  async ask(pdu: Uint8Array): Promise<Uint8Array> {
    while (this.#pending !== undefined && !this.#ended) {
      const turn = Promise.withResolvers<void>()
      this.#waiting.push(turn.resolve)
      await turn.promise
    }
    if (this.#ended) throw unavailable('the session has ended')
    this.#transaction = (this.#transaction + 1) % 65_536
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
    const { timeoutMs, unitId } = this.#options
    const timer = setTimeout(() => this.#end(`no answer within ${timeoutMs} ms`, false), timeoutMs)
    this.#pending = { transaction: this.#transaction, resolve, reject, timer }
    this.#socket.write(encodeFrame({ transaction: this.#transaction, unit: unitId, pdu }))
    return await promise
  }

  /** Ends the session because an answer made no sense. */
  distrust(reason: string): void {
    this.#end(reason, true)
  }

  close(): void {
    this.#finish('the session was closed')
  }

  #receive(chunk: Uint8Array): void {
    let frames: Frame[]
    try {
      frames = this.#reader.push(chunk)
      for (const frame of frames) this.#settle(frame)
    } catch (error) {
      this.#end(messageOf(error), true)
    }
  }

  #settle(frame: Frame): void {
    const pending = this.#pending
    if (this.#ended) return
    if (pending === undefined) throw malformed(`transaction ${frame.transaction} was not asked`)
    if (frame.transaction !== pending.transaction) {
      throw malformed(`it answers transaction ${frame.transaction}, ${pending.transaction} was asked`)
    }
    if (frame.unit !== this.#options.unitId) {
      throw malformed(`unit ${frame.unit} answers, unit ${this.#options.unitId} was asked`)
    }
    clearTimeout(pending.timer)
    this.#pending = undefined
    pending.resolve(frame.pdu)
    this.#waiting.shift()?.()
  }

  #end(reason: string, garbage: boolean): void {
    if (this.#finish(reason)) this.#onEnd(reason, garbage)
  }

  /** True the first time. */
  #finish(reason: string): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#socket.destroy()
    if (this.#pending !== undefined) {
      clearTimeout(this.#pending.timer)
      this.#pending.reject(unavailable(reason))
      this.#pending = undefined
    }
    for (const turn of this.#waiting.splice(0)) turn()
    return true
  }
}

const unavailable = (reason: string, cause?: unknown): DomainError =>
  new DomainError('unavailable', 'modbus.session-ended', `Modbus: ${reason}`, {}, cause)
