import { randomBytes } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'

const lifeMs = 300_000

/**
 * What was decided and recorded by an operation, and is fetched once within five minutes over a route of its own: a file
 * that an answer in JSON is too small for. The token stands for that one decision.
 */
export class Tickets<Subject> {
  readonly #open = new Map<string, { readonly subject: Subject; readonly expiresAt: Instant }>()

  give(subject: Subject, now: Instant): { token: string; expiresAt: Instant } {
    for (const [old, ticket] of this.#open) if (ticket.expiresAt <= now) this.#open.delete(old)
    const token = randomBytes(32).toString('base64url')
    const expiresAt = plusMs(now, lifeMs)
    this.#open.set(token, { subject, expiresAt })
    return { token, expiresAt }
  }

  /** @throws DomainError `not-found` when it was taken before, or waited too long */
  take(token: string, now: Instant): Subject {
    const ticket = this.#open.get(token)
    this.#open.delete(token)
    if (ticket !== undefined && ticket.expiresAt > now) return ticket.subject
    throw new DomainError(
      'not-found',
      'platform.bundle-unknown',
      'This file was fetched already or waited too long: ask for it anew',
    )
  }
}
