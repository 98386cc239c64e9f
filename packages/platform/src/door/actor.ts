import type { Id, Instant } from '@throughline/kernel'
import type { Permission } from '@throughline/model'
import { permissions } from '@throughline/model'

/** Permissions held at one node of the equipment hierarchy and below; `nodeId` null = the whole plant. */
export interface Grant {
  readonly permissions: ReadonlySet<Permission>
  readonly nodeId: Id<'EquipmentNode'> | null
}

/** Who acts, and why they may. */
export interface Actor {
  /** Id of the person, machine account or station; a system actor's own word. What the audit trail holds. */
  readonly id: string
  /** The name that people read. */
  readonly name: string
  /** A `station` is a board on the wall: it reads what its page shows, and changes nothing. */
  readonly kind: 'person' | 'machine' | 'station' | 'system' | 'nobody'
  /** What it is in the plant, for people who read the trail: `operator`. */
  readonly roles: readonly string[]
  readonly grants: readonly Grant[]
  /** Network address of the caller, when there is one. */
  readonly origin: string | null
  /** The session that speaks, for operations on the session itself. */
  readonly sessionId: string | null
  /** When the person behind the session last proved a credential; null or absent = not in a way that anybody kept. */
  readonly provedAt?: Instant | null
  /** The session is locked: only what works while locked may be asked for. */
  readonly locked?: boolean
}

/** A caller without a session: may do only what `anyone` may. */
export const nobody = (origin: string | null): Actor => ({
  id: 'nobody',
  name: 'nobody',
  kind: 'nobody',
  roles: [],
  grants: [],
  origin,
  sessionId: null,
})

/** A part of the product acting by itself, with every permission for the whole plant unless told which. */
export const systemActor = (id: string, allowed: readonly Permission[] = permissions): Actor => ({
  id,
  name: id,
  kind: 'system',
  roles: [],
  grants: [{ permissions: new Set(allowed), nodeId: null }],
  origin: null,
  sessionId: null,
})
