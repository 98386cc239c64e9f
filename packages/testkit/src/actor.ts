import type { Id } from '@throughline/kernel'
import { fromMs, newId } from '@throughline/kernel'
import type { Permission } from '@throughline/model'
import type { Actor } from '@throughline/platform'

/** A signed-in person who holds exactly these permissions, at one node and below; for the whole plant without a node. */
export function actorWith(permissions: readonly Permission[], nodeId: Id<'EquipmentNode'> | null = null): Actor {
  return {
    id: newId<'Person'>(),
    name: 'ada',
    kind: 'person',
    roles: [],
    grants: [{ permissions: new Set(permissions), nodeId }],
    origin: '192.0.2.7',
    sessionId: newId<'Session'>(),
    // As if they had proved who they are at every moment, whatever a test's clock shows.
    provedAt: fromMs(8e12),
  }
}
