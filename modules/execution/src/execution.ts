import type { TagDirectory } from '@throughline/equipment'
import type { Id, Instant } from '@throughline/kernel'
import type { BlobStore, Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'

type NodeId = Id<'EquipmentNode'>

/** Whether equipment is fit to be worked at, as far as anybody knows. */
export interface MachineCondition {
  /** Null = nobody knows: then it is in nobody's way, and said. */
  readonly fit: boolean | null
  /** In words: `down since 08:12: hydraulic pressure low`. */
  readonly words: string
}

/** The program that a machine has loaded. */
export interface LoadedProgram {
  readonly name: string
  /** Of its text; null = the machine tells the name alone. */
  readonly sha256: string | null
}

/** What a signal of a machine says now. */
export interface TagReading {
  readonly value: number | string | boolean
  readonly at: Instant
  /** Why it cannot be relied on, in words (`its agent is silent since 08:12`); null = it can. */
  readonly problem: string | null
}

export interface ExecutionOptions {
  readonly directory: TagDirectory
  /** Where pictures, videos, pages and models are kept; absent = nowhere, and none are taken. */
  readonly blobs?: BlobStore
  /** The newest reading of a tag; undefined = there is none. Absent = not known of any. */
  readonly readTag?: (tagId: string) => Promise<TagReading | undefined>
  /** What equipment is doing; absent = not known here. */
  readonly machineState?: (db: Kysely<Tables>, nodeId: NodeId, at: Instant) => Promise<MachineCondition>
  /** Which program a machine has loaded; undefined = not known. Absent = not known of any. */
  readonly loadedProgram?: (nodeId: NodeId) => Promise<LoadedProgram | undefined>
  /** What the numbers of orders begin with. Default `WO-`. */
  readonly orderPrefix?: string
}
