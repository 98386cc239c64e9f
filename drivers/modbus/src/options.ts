import { DomainError } from '@throughline/kernel'
import type { WordOrder } from './value.ts'

/** How to talk to one Modbus device. */
export interface ModbusOptions {
  readonly host: string
  readonly port: number
  /** Which device behind a gateway; 1 by default, 255 or 0 for a device that ignores it. */
  readonly unitId: number
  readonly timeoutMs: number
  readonly wordOrder: WordOrder
  /** Registers between two tags that nobody asked for are read along when there are at most this many. */
  readonly maxGap: number
  /** Write single values with function 15 and 16 too. */
  readonly writeMultiple: boolean
}

type OptionValue = string | number | boolean

/**
 * Checks an endpoint such as `tcp://10.0.0.7:502` and its options; the port may be left out (502).
 * @throws DomainError `invalid` naming the endpoint or the option
 */
export function parseOptions(endpoint: string, options: Readonly<Record<string, OptionValue>>): ModbusOptions {
  const [, host, portText] = /^tcp:\/\/([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?\/?$/.exec(endpoint) ?? []
  const port = Number(portText ?? 502)
  if (host === undefined || port < 1 || port > 65_535) {
    throw new DomainError(
      'invalid',
      'modbus.endpoint-invalid',
      `"${endpoint}" is not a Modbus endpoint: write tcp://host:502`,
    )
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    throw new DomainError(
      'invalid',
      'modbus.option-unknown',
      `Modbus has no option "${unknown}": there are ${known.join(', ')}`,
    )
  }
  const wordOrder = options['wordOrder'] ?? 'high-first'
  if (wordOrder !== 'high-first' && wordOrder !== 'low-first') {
    throw wrong('wordOrder', wordOrder, '"high-first" or "low-first"')
  }
  const writeMultiple = options['writeMultiple'] ?? false
  if (typeof writeMultiple !== 'boolean') throw wrong('writeMultiple', writeMultiple, 'true or false')
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    unitId: whole('unitId', options['unitId'] ?? 1, 0, 255),
    timeoutMs: whole('timeoutMs', options['timeoutMs'] ?? 5000, 50, 60_000),
    maxGap: whole('maxGap', options['maxGap'] ?? 4, 0, 100),
    wordOrder,
    writeMultiple,
  }
}

const known = ['unitId', 'timeoutMs', 'wordOrder', 'maxGap', 'writeMultiple']

function whole(name: string, value: OptionValue, low: number, high: number): number {
  const inside = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
  if (!inside) throw wrong(name, value, `a whole number from ${low} to ${high}`)
  return value
}

const wrong = (name: string, value: OptionValue, allowed: string): DomainError =>
  new DomainError(
    'invalid',
    'modbus.option-invalid',
    `The Modbus option ${name} is ${JSON.stringify(value)}, not ${allowed}`,
  )
