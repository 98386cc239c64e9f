import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import { formatAddress, formatPlace } from '../address.ts'
import type { Metric, Payload } from '../generated/sparkplug_b_pb.ts'
import { bdSeqMetric, has, rebirthMetric } from '../payload.ts'
import type { Fault, MetricType, Reading } from './reading.ts'
import { instantOf, readMetric, readType } from './reading.ts'

/** A metric that a birth announced. */
export interface KnownMetric {
  readonly address: string
  readonly device: string | null
  readonly name: string
  readonly alias: bigint | null
  readonly type: MetricType
  /** The newest that is not historical. */
  current: Reading
  /**
   * When the edge node says that was: `current` may have been moved behind what this host told of its own. What the node
   * tells next is weighed against the node's own time alone, for its clock is another, and coarser.
   */
  saidAt: Instant
}

/** What a message brought, told in order. */
export interface NodeListener {
  reading(metric: KnownMetric, reading: Reading): void
  fault: Fault
  /** Something that only the births can clear up. */
  rebirthNeeded(): void
}

interface Scope {
  readonly metrics: Map<string, KnownMetric>
  /** False from the node's birth until this device's own birth in the same session. */
  confirmed: boolean
}

/**
 * What one edge node and its devices have announced and told, from messages in the order of their sequence. Knows no
 * MQTT and no time but the one it is given.
 */
export class NodeModel {
  readonly group: string
  readonly node: string
  readonly #listener: NodeListener
  readonly #scopes = new Map<string | null, Scope>()
  #aliases = new Map<bigint, KnownMetric>()
  /** What somebody was told of metrics, by address, that no birth had announced. */
  readonly #toldUnknown = new Map<string, Reading>()
  #bdSeq: bigint | null = null
  #online = false

  constructor(group: string, node: string, listener: NodeListener) {
    this.group = group
    this.node = node
    this.#listener = listener
  }

  get online(): boolean {
    return this.#online
  }

