import type { Id, Instant } from '@throughline/kernel'
import type { ThreadEdge, ThreadNode } from '@throughline/model'

/** A node as the graph keeps it: `key` is its number there. */
export interface FoundNode extends ThreadNode {
  readonly key: number
  readonly label: string
  readonly detail: string
  readonly at: Instant | null
  readonly place: Id<'EquipmentNode'> | null
}

/** An edge between the numbers of nodes. */
export interface FoundEdge {
  /** What told of it. */
  readonly cause: string
  readonly from: number
  readonly to: number
  readonly kind: ThreadEdge['kind']
  readonly at: Instant
  readonly quantity: string | null
  readonly runId: Id<'OperationRun'> | null
}

export type Direction = 'backward' | 'forward'

/** Nodes by how many edges they are away from where the question began, and the edges between them. */
export interface Reach {
  readonly depths: ReadonlyMap<number, number>
  readonly edges: readonly FoundEdge[]
  readonly truncated: boolean
}
