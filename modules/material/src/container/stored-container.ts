import type { Id } from '@throughline/kernel'
import type { Container } from '@throughline/model'

/** A container as its row says; what lots are in it stands with the lots. */
export interface StoredContainer extends Omit<Container, 'lots'> {
  /** Where it was known to be last: who may see that place may see it. */
  readonly lastNodeId: Id<'EquipmentNode'>
  readonly stateReason: string
}
