import type { SampleValue } from '@throughline/model'

/**
 * What the contract suite asks of the stand-in for a machine. One device serves a whole run of the suite: it is stopped
 * and hung by some cases, and `restart` brings it back each time.
 */
export interface SimulatedDevice {
  /** Where it listens, as a connection's owner would type it; the same before and after a restart. */
  readonly endpoint: string
  /** Options of a connection to it. Give a short time-out here, and the suite runs faster. */
  readonly options: Readonly<Record<string, string | number | boolean>>
  /** The device measures this from now on, with good quality. */
  set(address: string, value: SampleValue): Promise<void>
  /** From now on the device says itself that this value is bad. Leave out where the protocol cannot say so. */
  setBad?(address: string): Promise<void>
  /** What the device holds: shows that a write arrived. */
  valueAt(address: string): Promise<SampleValue | null>
  /** Cuts every session and listens no more. Safe when stopped already. */
  stop(): Promise<void>
  /** Works again on the same port, from running, stopped or hanging; sessions are cut, values are kept. */
  restart(): Promise<void>
  /** From now on it accepts connections and answers nothing, also to sessions that are open. */
  hang(): Promise<void>
  /** Says something malformed once, to the open sessions or as its next answer. Leave out where the driver cannot be reached by any. */
  sendGarbage?(): Promise<void>
  /** Sessions with drivers that are open now. */
  openSessions(): Promise<number>
  /** Ends it for good. */
  close(): Promise<void>
}

/** One variable of the device: the driver must report each of `values` exactly as it stands here. */
export interface SimulatedVariable<Value extends SampleValue> {
  readonly address: string
  /** Three different values that the protocol carries without loss. */
  readonly values: readonly [Value, Value, Value]
}
