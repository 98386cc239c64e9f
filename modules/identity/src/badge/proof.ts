import type { Id, Instant } from '@throughline/kernel'
import type { Badge, Station } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { decoyHash, isPasswordOf } from '../credential/password.ts'
import { findPersonById } from '../person/store.ts'
import { findStationById } from '../station/store.ts'
import { badgeHash } from './code.ts'
import { mostPinFailures } from './rules.ts'
import { findBadgeByHash, findPin, forgetFailures, takeTry } from './store.ts'

/** Slows guessing down. */
interface Gate {
  attempt<Right>(
    name: string,
    origin: string | null,
    now: Instant,
    check: () => Promise<Right | undefined>,
  ): Promise<Right | undefined>
}

/** Checks badge and PIN: two components, of which the badge alone is nothing. */
export class BadgeProof {
  readonly #platform: Platform
  readonly #key: Buffer
  readonly #gate: Gate
  readonly #decoy = decoyHash()

  constructor(platform: Platform, key: Buffer, gate: Gate) {
    this.#platform = platform
    this.#key = key
    this.#gate = gate
  }

  /**
   * Whose badge and PIN these are, at a station that takes badges. Undefined when badge, PIN, station or person is not
   * (or no longer) good: all after the same work. A revoked badge and a PIN that is tried too often are told as
   * `identity.credential-misused`.
   * @throws DomainError `too-many` when there were too many failed attempts at this station
   */
  async prove(station: Station, code: string, pin: string, origin: string | null): Promise<Id<'Person'> | undefined> {
    const at = this.#platform.clock.now()
    return await this.#gate.attempt(`badge at ${station.id}`, origin, at, async () => {
      const badge = await findBadgeByHash(this.#platform.db, badgeHash(this.#key, code))
      if (badge?.state === 'revoked') await this.#misused(badge, station, `revoked badge …${badge.ending}`, origin, at)
      const isUsable = badge?.state === 'active' && station.state === 'registered' && station.signIn.includes('badge')
      const personId = isUsable ? badge.personId : undefined
      const isRight = await this.#isPinOf(personId, pin, () =>
        badge === undefined ? Promise.resolve() : this.#misused(badge, station, 'PIN, tried too often', origin, at),
      )
      if (!isRight || personId === undefined) return undefined
      return (await findPersonById(this.#platform.db, personId))?.person.state === 'active' ? personId : undefined
    })
  }

  /** For signatures: whether these are badge and PIN of this person, at this station. */
  async verifyBadge(
    personId: Id<'Person'>,
    stationId: Id<'Station'>,
    code: string,
    pin: string,
    origin: string | null,
  ): Promise<boolean> {
    const station = await findStationById(this.#platform.db, stationId)
    return station !== undefined && (await this.prove(station, code, pin, origin)) === personId
  }

  /** For later signatures of a series at a station, where the PIN alone is asked for (21 CFR 11.200(a)(1)(i)). */
  async verifyPin(personId: Id<'Person'>, pin: string, origin: string | null): Promise<boolean> {
    const at = this.#platform.clock.now()
    const right = await this.#gate.attempt(`pin of ${personId}`, origin, at, async () =>
      (await this.#isPinOf(personId, pin, () => Promise.resolve())) ? true : undefined,
    )
    return right === true && (await findPersonById(this.#platform.db, personId))?.person.state === 'active'
  }

  async #isPinOf(personId: Id<'Person'> | undefined, pin: string, tellBlocked: () => Promise<void>): Promise<boolean> {
    const { db } = this.#platform
    const kept = personId === undefined ? undefined : await findPin(db, personId)
    const count = kept === undefined || personId === undefined ? undefined : await takeTry(db, personId)
    const isRight = await isPasswordOf(pin, count === undefined ? null : (kept?.pinHash ?? null), this.#decoy)
    if (isRight && personId !== undefined) await forgetFailures(db, personId)
    if (!isRight && count === mostPinFailures) await tellBlocked()
    return isRight
  }

  async #misused(badge: Badge, station: Station, what: string, origin: string | null, at: Instant): Promise<void> {
    const told = { personId: badge.personId, credential: `${what}, at ${station.name}`, origin, at }
    await this.#platform.act('identity.badge', 'identity.badge.misused', told, async (uow) => {
      uow.emit('identity.credential-misused', told)
    })
  }
}
