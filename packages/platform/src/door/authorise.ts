import type { Id, Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { Operation, Permission } from '@throughline/model'
import type { Actor } from './actor.ts'
import type { Hierarchy } from './ports.ts'

type NodeId = Id<'EquipmentNode'>

/** Nodes at or below which the actor holds the operation's permission; null = the whole plant. */
export type Scopes = readonly NodeId[] | null

/**
 * Whether the actor may ask for this at all, before the input is looked at.
 * @throws DomainError `unauthenticated` without a session, `forbidden` when no role of the actor holds the permission, or
 * a board on the wall would change something
 */
export function scopesFor(actor: Actor, operation: Operation): Scopes {
  // Also what anyone may: nobody signs in at a device that nobody guards.
  if (actor.kind === 'station' && operation.mutates) throw stationOnlyShows(actor)
  if (operation.permission === 'anyone') return null
  if (actor.kind === 'nobody') {
    throw sessionMissing()
  }
  if (actor.locked === true && operation.whileLocked !== true) throw sessionLocked()
  if (operation.permission === 'signed-in') {
    if (actor.kind === 'station') throw sessionMissing()
    return null
  }
  const scopes = nodesWith(actor, operation.permission)
  if (scopes !== null && scopes.length === 0) throw permissionMissing(actor, operation)
  if (operation.scope === 'plant' && scopes !== null) throw outOfScope(actor, operation.summary)
  return scopes
}

const proofLastsMs = 5 * 60_000

/**
 * Whether the actor proved lately enough who they are: for operations that a session left open must not be enough for.
 * @throws DomainError `unauthenticated` (`identity.step-up-needed`) for a person whose proof is five minutes old or older
 */
export function assertProved(actor: Actor, operation: Operation, now: Instant): void {
  if (operation.stepUp !== true || actor.kind !== 'person') return
  if (typeof actor.provedAt === 'number' && now < plusMs(actor.provedAt, proofLastsMs)) return
  throw new DomainError(
    'unauthenticated',
    'identity.step-up-needed',
    'Prove once more who you are: this is refused when the last proof is five minutes old',
    { operation: operation.name },
  )
}

/**
 * Whether the actor may do this (in words, for the refusal) on one node.
 * @throws DomainError `forbidden` when none of the scopes lies at or above the node
 */
export async function assertScope(
  hierarchy: Hierarchy,
  actor: Actor,
  doing: string,
  scopes: Scopes,
  nodeId: string,
): Promise<void> {
  if (scopes === null) return
  const path = nodeId === '' ? [] : await hierarchy.pathTo(nodeId as NodeId)
  if (!path.some((each) => scopes.includes(each))) throw outOfScope(actor, doing)
}

/** The nodes at which the actor was granted the permission; empty = nowhere, null = the whole plant. */
export function nodesWith(actor: Actor, permission: Permission): Scopes {
  const holding = actor.grants.filter((grant) => grant.permissions.has(permission))
  const nodes = holding.flatMap((grant) => (grant.nodeId === null ? [] : [grant.nodeId]))
  return nodes.length < holding.length ? null : nodes
}

const sessionMissing = (): DomainError =>
  new DomainError('unauthenticated', 'platform.session-missing', 'Sign in first: this needs a session or an API key')

const stationOnlyShows = (actor: Actor): DomainError =>
  new DomainError(
    'forbidden',
    'platform.station-only-shows',
    `${actor.name} is a board on the wall: nothing is changed here, and nobody signs in here. Use another device, or let an administrator retire the board`,
    { station: actor.name },
  )

const sessionLocked = (): DomainError =>
  new DomainError('unauthenticated', 'identity.session-locked', 'This session is locked: prove once more who you are')

const permissionMissing = (actor: Actor, operation: Operation): DomainError =>
  new DomainError('forbidden', 'platform.permission-missing', `${actor.name} may not do this: ${operation.summary}`, {
    permission: operation.permission,
    operation: operation.name,
  })

const outOfScope = (actor: Actor, doing: string): DomainError =>
  new DomainError(
    'forbidden',
    'platform.out-of-scope',
    `${actor.name} may do this only in another part of the plant: ${doing}`,
  )
