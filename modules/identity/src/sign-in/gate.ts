import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Failures, GateKind, Pair } from './rules.ts'
import { forgetAfterMs, isLimitMet, originKey, pairAfter, pairFor } from './rules.ts'

/**
 * Checks of a password at one moment: each takes 19 MiB and a connection of the pool, and may take a second one, so that
 * this must stay below the size of the pool.
 */
const mostAtOnce = 10
/** Names and origins remembered of each kind; beyond it the one that was silent longest is forgotten. */
const mostRemembered = 20_000

/** What the gate knows of one name, one origin, or one name at one origin. */
export interface Remembered {
  readonly kind: 'pair' | 'name' | 'origin'
  readonly key: string
  readonly failures: number
  /** Of a pair; otherwise the same as `at`. */
  readonly notBefore: Instant
  readonly at: Instant
}

/** Where the gate's knowledge outlives the process, and who hears of attacks. */
export interface GateMemory {
  /** What an earlier process knew. */
  load(): Promise<readonly Remembered[]>
  /** Notes it down soon; nobody waits for it. */
  keep(remembered: Remembered): void
  /** Tells, soon, that the free attempts of a name or an origin are used up. */
  tellLimit(name: string, origin: string | null, at: Instant): void
}

/**
 * Stands before every check of a password and slows guessing down. It decides by what it holds in memory and writes that
 * down beside the request: a failed sign-in rolls its transaction back, and an attacker must not be able to use up the
 * connections of the pool.
 */
export class SignInGate {
  readonly #kind: GateKind
  readonly #memory: GateMemory | undefined
  readonly #pairs = new Map<string, Remembered>()
  readonly #names = new Map<string, Remembered>()
  readonly #origins = new Map<string, Remembered>()
  #restored: Promise<void> | undefined
  #checking = 0

  constructor(kind: GateKind = 'sign-in', memory?: GateMemory) {
    this.#kind = kind
    this.#memory = memory
  }

  /**
   * Lets `check` look at the password, or refuses before anything is looked at. An answer other than undefined means
   * that the password was right; a check that throws has decided nothing and counts for nothing.
   * @throws DomainError `too-many`, with `details.retryAfterMs`. The instant it names stands, whatever others do meanwhile
   */
  async attempt<Right>(
    name: string,
    origin: string | null,
    now: Instant,
    check: () => Promise<Right | undefined>,
  ): Promise<Right | undefined> {
    if (this.#memory !== undefined) await this.#restore(this.#memory)
    const origins = originKey(origin)
    const pairKey = `${origins} ${name}`
    const before: Failures = {
      pair: 0,
      name: recall(this.#names, name, now)?.failures ?? 0,
      origin: recall(this.#origins, origins, now)?.failures ?? 0,
    }
    const pair = pairFor(recall(this.#pairs, pairKey, now), before, now, this.#kind)
    if (now < pair.notBefore) {
      this.#rememberPair(pairKey, pair, now)
      throw tooMany((pair.notBefore - now) / 1000)
    }
    if (this.#checking >= mostAtOnce) throw tooMany(1000)
    // Counted before it is looked at: many attempts sent at once must not all pass before the first one fails.
    const failures = { pair: pair.failures + 1, name: before.name + 1, origin: before.origin + 1 }
    this.#remember('name', name, failures.name, now, now)
    this.#remember('origin', origins, failures.origin, now, now)
    this.#rememberPair(pairKey, pairAfter(pair, failures, now, this.#kind), now)
    const uncount = (): void => {
      this.#takeBack('name', name)
      this.#takeBack('origin', origins)
    }
    this.#checking++
    try {
      const right = await check()
      if (right !== undefined) {
        uncount()
        // Known here for a while: what others do to the name elsewhere does not delay this pair.
        this.#rememberPair(pairKey, { failures: 0, notBefore: now }, now)
      } else if (isLimitMet(failures)) {
        this.#memory?.tellLimit(name, origin, now)
      }
      return right
    } catch (error) {
      // The database failed, or more is needed than was given: nobody guessed.
      uncount()
      this.#rememberPair(pairKey, pair, now)
      throw error
    } finally {
      this.#checking--
    }
  }

  #restore(memory: GateMemory): Promise<void> {
    this.#restored ??= memory.load().then(
      (known) => {
        for (const each of known) this.#mapOf(each.kind).set(each.key, each)
      },
      (error: unknown) => {
        // The database is away for a moment: asked again at the next attempt.
        this.#restored = undefined
        throw error
      },
    )
    return this.#restored
  }

  #mapOf(kind: Remembered['kind']): Map<string, Remembered> {
    return { pair: this.#pairs, name: this.#names, origin: this.#origins }[kind]
  }

  #rememberPair(key: string, pair: Pair, at: Instant): void {
    this.#remember('pair', key, pair.failures, pair.notBefore, at)
  }

  #remember(kind: Remembered['kind'], key: string, failures: number, notBefore: Instant, at: Instant): void {
    const map = this.#mapOf(kind)
    const remembered = { kind, key, failures, notBefore, at }
    // Taken out and put in again, the map stays in the order of last use.
    map.delete(key)
    map.set(key, remembered)
    this.#memory?.keep(remembered)
    if (map.size <= mostRemembered) return
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
  }

  #takeBack(kind: Remembered['kind'], key: string): void {
    const known = this.#mapOf(kind).get(key)
    if (known === undefined) return
    const less = { ...known, failures: Math.max(0, known.failures - 1) }
    this.#mapOf(kind).set(key, less)
    this.#memory?.keep(less)
  }
}

function recall(map: Map<string, Remembered>, key: string, now: Instant): Remembered | undefined {
  const known = map.get(key)
  return known === undefined || now - known.at > forgetAfterMs * 1000 ? undefined : known
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
