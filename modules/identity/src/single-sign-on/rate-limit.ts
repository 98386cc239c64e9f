import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { originKey } from '../sign-in/rules.ts'

const windowMs = 60_000
const mostOrigins = 20_000

/** So many questions a minute of one origin, for what anybody may ask. Lives in memory: it guards this process. */
export class RateLimit {
  readonly #perMinute: number
  readonly #seen = new Map<string, { readonly since: Instant; readonly count: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** @throws DomainError `too-many` with `details.retryAfterMs` */
  assertWithin(origin: string | null, now: Instant): void {
    const key = originKey(origin)
    const known = this.#seen.get(key)
    const sinceMs = known === undefined ? windowMs : (now - known.since) / 1000
    const current = known === undefined || sinceMs >= windowMs ? { since: now, count: 0 } : known
    if (current.count >= this.#perMinute) {
      throw new DomainError(
        'too-many',
        'identity.asked-too-often',
        'Too many requests: wait a minute, then try again',
        {
          retryAfterMs: Math.ceil(windowMs - sinceMs),
        },
      )
    }
    this.#seen.delete(key)
    this.#seen.set(key, { since: current.since, count: current.count + 1 })
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > mostOrigins && oldest !== undefined) this.#seen.delete(oldest)
  }
}
