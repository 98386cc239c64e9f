import type { Id } from '@throughline/kernel'
import type { Actor } from './actor.ts'

/** Who stands behind a credential. Implemented by the identity module. */
export interface Authenticator {
  /** The session's token from the cookie. Undefined = unknown, ended, idle too long or its person disabled. */
  bySession(token: string, origin: string | null): Promise<Actor | undefined>
  /** A machine account's API key. */
  byApiKey(key: string, origin: string | null): Promise<Actor | undefined>
}

/** What lies below what. Implemented by the equipment module. */
export interface Hierarchy {
  /** The node itself and all nodes above it; empty when there is no such node. */
  pathTo(nodeId: Id<'EquipmentNode'>): Promise<readonly Id<'EquipmentNode'>[]>
}