  /** The metrics of the edge node (null) or of a device, in the order of its birth. */
  metricsOf(device: string | null): readonly KnownMetric[] {
    return [...(this.#scopes.get(device)?.metrics.values() ?? [])]
  }

  get devices(): readonly string[] {
    return [...this.#scopes.keys()].filter((device) => device !== null)
  }

  get wasBorn(): boolean {
    return this.#scopes.size > 0
  }

  /** Whether the edge node (null) or the device was ever born: then a metric that is not there does not exist. */
  hasAnnounced(device: string | null): boolean {
    return this.#scopes.has(device)
  }

  noteUnknown(device: string | null, name: string, at: Instant): void {
    const address = formatAddress({ group: this.group, node: this.node, device, metric: name })
    this.#toldUnknown.set(address, { at, value: null, status: statusCode.badNodeIdUnknown, historical: false })
  }

  find(device: string | null, name: string): KnownMetric | undefined {
    return this.#scopes.get(device)?.metrics.get(name)
  }

  birth(payload: Payload, now: Instant): void {
    const bdSeq = payload.metrics.find(({ name }) => name === bdSeqMetric)?.value
    if (typeof bdSeq?.value !== 'bigint' && typeof bdSeq?.value !== 'number') {
      this.#listener.fault('bdseq-missing', formatPlace(this.group, this.node, null))
      this.#bdSeq = null
    } else {
      this.#bdSeq = BigInt(bdSeq.value)
    }
    this.#online = true
    for (const scope of this.#scopes.values()) scope.confirmed = false
    this.#announce(null, payload, now)
  }

  deviceBirth(device: string, payload: Payload, now: Instant): void {
    this.#announce(device, payload, now)
  }

  data(device: string | null, payload: Payload, now: Instant): void {
    this.#endUnconfirmed(now)
    const scope = this.#scopes.get(device)
    if (!scope) {
      this.#listener.fault('data-before-birth', formatPlace(this.group, this.node, device))
      this.#listener.rebirthNeeded()
      return
    }
    for (const metric of payload.metrics) {
      if (metric.name === rebirthMetric || metric.name === bdSeqMetric) continue
      const known = has(metric, 'alias') ? this.#byAlias(device, metric.alias) : scope.metrics.get(metric.name)
      if (known) this.#take(known, metric, payload, now)
      else this.#unknown(device, metric)
    }
  }

  deviceDeath(device: string, payload: Payload, now: Instant): void {
    const at = (has(payload, 'timestamp') ? instantOf(payload.timestamp) : undefined) ?? now
    this.#end(device, at)
  }

  /** Ends the node and all its devices, unless the death is that of an earlier session. */
  death(payload: Payload, now: Instant): void {
    if (!this.#online) return
    const bdSeq = payload.metrics.find(({ name }) => name === bdSeqMetric)?.value.value
    const matches = typeof bdSeq === 'bigint' || typeof bdSeq === 'number' ? BigInt(bdSeq) === this.#bdSeq : false
    if (this.#bdSeq !== null && !matches) {
      const place = formatPlace(this.group, this.node, null)
      this.#listener.fault('death-of-another-session', `${place}: bdSeq ${String(bdSeq)}, born with ${this.#bdSeq}`)
      return
    }
    this.#online = false
    for (const device of this.#scopes.keys()) this.#end(device, now)
  }

  #announce(device: string | null, payload: Payload, now: Instant): void {
    const before = this.#scopes.get(device)?.metrics ?? new Map<string, KnownMetric>()
    const metrics = new Map<string, KnownMetric>()
    this.#scopes.set(device, { metrics, confirmed: true })
    for (const { alias } of before.values()) if (alias !== null) this.#aliases.delete(alias)
    for (const metric of payload.metrics) {
      const { name } = metric
      if (device === null && (name === bdSeqMetric || name === rebirthMetric)) continue
      const where = formatAddress({ group: this.group, node: this.node, device, metric: name })
      if (name === '' || metrics.has(name)) {
        this.#listener.fault(name === '' ? 'metric-name-missing' : 'metric-name-duplicate', where)
        continue
      }
      const type = readType(metric, where, this.#listener.fault)
      const reading = readMetric(metric, type, payload, now, where, this.#listener.fault)
      const alias = has(metric, 'alias') ? metric.alias : null
      const last = before.get(name)?.current ?? this.#toldUnknown.get(where)
      this.#toldUnknown.delete(where)
      const current = notBefore(last, reading, payload)
      const known: KnownMetric = { address: where, device, name, alias, type, current, saidAt: reading.at }
      metrics.set(name, known)
      this.#giveAlias(known)
      this.#listener.reading(known, current)
    }
    for (const [name, gone] of before) {
      if (metrics.has(name)) continue
      this.#listener.reading(gone, { at: now, value: null, status: statusCode.badNodeIdUnknown, historical: false })
    }
  }

  #giveAlias(known: KnownMetric): void {
    if (known.alias === null) return
    const other = this.#aliases.get(known.alias)
    if (other) this.#listener.fault('alias-duplicate', `alias ${known.alias} of ${other.address} and ${known.address}`)
    this.#aliases.set(known.alias, known)
  }

  #byAlias(device: string | null, alias: bigint): KnownMetric | undefined {
    const known = this.#aliases.get(alias)
    return known?.device === device ? known : undefined
  }

  #take(known: KnownMetric, metric: Metric, payload: Payload, now: Instant): void {
    const reading = readMetric(metric, known.type, payload, now, known.address, this.#listener.fault)
    // What is known to be newer stays current: late data is history, whether its sender says so or not.
    if (reading.historical || reading.at < known.saidAt) {
      this.#listener.reading(known, reading)
      return
    }
    known.saidAt = reading.at
    const { at } = known.current
    known.current = reading.at >= at ? reading : { ...reading, at: justAfter(at) }
    this.#listener.reading(known, known.current)
  }

  #unknown(device: string | null, metric: Metric): void {
    const place = formatPlace(this.group, this.node, device)
    if (has(metric, 'alias')) this.#listener.fault('alias-unknown', `${place}: alias ${metric.alias}`)
    else this.#listener.fault('metric-unknown', `${place}:${metric.name}`)
    this.#listener.rebirthNeeded()
  }

  /** All device births follow the node's birth before any data does: whoever was not born by then is gone. */
  #endUnconfirmed(now: Instant): void {
    for (const [device, scope] of this.#scopes) if (!scope.confirmed) this.#end(device, now)
  }

  #end(device: string | null, at: Instant): void {
    const scope = this.#scopes.get(device)
    if (!scope) return
    scope.confirmed = true
    for (const metric of scope.metrics.values()) {
      if (metric.current.status === statusCode.badNoCommunication) continue
      // Not before what was told last: a node whose clock runs ahead must not look alive.
      const endedAt = at > metric.current.at ? at : justAfter(metric.current.at)
      if (at > metric.saidAt) metric.saidAt = at
      metric.current = { at: endedAt, value: null, status: statusCode.badNoCommunication, historical: false }
      this.#listener.reading(metric, metric.current)
    }
  }
}

/**
 * A birth may bring a value of a time before what was told last, a gap for example: what it says is that the value holds
 * now. It gets the birth's instant then, so that the thread goes on; what is known already stays as it was told.
 */
function notBefore(last: Reading | undefined, reading: Reading, payload: Payload): Reading {
  if (last === undefined || reading.at > last.at) return reading
  if (reading.value === last.value && reading.status === last.status) return last
  const bornAt = instantOf(payload.timestamp)
  return { ...reading, at: bornAt !== undefined && bornAt > last.at ? bornAt : justAfter(last.at) }
}

const justAfter = (at: Instant): Instant => plusMs(at, 0.001)
