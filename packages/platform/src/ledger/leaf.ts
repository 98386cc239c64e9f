import { hash } from 'node:crypto'

/** The hash of a leaf's stored text: RFC 6962 puts a zero byte before it, so that no leaf can pass for an inner node. */
export const leafHash = (text: string): Buffer => hash('sha256', `\0${text}`, 'buffer')

/** Who acted, as the ledger holds it: names change, what was true then does not. */
export interface LeafActor {
  readonly id: string
  readonly kind: 'person' | 'machine' | 'station' | 'system' | 'nobody'
  readonly name: string
  readonly roles: readonly string[]
}

/** Whether the server's clock followed a time source when the entry was made. */
export type ClockStatus = 'synchronised' | 'unsynchronised' | 'unknown'

/** Who did what (docs/guides/ledger-format.md). */
export interface EntryLeaf {
  readonly type: 'entry'
  readonly v: 1
  readonly id: string
  /** µs since 1970, UTC. */
  readonly at: number
  readonly actor: LeafActor
  readonly operation: string
  readonly input: unknown
  readonly reason: string | null
  readonly outcome: string
  readonly origin: string | null
  readonly session: string | null
  /** The event that made the product act by itself. */
  readonly cause: string | null
  readonly software: string
  readonly clock: ClockStatus
  readonly changes: { readonly count: number; readonly digest: string }
}

export interface RowChange {
  readonly table: string
  readonly before: unknown
  readonly after: unknown
}

/** How one record came to its version. */
export interface ChangeLeaf {
  readonly type: 'change'
  readonly v: 1
  readonly entry: string
  readonly at: number
  readonly record: { readonly kind: string; readonly id: string }
  readonly version: number
  /** Leaf hash of the version before, hex. */
  readonly previous: string | null
  readonly rows: readonly RowChange[]
}
