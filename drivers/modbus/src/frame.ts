import { DomainError } from '@throughline/kernel'
import type { ModbusTable } from './address.ts'

/** One Modbus TCP message: the header's transaction and unit, and the protocol data unit. */
export interface Frame {
  readonly transaction: number
  readonly unit: number
  readonly pdu: Uint8Array
}

const headerBytes = 7
/** A PDU holds 253 bytes at most: what fitted a serial line (Modbus Application Protocol V1.1b3, clause 4.1). */
const maxPduBytes = 253

export function encodeFrame(frame: Frame): Uint8Array {
  const bytes = new Uint8Array(headerBytes + frame.pdu.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, frame.transaction)
  view.setUint16(4, frame.pdu.length + 1)
  view.setUint8(6, frame.unit)
  bytes.set(frame.pdu, headerBytes)
  return bytes
}

/** Cuts a byte stream into frames, however the network chopped it. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0)

  /**
   * Takes what the socket gave, returns the frames that are now whole.
   * @throws DomainError `invalid` (`modbus.frame-malformed`): the stream cannot be trusted after it
   */
  push(chunk: Uint8Array): Frame[] {
    const bytes = new Uint8Array(this.#rest.length + chunk.length)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.length)
    const view = new DataView(bytes.buffer)
    const frames: Frame[] = []
    let start = 0
    while (bytes.length - start >= headerBytes) {
      const protocol = view.getUint16(start + 2)
      const length = view.getUint16(start + 4)
      if (protocol !== 0) throw malformed(`its protocol id is ${protocol}, not 0`)
      if (length < 2 || length > maxPduBytes + 1) throw malformed(`its length field says ${length}, not 2 to 254`)
      const end = start + 6 + length
      if (end > bytes.length) break
      frames.push({
        transaction: view.getUint16(start),
        unit: view.getUint8(start + 6),
        pdu: bytes.slice(start + headerBytes, end),
      })
      start = end
    }
    this.#rest = bytes.slice(start)
    return frames
  }
}

/** What a device answers instead of data (Modbus Application Protocol V1.1b3, clause 7). */
export class ModbusException extends Error {
  readonly exceptionCode: number

  constructor(exceptionCode: number) {
    super(`Modbus exception ${exceptionCode} (${exceptionNames[exceptionCode] ?? 'unknown'})`)
    this.exceptionCode = exceptionCode
  }
}

export const exceptionNames: Readonly<Record<number, string>> = {
  1: 'illegal-function',
  2: 'illegal-address',
  3: 'illegal-value',
  4: 'device-failure',
  5: 'acknowledge',
  6: 'device-busy',
  8: 'memory-parity',
  10: 'gateway-no-path',
  11: 'gateway-no-answer',
}

const readCode: Readonly<Record<ModbusTable, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 }

export const isBitTable = (table: ModbusTable): boolean => table === 'coil' || table === 'discrete'

/** The most that one read may ask for: what fits 253 bytes. */
export const readLimit = (table: ModbusTable): number => (isBitTable(table) ? 2000 : 125)

export function encodeRead(table: ModbusTable, start: number, count: number): Uint8Array {
  return pduOf(readCode[table], start, count)
}

/** `multiple` uses function 15 or 16 also for a single item: some devices know only those. */
export function encodeWrite(
  table: ModbusTable,
  start: number,
  words: readonly number[],
  multiple: boolean,
): Uint8Array {
  const [single = 0] = words
  if (isBitTable(table)) {
    if (words.length === 1 && !multiple) return pduOf(5, start, single === 0 ? 0 : 0xff00)
    const bits = packBits(words)
    return Uint8Array.of(...pduOf(15, start, words.length), bits.length, ...bits)
  }
  if (words.length === 1 && !multiple) return pduOf(6, start, single)
  return Uint8Array.of(...pduOf(16, start, words.length), words.length * 2, ...packWords(words))
}

/**
 * The registers (or bits as 0 and 1) of an answer to `encodeRead`.
 * @throws ModbusException when the device refused
 * @throws DomainError `invalid` (`modbus.frame-malformed`) when it is no answer to that question
 */
export function decodeReadAnswer(request: Uint8Array, answer: Uint8Array): number[] {
  assertAnswers(request, answer)
  const count = new DataView(request.buffer, request.byteOffset).getUint16(3)
  const bits = (request[0] ?? 0) <= 2
  const expected = bits ? Math.ceil(count / 8) : count * 2
  if (answer[1] !== expected || answer.length !== expected + 2) {
    throw malformed(`it holds ${answer.length - 2} bytes of data and says ${answer[1]}, ${expected} were asked for`)
  }
  const data = answer.subarray(2)
  return bits ? unpackBits(data, count) : unpackWords(data)
}

/**
 * Checks that a write was confirmed with the very address and value (or count) that were sent.
 * @throws ModbusException when the device refused
 * @throws DomainError `invalid` (`modbus.frame-malformed`) when it confirms something else
 */
export function checkWriteAnswer(request: Uint8Array, answer: Uint8Array): void {
  assertAnswers(request, answer)
  const same = answer.length === 5 && answer.every((byte, i) => byte === request[i])
  if (!same) throw malformed('it confirms another write than the one sent')
}

function assertAnswers(request: Uint8Array, answer: Uint8Array): void {
  const [asked = 0] = request
  const [code, exceptionCode] = answer
  if (code === (asked | 0x80) && exceptionCode !== undefined && answer.length === 2) {
    throw new ModbusException(exceptionCode)
  }
  if (code !== asked) throw malformed(`it answers function ${code}, function ${asked} was asked`)
}

function pduOf(code: number, first: number, second: number): Uint8Array {
  return Uint8Array.of(code, first >> 8, first & 0xff, second >> 8, second & 0xff)
}

export function packBits(bits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8))
  bits.forEach((bit, i) => {
    if (bit !== 0) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7))
  })
  return bytes
}

export function unpackBits(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1)
}

export function packWords(words: readonly number[]): Uint8Array {
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]))
}

export function unpackWords(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(i * 2))
}

export const malformed = (what: string): DomainError =>
  new DomainError('invalid', 'modbus.frame-malformed', `The Modbus message cannot be trusted: ${what}`)
