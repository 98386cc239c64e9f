import type { Clock, Instant } from '@throughline/kernel'
import type { DataType, DocumentKind, ParsedDocument, Sample, SampleValue } from '@throughline/model'

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

/** A file or message that is more than readings: it is kept whole, with what was read out of it. */
export interface DriverDocument {
  /** Path below the folder it was dropped in, or the topic it came on. */
  readonly name: string
  readonly kind: DocumentKind
  /** The original, byte for byte: its SHA-256 is the document's name for ever. */
  readonly bytes: Uint8Array
  readonly parsed: ParsedDocument
}

/** How the way of a document to the server ended. */
export interface DocumentOutcome {
  readonly hash: string
  readonly outcome: 'delivered' | 'refused'
  /** Why the server will never take it. */
  readonly reason: string | null
}

/** What a device says of an alarm that it raises itself. */
export interface AlarmReport {
  /** Names the alarm in the driver's own form, the same in every session: `nsu=urn:filler;s=Jam`. */
  readonly condition: string
  /** Whether it stands; null = the device does not know. */
  readonly active: boolean | null
  /** Null = the device asks for no acknowledgement. */
  readonly acknowledged: boolean | null
  /** From 1 to 1000, as OPC UA counts; null = not said. */
  readonly severity: number | null
  readonly message: string
  /** Of an acknowledgement that was made at the device: by whom, and what they said. Empty = nothing. */
  readonly comment: string
  readonly at: Instant
  /** What `Driver.acknowledge` must be given for this state; null = it takes no acknowledgement. */
  readonly handle: string | null
}

/** What a driver tells the edge runtime, at any time between `connect` and `close`. */
export interface DriverListener {
  /** New readings, oldest first per tag. `status` says why when `value` is null. The runtime keeps the array. */
  samples(samples: Sample[]): void
  /** The session was lost. The driver stops there: reconnecting is the runtime's work, with a new `connect`. */
  lost(reason: string): void
  /** Something was wrong with what the device said: counted per cause (kebab-case), logged once per cause. */
  fault(cause: string, example: string): void
  /** Alarms that the device raises itself, each as it stands now. Absent = nobody listens to them. */
  alarms?(reports: readonly AlarmReport[]): void
  /** All that stand now were told, and these are all of them: what else was told before has ended unseen. */
  alarmsComplete?(conditions: readonly string[]): void
  /**
   * Hands over a document; when the call returns, it is on the agent's disk. The promise is kept once the server has it,
   * which may be days later or, after a restart of the agent, not at all: handing the same content over again is no
   * second document and asks for the same outcome.
   * @throws DomainError `unavailable` when the agent cannot keep it: hand it over again later
   */
  document(document: DriverDocument): Promise<DocumentOutcome>
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
  /**
   * Acknowledges an alarm of the device in the state that `handle` names. Absent = the protocol has no such thing.
   * @throws DomainError `conflict` when that state is gone, `forbidden` or `invalid` when the device refuses, `unavailable`
   * when it does not answer
   */
  acknowledge?(condition: string, handle: string, comment: string): Promise<void>
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
