import type { ModbusTable } from './address.ts'
import { isBitTable, ModbusException, packBits, packWords, readLimit, unpackBits, unpackWords } from './frame.ts'
import type { ModbusWrite } from './server.ts'

/** What a request may do to the device; both throw `ModbusException` to refuse. */
interface ModbusMemory {
  read(table: ModbusTable, start: number, count: number): number[]
  write(write: ModbusWrite): void
}

const tableOf: Readonly<Record<number, ModbusTable>> = { 1: 'coil', 2: 'discrete', 3: 'holding', 4: 'input' }

/** Answers one request as a device does: data, a confirmation, or an exception. */
export function answerRequest(request: Uint8Array, memory: ModbusMemory): Uint8Array {
  const [code = 0] = request
  try {
    return answer(code, request, memory)
  } catch (error) {
    if (error instanceof ModbusException) return Uint8Array.of(code | 0x80, error.exceptionCode)
    throw error
  }
}

function answer(code: number, request: Uint8Array, memory: ModbusMemory): Uint8Array {
  const table = tableOf[code]
  if (table === undefined && code !== 5 && code !== 6 && code !== 15 && code !== 16) throw new ModbusException(1)
  if (request.length < 5) throw new ModbusException(3)
  const view = new DataView(request.buffer, request.byteOffset, request.length)
  const start = view.getUint16(1)
  const second = view.getUint16(3)
  if (table !== undefined) {
    if (request.length !== 5 || second < 1 || second > readLimit(table)) throw new ModbusException(3)
    const words = memory.read(table, start, second)
    const data = isBitTable(table) ? packBits(words) : packWords(words)
    return Uint8Array.of(code, data.length, ...data)
  }
  memory.write({
    table: code === 5 || code === 15 ? 'coil' : 'holding',
    start,
    words: wordsToWrite(code, request, second),
  })
  return request.slice(0, 5)
}

function wordsToWrite(code: number, request: Uint8Array, second: number): number[] {
  if (code === 5) {
    if (request.length !== 5 || (second !== 0 && second !== 0xff00)) throw new ModbusException(3)
    return [second === 0 ? 0 : 1]
  }
  if (code === 6) {
    if (request.length !== 5) throw new ModbusException(3)
    return [second]
  }
  const bits = code === 15
  const bytes = bits ? Math.ceil(second / 8) : second * 2
  const limit = bits ? 1968 : 123
  if (second < 1 || second > limit || request[5] !== bytes || request.length !== 6 + bytes) throw new ModbusException(3)
  const data = request.subarray(6)
  return bits ? unpackBits(data, second) : unpackWords(data)
}
