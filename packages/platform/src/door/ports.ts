import type { Id } from '@throughline/kernel'
import type { RecordRef, RecordVersion, Signature, SignatureInput } from '@throughline/model'
import type { Actor } from './actor.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/**
 * Who sent a request: a person did something, or the page asked by itself (a refresh, live values). A session that only
 * pages use is idle: whoever walked away from the screen is signed out in time.
 */
export type Attendance = 'attended' | 'unattended'

/** Who stands behind a credential. Implemented by the identity module. */
export interface Authenticator {
  /** The session's token from the cookie. Undefined = unknown, ended, idle too long or its person disabled. */
  bySession(token: string, origin: string | null, attendance: Attendance): Promise<Actor | undefined>
  /**
   * The token of a terminal's cookie, where no session speaks. Undefined unless it is that of a board on the wall, which
   * reads without a person: at every other terminal somebody has to sign in. Absent = no terminal speaks by itself.
   */
  byTerminal?(token: string, origin: string | null): Promise<Actor | undefined>
  /** A machine account's API key. */
  byApiKey(key: string, origin: string | null): Promise<Actor | undefined>
  /**
   * Which of these callers may speak no longer: session ended, idle too long or locked, person disabled, key revoked,
   * station retired.
   * One question for many, for lines that stay open and must end within a second.
   */
  findGone(actors: readonly Actor[]): Promise<ReadonlySet<Actor>>
}

/** What lies below what. Implemented by the equipment module. */
export interface Hierarchy {
  /** The node itself and all nodes above it; empty when there is no such node. */
  pathTo(nodeId: Id<'EquipmentNode'>): Promise<readonly Id<'EquipmentNode'>[]>
}

/** Somebody who has just proved who they are, for one signature. */
export interface ProvenSigner {
  readonly personId: Id<'Person'>
  readonly printedName: string
  /** What proved it, for people. */
  readonly components: string
}

/** Checks and keeps electronic signatures. Implemented by the identity module. */
export interface Signer {
  /**
   * Whether the components prove the actor, before the operation's transaction: a failed attempt counts though nothing
   * else happens.
   * @throws DomainError `unauthenticated` when they do not, `forbidden` when the actor may not sign (now)
   */
  prove(actor: Actor, signature: SignatureInput): Promise<ProvenSigner>
  /**
   * Puts the signature on that version, in the unit of work.
   * @throws DomainError `forbidden` or `conflict` when the policy of the record wants another person, meaning or order
   */
  sign(
    uow: UnitOfWork,
    signer: ProvenSigner,
    signature: SignatureInput,
    signed: RecordRef & RecordVersion,
  ): Promise<Signature>
}
