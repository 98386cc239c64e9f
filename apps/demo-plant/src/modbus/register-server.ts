import { ModbusException, ModbusServer } from '@throughline/driver-modbus'
import type { SampleValue } from '@throughline/model'
import type { Register } from '../plant/addresses.ts'
import { registers } from '../plant/addresses.ts'
import type { PlantTag } from '../plant/assets.ts'

/** "Illegal data value", as the protocol numbers it. */
const illegalValue = 3

/** The field devices of the plant on one Modbus TCP server. */
export class RegisterServer {
  readonly #server: ModbusServer
  readonly #byTag = new Map(registers.map((register) => [register.tag.index, register]))

  /** `onWrite` answers whether the plant took the value. */
  constructor(port: number, onWrite: (tag: PlantTag, value: number) => boolean) {
    this.#server = new ModbusServer({
      port,
      onWrite: ({ table, start, words }) => {
        for (const [i, word] of words.entries()) {
          const register = registers.find((each) => each.table === table && each.number === start + i)
          // Set-points are single signed words; anything else is read-only.
          const signed = (word << 16) >> 16
          if (register?.type !== 'int16' || !onWrite(register.tag, signed * register.scale)) {
            throw new ModbusException(illegalValue)
          }
        }
      },
    })
  }

  get endpoint(): string {
    return this.#server.endpoint
  }

  /** @throws DomainError `conflict` when the port is taken */
  async start(): Promise<void> {
    await this.#server.listen()
  }

  put(tag: number, value: SampleValue): void {
    const register = this.#byTag.get(tag)
    if (register === undefined) return
    const raw = typeof value === 'number' ? value / register.scale : value
    this.#server.set(addressOf(register), register.type === 'int16' ? Math.round(Number(raw)) : raw)
  }

  async stop(): Promise<void> {
    await this.#server.stop()
  }
}

/** The register in the driver's own form. */
export function addressOf(register: Register): string {
  return register.type === 'bit'
    ? `${register.table}/${register.number}`
    : `${register.table}/${register.number}/${register.type}`
}
