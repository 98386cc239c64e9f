import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MqttClient } from 'mqtt'
import { connectAsync } from 'mqtt'
import type { Measured } from './deed.ts'

/** What a device measured on one piece. */
export interface Result {
  readonly serial: string
  readonly part: string
  readonly gauge: string
  readonly atMs: number
  /** What it was measured for: scanned from the traveller before the device began. */
  readonly work: { readonly order: string; readonly operation: number; readonly run: string }
  readonly results: readonly Measured[]
}

/** Devices that tell by themselves what they measured. */
export interface Gauges {
  /** Leaves a file for whoever takes it. */
  measured(result: Result): void
  /** Sends a message at the moment; false = that moment is over, and somebody has to write it down. */
  torqued(result: Result): Promise<boolean>
  close(): Promise<void>
}

/** What files and messages hold, in the order of the files' columns: the plant model names them to the drivers. */
export const measuredFields = [
  ...(['time', 'serial', 'part', 'characteristic', 'type', 'nominal', 'lower', 'upper', 'unit', 'value'] as const),
  ...(['status', 'gauge', 'order', 'operation', 'run'] as const),
] as const

export const dropFolder = (home: string): string => join(home, 'demo-plant/drop/cmm-01')

/** On the branch of the demo's own account: nobody else may speak there. */
export const torqueTopic = (account: string): string => `throughline/v1/${account}/trq-01/result`

/** The file of one piece, as the measuring machine writes it. */
export function fileOf({ serial, part, gauge, atMs, work, results }: Result): string {
  const time = new Date(atMs).toISOString()
  const named = [work.order, work.operation, work.run]
  const lines = results.map(({ characteristic, nominal, low, high, unit, measured }) =>
    [time, serial, part, characteristic, 'Diameter', nominal, low, high, unit, measured, 'pass', gauge, ...named].join(
      ',',
    ),
  )
  return `${[measuredFields.join(','), ...lines].join('\n')}\n`
}

/** The message of one tightening: its result, and the torque over the time. */
export function messageOf({ serial, part, gauge, atMs, work, results }: Result): string {
  const [result] = results
  const torque = result?.measured ?? 0
  const points = Array.from({ length: 21 }, (_, index) => {
    const share = index / 20
    // Free running, then seated: the torque rises late.
    return {
      ms: index * 60,
      nm: Math.round(torque * (share < 0.4 ? 0.1 * share : 0.04 + 0.96 * ((share - 0.4) / 0.6) ** 2) * 100) / 100,
    }
  })
  return JSON.stringify({
    ...{ id: `${serial}/${atMs}`, time: new Date(atMs).toISOString(), serial, part, gauge, status: 'OK', points },
    ...{ characteristic: result?.characteristic, nominal: result?.nominal, lower: result?.low, upper: result?.high },
    ...{ unit: result?.unit, value: torque, ...work },
  })
}

const momentMs = 5 * 60_000

interface GaugeOptions {
  readonly home: string
  readonly mqttUrl: string
  readonly account: string
  readonly apiKey: string
  readonly now: () => number
}

/** CMM-01, which drops files, and the torque wrench TRQ-01, which speaks MQTT. */
export class SimulatedGauges implements Gauges {
  readonly #options: GaugeOptions
  #client: Promise<MqttClient> | undefined

  constructor(options: GaugeOptions) {
    this.#options = options
    mkdirSync(dropFolder(options.home), { recursive: true })
  }

  measured(result: Result): void {
    const path = join(dropFolder(this.#options.home), `${result.serial}.csv`)
    // Written beside and renamed: whoever takes it finds it whole.
    writeFileSync(`${path}.tmp`, fileOf(result))
    renameSync(`${path}.tmp`, path)
  }

  async torqued(result: Result): Promise<boolean> {
    const { mqttUrl, account, apiKey, now } = this.#options
    if (now() - result.atMs > momentMs) return false
    this.#client ??= connectAsync(mqttUrl, { username: account, password: apiKey, clientId: `${account}-trq-01` })
    try {
      const client = await this.#client
      await client.publishAsync(torqueTopic(account), messageOf(result), { qos: 1 })
      return true
    } catch {
      this.#client = undefined
      return false
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.endAsync(true)
  }
}
