import type { Clock, Instant } from '@throughline/kernel'
import type { MetricAddress } from '../address.ts'
import { formatPlace } from '../address.ts'
import type { Payload } from '../generated/sparkplug_b_pb.ts'
import { decodePayload, has } from '../payload.ts'
import type { Topic } from '../topic.ts'
import type { KnownMetric } from './node-model.ts'
import { NodeModel } from './node-model.ts'
import type { Fault, Reading } from './reading.ts'
import { SequenceGate } from './sequence-gate.ts'

interface Message {
  readonly topic: Topic
  readonly payload: Payload
  readonly bytes: Buffer
  readonly seq: number
}

interface Entry {
  readonly model: NodeModel
  gate: SequenceGate<Message> | null
  timer: NodeJS.Timeout | null
}

export interface PlantListener {
  /** In order per metric. */
  reading(metric: KnownMetric, reading: Reading): void
  fault: Fault
  /** The edge node (`device` null) or the device was born or born again; all that it announced was told before. */
  born(group: string, node: string, device: string | null): void
  rebirthNeeded(group: string, node: string): void
}

/** All edge nodes of one broker: takes messages as they come and brings each node's into order. */
export class PlantModel {
  readonly #listener: PlantListener
  readonly #clock: Clock
  readonly #reorderTimeoutMs: number
  readonly #nodes = new Map<string, Entry>()

  constructor(listener: PlantListener, clock: Clock, reorderTimeoutMs: number) {
    this.#listener = listener
    this.#clock = clock
    this.#reorderTimeoutMs = reorderTimeoutMs
  }

  /** Those that were born since we listen. */
  get nodes(): readonly NodeModel[] {
    return [...this.#nodes.values()].map(({ model }) => model).filter(({ wasBorn }) => wasBorn)
  }

  nodeOf(group: string, node: string): NodeModel | undefined {
    return this.#nodes.get(`${group}/${node}`)?.model
  }

  find({ group, node, device, metric }: MetricAddress): KnownMetric | undefined {
    return this.nodeOf(group, node)?.find(device, metric)
  }

  /** Somebody was told at `at` that nothing is known of a metric: a birth that announces it later holds after that. */
  noteUnknown({ group, node, device, metric }: MetricAddress, at: Instant): void {
    this.#entryOf({ group, node }).model.noteUnknown(device, metric, at)
  }

  hear(topic: Topic, bytes: Buffer): void {
    const place = formatPlace(topic.group, topic.node, topic.device)
    const decoded = decodePayload(bytes)
    if ('problem' in decoded) {
      this.#listener.fault('payload-malformed', `${topic.message} of ${place}: ${decoded.problem}`)
      return
    }
    const { payload } = decoded
    const entry = this.#entryOf(topic)
    if (topic.message === 'NDEATH') {
      this.#giveUp(entry)
      entry.model.death(payload, this.#clock.now())
      if (!entry.model.online) entry.gate = null
      return
    }
    const seq = this.#sequenceOf(payload, place)
    if (topic.message === 'NBIRTH') {
      if (seq !== 0) this.#listener.fault('birth-sequence-not-zero', `NBIRTH of ${place} with sequence ${seq}`)
      // What was held belongs to the time before this birth.
      this.#giveUp(entry)
      entry.gate = new SequenceGate(((seq ?? 0) + 1) % 256)
      entry.model.birth(payload, this.#clock.now())
      this.#listener.born(topic.group, topic.node, null)
      return
    }
    if (entry.gate === null) {
      // Nothing can be said about it without the birth: aliases and types stand there.
      this.#listener.fault('data-before-birth', `${topic.message} of ${place}`)
      this.#listener.rebirthNeeded(topic.group, topic.node)
      return
    }
    if (seq === undefined) {
      this.#handle(entry, { topic, payload, bytes, seq: entry.gate.expected })
      this.#listener.rebirthNeeded(topic.group, topic.node)
      return
    }
    this.#order(entry, entry.gate, { topic, payload, bytes, seq })
  }

  close(): void {
    for (const entry of this.#nodes.values()) this.#stopTimer(entry)
  }

  #order(entry: Entry, gate: SequenceGate<Message>, message: Message): void {
    const ready = gate.accept(message)
    if (ready === 'duplicate') {
      const { group, node, device } = message.topic
      this.#listener.fault('message-duplicate', `${formatPlace(group, node, device)}: sequence ${message.seq} twice`)
      return
    }
    for (const each of ready) this.#handle(entry, each)
    if (!gate.isWaiting) this.#stopTimer(entry)
    else if (gate.isFull) this.#missing(entry, gate)
    else entry.timer ??= setTimeout(() => this.#missing(entry, gate), this.#reorderTimeoutMs)
  }

  /** The reorder time-out has passed: what came is told, and the node is asked for its births. */
  #missing(entry: Entry, gate: SequenceGate<Message>): void {
    const { group, node } = entry.model
    this.#listener.fault('sequence-gap', `${formatPlace(group, node, null)}: sequence ${gate.expected} never came`)
    this.#giveUp(entry)
    this.#listener.rebirthNeeded(group, node)
  }

  #giveUp(entry: Entry): void {
    this.#stopTimer(entry)
    for (const message of entry.gate?.release() ?? []) this.#handle(entry, message)
  }

  #handle({ model }: Entry, { topic, payload }: Message): void {
    const now = this.#clock.now()
    const { device } = topic
    if (device !== null && topic.message === 'DBIRTH') {
      model.deviceBirth(device, payload, now)
      this.#listener.born(topic.group, topic.node, device)
    } else if (device !== null && topic.message === 'DDEATH') {
      model.deviceDeath(device, payload, now)
    } else {
      model.data(device, payload, now)
    }
  }

  #sequenceOf(payload: Payload, place: string): number | undefined {
    if (!has(payload, 'seq')) {
      this.#listener.fault('sequence-missing', place)
      return undefined
    }
    if (payload.seq <= 255n) return Number(payload.seq)
    this.#listener.fault('sequence-invalid', `${place}: ${payload.seq}`)
    return undefined
  }

  #stopTimer(entry: Entry): void {
    if (entry.timer) clearTimeout(entry.timer)
    entry.timer = null
  }

  #entryOf({ group, node }: Pick<Topic, 'group' | 'node'>): Entry {
    const key = `${group}/${node}`
    const known = this.#nodes.get(key)
    if (known) return known
    const model = new NodeModel(group, node, {
      reading: (metric, reading) => this.#listener.reading(metric, reading),
      fault: (cause, example) => this.#listener.fault(cause, example),
      rebirthNeeded: () => this.#listener.rebirthNeeded(group, node),
    })
    const entry: Entry = { model, gate: null, timer: null }
    this.#nodes.set(key, entry)
    return entry
  }
}
