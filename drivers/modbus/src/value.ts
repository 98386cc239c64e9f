import { DomainError } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { ModbusAddress, ModbusFormat } from './address.ts'

/** Which of two or four registers holds the high word. The standard leaves it open; devices differ. */
export type WordOrder = 'high-first' | 'low-first'

const integerRange: Partial<Record<ModbusFormat, readonly [bigint, bigint]>> = {
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
}

/** The value that these registers (or this bit) hold. 64-bit integers come as bigint, texts without what follows a NUL. */
export function decodeValue(address: ModbusAddress, order: WordOrder, words: readonly number[]): SampleValue {
  const view = bytesOf(ordered(address, order, words))
  switch (address.format) {
    case 'int16':
      return view.getInt16(0)
    case 'uint16':
      return view.getUint16(0)
    case 'int32':
      return view.getInt32(0)
    case 'uint32':
      return view.getUint32(0)
    case 'int64':
      return view.getBigInt64(0)
    case 'uint64':
      return view.getBigUint64(0)
    case 'float32':
      return view.getFloat32(0)
    case 'float64':
      return view.getFloat64(0)
    case 'bit':
      return (view.getUint16(0) & (1 << address.bit)) !== 0
    case 'flag':
      return words[0] !== 0
    case 'string': {
      const text = new TextDecoder().decode(view)
      const end = text.indexOf('\0')
      return end === -1 ? text : text.slice(0, end)
    }
  }
}

/**
 * The registers (or the bit) that hold this value.
 * @throws DomainError `invalid` (`modbus.value-misfit`) when the format cannot hold it
 */
export function encodeValue(address: ModbusAddress, order: WordOrder, value: SampleValue): number[] {
  const misfit = (): DomainError =>
    new DomainError(
      'invalid',
      'modbus.value-misfit',
      `${JSON.stringify(String(value))} does not fit ${describe(address)}`,
    )
  if (address.format === 'flag') {
    if (typeof value !== 'boolean') throw misfit()
    return [value ? 1 : 0]
  }
  if (address.format === 'bit') {
    throw new DomainError(
      'invalid',
      'modbus.value-misfit',
      'One bit of a register cannot be written: write the register',
    )
  }
  const view = new DataView(new ArrayBuffer(address.count * 2))
  if (address.format === 'string') {
    const bytes = new TextEncoder().encode(typeof value === 'string' ? value : fail(misfit()))
    if (bytes.length > view.byteLength) throw misfit()
    new Uint8Array(view.buffer).set(bytes)
  } else if (address.format === 'float32' || address.format === 'float64') {
    if (typeof value !== 'number') throw misfit()
    if (address.format === 'float32') view.setFloat32(0, value)
    else view.setFloat64(0, value)
  } else {
    const whole = wholeOf(value) ?? fail(misfit())
    const [low, high] = integerRange[address.format] ?? [0n, 0n]
    if (whole < low || whole > high) throw misfit()
    if (address.count === 1) view.setUint16(0, Number(BigInt.asUintN(16, whole)))
    else if (address.count === 2) view.setUint32(0, Number(BigInt.asUintN(32, whole)))
    else view.setBigUint64(0, BigInt.asUintN(64, whole))
  }
  const words = Array.from({ length: address.count }, (_, i) => view.getUint16(i * 2))
  return ordered(address, order, words)
}

function wholeOf(value: SampleValue): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined
}

function fail(error: Error): never {
  throw error
}

/** High word first, or back to the order of the device: the same turn both ways. Texts have no word order. */
function ordered(address: ModbusAddress, order: WordOrder, words: readonly number[]): number[] {
  const turned = (order === 'low-first') !== address.swap && address.format !== 'string'
  return turned ? words.toReversed() : [...words]
}

function bytesOf(words: readonly number[]): DataView {
  const view = new DataView(new ArrayBuffer(Math.max(2, words.length * 2)))
  words.forEach((word, i) => {
    view.setUint16(i * 2, word)
  })
  return view
}

const describe = (address: ModbusAddress): string => `${address.table}/${address.start} (${address.format})`
