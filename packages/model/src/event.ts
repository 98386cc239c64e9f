import type { Id, Instant } from '@throughline/kernel'

/** Facts that modules tell each other, after the commit that made them true. Add a line; never change one. */
export interface DomainEvents {
  'identity.person-disabled': { personId: Id<'Person'> }
  'identity.badge-revoked': { badgeId: Id<'Badge'>; personId: Id<'Person'> }
  /** Somebody who is proved elsewhere came for the first time, or with other roles than before. */
  'identity.person-roles-mapped': { personId: Id<'Person'>; source: string; roles: readonly string[] }
  'identity.machine-account-revoked': { accountId: Id<'MachineAccount'>; name: string }
  /** Somebody tries passwords or codes: a limit was met. `name` is what was typed, and may be nobody's. */
  'identity.sign-in-limit-met': { name: string; origin: string | null; at: Instant }
  /** A credential that was revoked, or that another's could be, was used and refused. */
  'identity.credential-misused': {
    personId: Id<'Person'>
    /** In words: `passkey "work laptop", reported lost`. */
    credential: string
    origin: string | null
    at: Instant
  }
  'identity.record-signed': {
    record: { kind: string; id: string }
    version: number
    meaning: string
    signatureId: Id<'Signature'>
    personId: Id<'Person'>
  }
  /** Every signature that the policy asks for stands on this version. */
  'identity.record-signatures-complete': { record: { kind: string; id: string }; version: number; hash: string }
  /** Too many attempts to sign with somebody's name failed: they sign nothing until then, and may do everything else. */
  'identity.signing-locked': { personId: Id<'Person'>; until: Instant; origin: string | null; at: Instant }
  'equipment.model-changed': { changed: number; at: Instant }
  'historian.source-mapped': { source: string; tagId: Id<'Tag'>; moved: number }
  'historian.sample-corrected': { tagId: Id<'Tag'>; at: Instant }
}
export type DomainEventName = keyof DomainEvents
