import type { Id, Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { PasskeyAssertion, RecordRef, SignatureInput, SignatureProof } from '@throughline/model'
import type { Actor, Platform } from '@throughline/platform'
import { findPersonById } from '../person/store.ts'
import { isLocked } from '../session/rules.ts'
import { findSessionById } from '../session/store.ts'
import { takeStatement } from './passkey-statement.ts'
import type { Series } from './rules.ts'
import { attemptLimit, goesOn, missingComponent } from './rules.ts'
import { countAttempt, endSeries, findSeries, forgetAttempts, lockSigning } from './series-store.ts'
import { findLock } from './store.ts'
import type { SigningWays } from './ways.ts'

/** What a proof leaves for the signature that it belongs to. */
export interface Proof {
  readonly personId: Id<'Person'>
  readonly printedName: string
  readonly sessionId: string
  /** For people: `name and password`. */
  readonly components: string
  /** The session's series, with this signing as its last. */
  readonly series: Series
  /** The record that a passkey signed for; null = it signed for none by name, undefined = no passkey did. */
  readonly record: RecordRef | null | undefined
  readonly assertion: Readonly<Record<string, string>> | null
}

export interface SigningSettings {
  readonly ways: SigningWays
  /** A series ends when nothing was signed for this long. */
  readonly gapMs: number
}

/** Checks at the moment of signing who signs (21 CFR 11.200, 11.300(d)). */
export class SigningProver {
  readonly #platform: Platform
  readonly #settings: SigningSettings

  constructor(platform: Platform, settings: SigningSettings) {
    this.#platform = platform
    this.#settings = settings
  }

  /** @throws DomainError `unauthenticated`, `forbidden` or `too-many`; a wrong secret is counted whatever happens after */
  async prove(actor: Actor, given: SignatureInput): Promise<Proof> {
    const sessionId = sessionOf(actor)
    const { db, clock } = this.#platform
    const now = clock.now()
    const session = await findSessionById(db, sessionId)
    const person = session && (await findPersonById(db, session.personId))?.person
    if (!person || person.id !== actor.id || isLocked(session)) throw sessionOver()
    const series = await this.#runningSeries(sessionId, actor.origin, now)
    const missing = missingComponent(given.proof, series === undefined ? 'both' : 'secret')
    if (missing !== undefined) throw componentMissing(missing)
    const right = await this.#attempt(actor, person, now, () =>
      this.#check(given, person, sessionId, actor.origin, now),
    )
    const components = componentsOf(given.proof, series)
    return {
      personId: person.id,
      printedName: person.printedName,
      sessionId,
      components,
      series: { origin: actor.origin, beganWith: series?.beganWith ?? components, lastSignedAt: now },
      ...right,
    }
  }

  /** Whether the next signing needs both components or the secret alone. */
  async componentsFor(actor: Actor, now: Instant): Promise<'both' | 'secret'> {
    const series = actor.sessionId === null ? undefined : await findSeries(this.#platform.db, actor.sessionId)
    return goesOn(series, actor.origin, now, this.#settings.gapMs) ? 'secret' : 'both'
  }

  /** A request from elsewhere, or after the gap, ends the series for good: coming back does not go on with it. */
  async #runningSeries(sessionId: string, origin: string | null, now: Instant): Promise<Series | undefined> {
    const { db } = this.#platform
    const series = await findSeries(db, sessionId)
    if (series === undefined || goesOn(series, origin, now, this.#settings.gapMs)) return series
    await endSeries(db, sessionId)
    return undefined
  }

  async #attempt<Right>(
    actor: Actor,
    person: { readonly id: Id<'Person'>; readonly name: string },
    now: Instant,
    check: () => Promise<Right | undefined>,
  ): Promise<Right> {
    const { db } = this.#platform
    const { most, withinMs, lockMs } = attemptLimit
    const counted = await countAttempt(db, person.id, now, plusMs(now, -withinMs))
    if (counted === undefined) throw signingLocked((await findLock(db, person.id, now)) ?? plusMs(now, lockMs), now)
    const right = counted.recent > most ? undefined : await check()
    if (right !== undefined) {
      await forgetAttempts(db, person.id)
      return right
    }
    if (counted.recent < most) throw signingRefused(most - counted.recent)
    const until = plusMs(now, lockMs)
    await this.#lock(person, until, actor.origin, now)
    throw signingLocked(until, now)
  }

  async #lock(
    person: { readonly id: Id<'Person'>; readonly name: string },
    until: Instant,
    origin: string | null,
    at: Instant,
  ): Promise<void> {
    if (!(await lockSigning(this.#platform.db, person.id, until))) return
    const told = { personId: person.id, until, origin, at }
    const reason = `${attemptLimit.most} attempts to sign as ${person.name} failed`
    await this.#platform.act('identity.signature', 'identity.signature.lock', { ...told, reason }, async (uow) => {
      uow.emit('identity.signing-locked', told)
    })
  }

  async #check(
    given: SignatureInput,
    person: { readonly id: Id<'Person'>; readonly name: string },
    sessionId: string,
    origin: string | null,
    now: Instant,
  ): Promise<Pick<Proof, 'record' | 'assertion'> | undefined> {
    const { proof } = given
    const { ways } = this.#settings
    const byHand = { record: undefined, assertion: null }
    switch (proof.method) {
      case 'password': {
        // Somebody else's name beside one's own password proves nobody.
        if (proof.name !== undefined && proof.name !== person.name) return undefined
        return (await ways.password.isRight(person.id, proof.password)) ? byHand : undefined
      }
      case 'badge': {
        if (ways.badge === undefined) throw wayMissing('Badges are not set up at this plant')
        return (await ways.badge.isRight(person.id, sessionId, proof.badge, proof.pin)) ? byHand : undefined
      }
      case 'passkey': {
        if (ways.passkey === undefined) throw wayMissing('Passkeys are not set up at this plant')
        const challenge = challengeIn(proof.assertion)
        const statement = challenge && (await takeStatement(this.#platform.db, challenge, sessionId, given, now))
        if (challenge === undefined || !statement) return undefined
        if (!(await ways.passkey.isRight(person.id, challenge, proof.assertion, origin))) return undefined
        return { record: statement.record, assertion: evidenceOf(proof.assertion, statement.text) }
      }
    }
  }
}

/** The session of a person at a screen: nobody else signs (21 CFR 11.200(a)(2)). */
export function sessionOf(actor: Actor): string {
  if (actor.kind === 'person' && actor.sessionId !== null) return actor.sessionId
  throw new DomainError(
    'forbidden',
    'identity.signing-not-by-machines',
    'Only a person who is signed in can sign: no API key, machine account or part of the product does',
  )
}

function componentsOf(proof: SignatureProof, series: Series | undefined): string {
  const isLater = series === undefined ? '' : `, in a series begun with ${series.beganWith}`
  switch (proof.method) {
    case 'passkey':
      return 'passkey'
    case 'password':
      return proof.name === undefined ? `password${isLater}` : 'name and password'
    case 'badge':
      return proof.badge === undefined ? `PIN${isLater}` : 'badge and PIN'
  }
}

function challengeIn(assertion: PasskeyAssertion): string | undefined {
  try {
    const client: unknown = JSON.parse(Buffer.from(assertion.response.clientDataJSON, 'base64url').toString('utf8'))
    const challenge =
      typeof client === 'object' && client !== null && 'challenge' in client ? client.challenge : undefined
    return typeof challenge === 'string' ? challenge : undefined
  } catch {
    return undefined
  }
}

const evidenceOf = (assertion: PasskeyAssertion, statement: string): Record<string, string> => ({
  statement,
  credential: assertion.id,
  clientDataJSON: assertion.response.clientDataJSON,
  authenticatorData: assertion.response.authenticatorData,
  signature: assertion.response.signature,
})

export const sessionOver = (): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.signing-session-over',
    'Your session is over or locked, or your account is disabled: sign in, then sign',
  )

const componentMissing = (missing: string): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.signing-component-missing',
    `The first signature of a series needs both components: give ${missing}`,
  )

const signingRefused = (left: number): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.signing-refused',
    `What you gave does not prove that you are who is signed in. After ${left} more failed ${left === 1 ? 'attempt' : 'attempts'} you can sign nothing for 15 minutes`,
    { attemptsLeft: left },
  )

export const signingLocked = (until: Instant, now: Instant): DomainError =>
  new DomainError(
    'too-many',
    'identity.signing-locked',
    `Too many attempts to sign with your name failed: you can sign again in ${Math.max(1, Math.ceil((until - now) / 60e6))} min; everything else works`,
    { until, retryAfterMs: Math.ceil((until - now) / 1000) },
  )

const wayMissing = (message: string): DomainError =>
  new DomainError('invalid', 'identity.signing-method-missing', message)
