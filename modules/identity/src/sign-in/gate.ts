import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Failures, Pair } from './rules.ts'
import { forgetAfterMs, originKey, pairAfter, pairFor } from './rules.ts'

/** Checks of a password at one moment: each takes 19 MiB and a connection of the pool. */
const mostAtOnce = 10
/** Names and origins remembered of each kind; beyond it the one that was silent longest is forgotten. */
const mostRemembered = 20_000

interface Remembered<Value> {
  readonly value: Value
  readonly at: Instant
}

/**
 * Stands before every check of a password and slows guessing down. It lives in memory: a failed sign-in rolls its
 * transaction back, a counter in a second transaction would let an attacker exhaust the connections, and a restart that
 * forgets half a minute of delay is no gain to anybody.
 */
export class SignInGate {
  readonly #pairs = new Map<string, Remembered<Pair>>()
  readonly #names = new Map<string, Remembered<number>>()
  readonly #origins = new Map<string, Remembered<number>>()
  #checking = 0

  /**
   * Lets `check` look at the password, or refuses before anything is looked at. An answer other than undefined means
   * that the password was right.
   * @throws DomainError `too-many`, with `details.retryAfterMs`. The instant it names stands, whatever others do meanwhile
   */
  async attempt<Right>(
    name: string,
    origin: string | null,
    now: Instant,
    check: () => Promise<Right | undefined>,
  ): Promise<Right | undefined> {
    const origins = originKey(origin)
    const pairKey = `${origins} ${name}`
    const before: Failures = {
      pair: 0,
      name: recall(this.#names, name, now) ?? 0,
      origin: recall(this.#origins, origins, now) ?? 0,
    }
    const pair = pairFor(recall(this.#pairs, pairKey, now), before, now)
    if (now < pair.notBefore) {
      remember(this.#pairs, pairKey, pair, now)
      throw tooMany((pair.notBefore - now) / 1000)
    }
    if (this.#checking >= mostAtOnce) throw tooMany(1000)
    // Counted before it is looked at: many attempts sent at once must not all pass before the first one fails.
    const failures = { pair: pair.failures + 1, name: before.name + 1, origin: before.origin + 1 }
    remember(this.#names, name, failures.name, now)
    remember(this.#origins, origins, failures.origin, now)
    remember(this.#pairs, pairKey, pairAfter(pair, failures, now), now)
    const uncount = (): void => {
      takeBack(this.#names, name)
      takeBack(this.#origins, origins)
    }
    this.#checking++
    try {
      const right = await check()
      if (right !== undefined) {
        uncount()
        // Known here for a while: what others do to the name elsewhere does not delay this pair.
        remember(this.#pairs, pairKey, { failures: 0, notBefore: now }, now)
      }
      return right
    } catch (error) {
      // The database failed, not the person.
      uncount()
      remember(this.#pairs, pairKey, pair, now)
      throw error
    } finally {
      this.#checking--
    }
  }
}

function recall<Value>(map: Map<string, Remembered<Value>>, key: string, now: Instant): Value | undefined {
  const known = map.get(key)
  return known === undefined || now - known.at > forgetAfterMs * 1000 ? undefined : known.value
}

function remember<Value>(map: Map<string, Remembered<Value>>, key: string, value: Value, at: Instant): void {
  // Taken out and put in again, the map stays in the order of last use.
  map.delete(key)
  map.set(key, { value, at })
  if (map.size <= mostRemembered) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

function takeBack(map: Map<string, Remembered<number>>, key: string): void {
  const known = map.get(key)
  if (known !== undefined) map.set(key, { value: Math.max(0, known.value - 1), at: known.at })
}

function tooMany(retryAfterMs: number): DomainError {
  const seconds = Math.ceil(retryAfterMs / 1000)
  return new DomainError(
    'too-many',
    'identity.sign-in-delayed',
    `Too many failed sign-ins: try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`,
    { retryAfterMs: Math.ceil(retryAfterMs) },
  )
}
