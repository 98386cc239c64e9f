import type { Id, Instant } from '@throughline/kernel'

/** Facts that modules tell each other, after the commit that made them true. Add a line; never change one. */
export interface DomainEvents {
  'identity.person-disabled': { personId: Id<'Person'> }
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
  'equipment.model-changed': { changed: number; at: Instant }
  'historian.source-mapped': { source: string; tagId: Id<'Tag'>; moved: number }
  'historian.sample-corrected': { tagId: Id<'Tag'>; at: Instant }
}
export type DomainEventName = keyof DomainEvents
