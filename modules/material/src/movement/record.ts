import type { Decimal, Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { MaterialMovement } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { insertEdges } from '../genealogy/store.ts'
import { insertMovement } from './store.ts'

export type MovementKind = MaterialMovement['kind']

export interface MovementLine {
  readonly lotId: Id<'Lot'>
  readonly quantity: Decimal
}

/** What happened, before it is recorded. */
export interface Happening {
  readonly kind: MovementKind
  readonly at: Instant
  readonly from?: readonly MovementLine[]
  readonly to?: readonly MovementLine[]
  readonly nodeId: Id<'EquipmentNode'> | null
  /** Who may see this place may see what happened. */
  readonly lastNodeId: Id<'EquipmentNode'>
  readonly orderId?: Id<'Order'> | null
  readonly runId?: Id<'OperationRun'> | null
  readonly reason?: string
}

const makesOneOfAnother: readonly MovementKind[] = ['consume', 'split', 'merge', 'transform']

/** Records what happened to material, and what is made of what by it, and tells it. The lots are there already. */
export async function recordMovement(uow: UnitOfWork, happening: Happening): Promise<MaterialMovement> {
  const { kind, at, nodeId, lastNodeId, orderId = null, runId = null, reason = '' } = happening
  const movement: MaterialMovement = {
    id: newId<'MaterialMovement'>(uow.at),
    kind,
    at,
    recordedAt: uow.at,
    recordedBy: uow.actor.name,
    from: [...(happening.from ?? [])],
    to: [...(happening.to ?? [])],
    nodeId,
    orderId,
    runId,
    reason,
  }
  await insertMovement(uow.trx, movement, lastNodeId)
  const { from, to } = movement
  if (makesOneOfAnother.includes(kind)) {
    await insertEdges(
      uow.trx,
      from.map(({ lotId }) => lotId),
      to.map(({ lotId }) => lotId),
    )
  }
  uow.emit('material.moved', { movementId: movement.id, kind, from, to, nodeId, orderId, runId, at })
  return movement
}
