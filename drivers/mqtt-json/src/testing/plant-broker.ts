import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Broker, BrokerOptions } from '@throughline/broker'
import { startBroker } from '@throughline/broker'
import type { MqttClient } from 'mqtt'
import mqtt from 'mqtt'

/** A real broker, and a machine on it that says what a test has it say. */
export class PlantBroker {
  readonly broker: Broker
  readonly #machine: MqttClient

  private constructor(broker: Broker, machine: MqttClient) {
    this.broker = broker
    this.#machine = machine
  }

  /** `agent` may hear everything but `secret/#`; its password is `agent-password`. */
  static async start(options: Partial<BrokerOptions> = {}): Promise<PlantBroker> {
    const broker = await startBroker({
      ...{ port: 0, folder: null, onFault: () => {} },
      authenticate: async (name, password) => {
        if (password !== `${name}-password`) return null
        return name === 'agent'
          ? { publish: [], subscribe: ['torque/#', 'room/#'] }
          : { publish: ['#'], subscribe: ['#'] }
      },
      ...options,
    })
    const scheme = options.tls === undefined ? 'mqtt' : 'mqtts'
    const machine = mqtt.connect(`${scheme}://127.0.0.1:${broker.port}`, {
      ...{ username: 'machine', password: 'machine-password', rejectUnauthorized: false },
    })
    const plant = new PlantBroker(broker, machine)
    await new Promise<void>((resolve) => machine.once('connect', () => resolve()))
    return plant
  }

  async say(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    await this.#machine.publishAsync(topic, payload, { qos: 1, retain })
  }

  async close(): Promise<void> {
    await this.#machine.endAsync(true)
    await this.broker.close()
  }
}

/** A file with the password of an account, as an agent's box has it. */
export function passwordFileOf(name: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'throughline-mqtt-')), 'password')
  writeFileSync(path, `${name}-password\n`)
  return path
}
