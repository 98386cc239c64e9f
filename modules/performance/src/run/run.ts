import type { Id, Instant } from '@throughline/kernel'

/** What a machine was busy with: `from <= at < to`, `to` null while it lasts. */
export interface Run {
  readonly nodeId: Id<'EquipmentNode'>
  readonly order: string | null
  readonly product: string | null
  readonly from: Instant
  readonly to: Instant | null
}
