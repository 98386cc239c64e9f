import type { MetricChange, MetricDefinition } from '@throughline/driver-sparkplug'
import { SparkplugEdgeNode } from '@throughline/driver-sparkplug'
import type { Clock } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { DataType, SampleValue } from '@throughline/model'
import { sparkplugGroup, sparkplugNode } from '../plant/addresses.ts'
import type { PlantTag } from '../plant/assets.ts'
import { tagsOf } from '../plant/assets.ts'

const sparkplugType = {
  double: 'Double',
  int64: 'Int64',
  boolean: 'Boolean',
  string: 'String',
} as const satisfies Record<DataType, MetricDefinition['dataType']>

export interface GatewayOptions {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly clock: Clock
  /** File that counts its connects (bdSeq) over restarts. */
  readonly bdSeqFile: string
  readonly present: (tag: PlantTag) => SampleValue
  readonly onFault: (cause: string, example: string) => void
}

/** A change on its way to the gateway. */
export interface GatewayChange {
  readonly tag: PlantTag
  readonly atMs: number
  readonly value: SampleValue
}

/** The shop-floor gateway: one Sparkplug edge node, an asset behind it is a device. */
export class Gateway {
  readonly #node: SparkplugEdgeNode
  /** Messages held back by E23. */
  #held: GatewayChange[] = []

  constructor(options: GatewayOptions) {
    const { url, username, password, clock, bdSeqFile, present, onFault } = options
    const devices: Record<string, MetricDefinition[]> = {}
    for (const tag of tagsOf('sparkplug')) {
      const { name, dataType, unit } = tag.definition
      const device = devices[tag.asset.id] ?? []
      devices[tag.asset.id] = device
      device.push({ name, unit, dataType: sparkplugType[dataType], value: present(tag) })
    }
    this.#node = new SparkplugEdgeNode({
      ...{ url, username, password, clock, bdSeqFile, onFault, devices },
      ...{ group: sparkplugGroup, node: sparkplugNode, metrics: [] },
    })
  }

  /** Dials for ever, in the background. */
  start(): void {
    // It rejects only when it is closed before its first birth, and then nobody waits for it.
    this.#node.connect().catch(() => {})
  }

  get online(): boolean {
    return this.#node.online
  }

  /**
   * Publishes changes, one message a device. In E23 every other call is held back and sent after the next one, whose
   * messages go out twice.
   */
  put(changes: readonly GatewayChange[], disordered: boolean): void {
    if (disordered && this.#held.length === 0) {
      this.#held = [...changes]
      return
    }
    const late = this.#held
    this.#held = []
    this.#send(changes)
    if (late.length === 0) return
    this.#send(late)
    this.#send(changes)
  }

  async stop(): Promise<void> {
    await this.#node.close()
  }

  #send(changes: readonly GatewayChange[]): void {
    const byDevice = Map.groupBy(changes, (change) => change.tag.asset.id)
    for (const [device, own] of byDevice) {
      this.#node.publish(
        device,
        own.map(({ tag, atMs, value }): MetricChange => ({ name: tag.definition.name, value, at: fromMs(atMs) })),
      )
    }
  }
}
