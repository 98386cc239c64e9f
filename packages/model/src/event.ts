import type { Id, Instant } from '@throughline/kernel'

/** Facts that modules tell each other, after the commit that made them true. Add a line; never change one. */
export interface DomainEvents {
  'identity.person-disabled': { personId: Id<'Person'> }
  'identity.machine-account-revoked': { accountId: Id<'MachineAccount'>; name: string }
  'equipment.model-changed': { changed: number; at: Instant }
  'historian.source-mapped': { source: string; tagId: Id<'Tag'>; moved: number }
  'historian.sample-corrected': { tagId: Id<'Tag'>; at: Instant }
}
export type DomainEventName = keyof DomainEvents
