import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Actor } from '@throughline/platform'

/**
 * The person who acts, for what people do with their own credentials.
 * @throws DomainError `forbidden` for programs: they have a key and nothing else
 */
export function personOf(actor: Actor): Id<'Person'> {
  if (actor.kind === 'person') return actor.id as Id<'Person'>
  throw new DomainError('forbidden', 'identity.people-only', `${actor.name} is no person: only people have these`)
}

/** The session that speaks. */
export function sessionOfPerson(actor: Actor): string {
  personOf(actor)
  if (actor.sessionId !== null) return actor.sessionId
  throw new DomainError('forbidden', 'identity.people-only', `${actor.name} has no session`)
}
