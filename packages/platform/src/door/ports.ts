import type { Id } from '@throughline/kernel'
import type { Actor } from './actor.ts'

/**
 * Who sent a request: a person did something, or the page asked by itself (a refresh, live values). A session that only
 * pages use is idle: whoever walked away from the screen is signed out in time.
 */
export type Attendance = 'attended' | 'unattended'

/** Who stands behind a credential. Implemented by the identity module. */
export interface Authenticator {
  /** The session's token from the cookie. Undefined = unknown, ended, idle too long or its person disabled. */
  bySession(token: string, origin: string | null, attendance: Attendance): Promise<Actor | undefined>
  /** A machine account's API key. */
  byApiKey(key: string, origin: string | null): Promise<Actor | undefined>
}

/** What lies below what. Implemented by the equipment module. */
export interface Hierarchy {
  /** The node itself and all nodes above it; empty when there is no such node. */
  pathTo(nodeId: Id<'EquipmentNode'>): Promise<readonly Id<'EquipmentNode'>[]>
}
