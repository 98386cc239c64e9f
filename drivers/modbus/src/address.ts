import { DomainError } from '@throughline/kernel'

/** The four tables of the Modbus data model (Modbus Application Protocol V1.1b3, clause 4.3). */
export type ModbusTable = 'holding' | 'input' | 'coil' | 'discrete'

/** How the registers of one value are read. */
export type ModbusFormat =
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'string'
  | 'bit'
  | 'flag'

export interface ModbusAddress {
  readonly table: ModbusTable
  /** As it stands in the protocol: the first register of a table is 0. */
  readonly start: number
  /** Registers, or bits of the tables `coil` and `discrete`. */
  readonly count: number
  readonly format: ModbusFormat
  /** Which bit of the register, 0 = the least significant; only for `bit`. */
  readonly bit: number
  /** The word order is the other way round than the connection's. */
  readonly swap: boolean
}

const registersOf = {
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float32: 2,
  float64: 4,
} as const

/**
 * Reads `<table>/<start>[/<format>][/swap]`: `holding/100/int16`, `input/7/float32/swap`, `holding/20/string8`,
 * `holding/5/bit3`, `coil/3`, `discrete/3`. Starts count from 0, as on the wire.
 *
 * @throws DomainError `invalid` (`modbus.address-invalid`) naming the text and what is wrong with it
 */
export function parseAddress(text: string): ModbusAddress {
  const wrong = (what: string): DomainError =>
    new DomainError(
      'invalid',
      'modbus.address-invalid',
      `"${text}" is not a Modbus address: ${what}. Write holding/100/int16, input/7/float32, coil/3 or discrete/3.`,
      { address: text },
    )
  const [table, startText, formatText, swapText, ...rest] = text.split('/')
  if (table !== 'holding' && table !== 'input' && table !== 'coil' && table !== 'discrete') {
    throw wrong('it does not start with holding/, input/, coil/ or discrete/')
  }
  if (startText === undefined || !/^\d{1,5}$/.test(startText) || Number(startText) > 65_535) {
    throw wrong('its number is not 0 to 65535')
  }
  const start = Number(startText)
  if (table === 'coil' || table === 'discrete') {
    if (formatText !== undefined) throw wrong(`a ${table} is one bit and has no format`)
    return { table, start, count: 1, format: 'flag', bit: 0, swap: false }
  }
  if (rest.length > 0 || (swapText !== undefined && swapText !== 'swap'))
    throw wrong('after the format only /swap may stand')
  const swap = swapText === 'swap'
  const format = formatOf(formatText ?? '')
  if (format === undefined) {
    throw wrong(
      'its format is not int16, uint16, int32, uint32, int64, uint64, float32, float64, string1 to string250 or bit0 to bit15',
    )
  }
  if (start + format.count > 65_536) throw wrong('it ends beyond register 65535')
  return { table, start, swap, ...format }
}

function formatOf(text: string): Pick<ModbusAddress, 'format' | 'count' | 'bit'> | undefined {
  if (Object.hasOwn(registersOf, text)) {
    const format = text as keyof typeof registersOf
    return { format, count: registersOf[format], bit: 0 }
  }
  const [, kind, numberText] = /^(string|bit)(\d{1,3})$/.exec(text) ?? []
  const number = Number(numberText)
  if (kind === 'string' && number >= 1 && number <= 250)
    return { format: 'string', count: Math.ceil(number / 2), bit: 0 }
  if (kind === 'bit' && number <= 15) return { format: 'bit', count: 1, bit: number }
  return undefined
}
