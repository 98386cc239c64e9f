import type { Clock } from '@throughline/kernel'
import type { DataType, Sample, SampleValue } from '@throughline/model'

/** A tag as a driver sees it: everything else about it (deadband, scale, range) belongs to the edge runtime. */
export interface DriverTag {
  /** Comes back as `Sample.tag`. */
  readonly tag: string
  /** In the driver's own form, already accepted by `checkAddress`. */
  readonly address: string
  readonly dataType: DataType
  readonly sampleMs: number
}

/** One thing that a browse found. */
export interface BrowseItem {
  readonly address: string
  readonly name: string
  readonly kind: 'folder' | 'variable'
  readonly dataType: DataType | null
  readonly writable: boolean
}

/** What a driver tells the edge runtime, at any time between `connect` and `close`. */
export interface DriverListener {
  /** New readings, oldest first per tag. `status` says why when `value` is null. The runtime keeps the array. */
  samples(samples: Sample[]): void
  /** The session was lost. The driver stops there: reconnecting is the runtime's work, with a new `connect`. */
  lost(reason: string): void
  /** Something was wrong with what the device said: counted per cause (kebab-case), logged once per cause. */
  fault(cause: string, example: string): void
}

/** What came of a write: `value` is what the device holds now, read back after the write. */
export interface WriteResult {
  readonly status: number
  readonly readBack: Sample
}

/**
 * One session with one device, for one protocol. A driver decodes, stamps and reports; deadband, scaling, buffering,
 * stale detection and reconnecting belong to the edge runtime and are written once.
 *
 * Every promise settles within the driver's own time-out (default 5 s); a dead peer is an error, never a hang.
 */
export interface Driver {
  /**
   * Dials and opens the session.
   * @throws DomainError `unavailable` (transient: try again) or `invalid`/`forbidden` (permanent: a person must act)
   */
  connect(listener: DriverListener): Promise<void>
  /** The children of `address` (null = the root), in the device's own order. Streams: a large device is not held in memory. */
  browse(address: string | null): AsyncIterable<BrowseItem>
  /** Reads all tags in as few round trips as the protocol allows, in the order given; a failed one comes back with a bad status. */
  read(tags: readonly DriverTag[]): Promise<Sample[]>
  /**
   * Replaces the set of tags that are reported to the listener; the first reading of each comes at once. A tag that the
   * device does not know is reported once with a bad status and sinks no other.
   */
  subscribe(tags: readonly DriverTag[]): Promise<void>
  /** Writes one value in the device's own units and reads it back. */
  write(tag: DriverTag, value: SampleValue): Promise<WriteResult>
  /** Ends the session; safe to call twice and in any state. The listener hears nothing afterwards. */
  close(): Promise<void>
}

/** What a driver package exports: `opcuaDriver`, `modbusDriver`, `sparkplugDriver`. */
export interface DriverType {
  readonly name: string
  /**
   * Makes a driver for an endpoint with options, both as the connection's owner typed them.
   * @throws DomainError `invalid` naming the part that is wrong
   */
  create(config: DriverConfig): Driver
  /** @throws DomainError `invalid` when the text is not an address of this protocol */
  checkAddress(address: string): void
}

export interface DriverConfig {
  /** Name of the connection, used for client ids and messages. */
  readonly name: string
  readonly endpoint: string
  readonly options: Readonly<Record<string, string | number | boolean>>
  /** The edge agent's clock. */
  readonly clock: Clock
  /** A folder of the driver's own for certificates and the like; it exists. */
  readonly homeDir: string
}
