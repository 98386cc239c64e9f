import type { Id } from '@throughline/kernel'
import { DomainError, newId, plusMs } from '@throughline/kernel'
import type { Badge } from '@throughline/model'
import { getOwnBadge, issueBadge, listBadges, openSessionWithBadge, revokeBadge, setPin } from '@throughline/model'
import type { Ask, Platform } from '@throughline/platform'
import { hashPassword } from '../credential/password.ts'
import { findKind, getSessionBegun } from '../outside-person/store.ts'
import { assertNotDisabled } from '../person/rules.ts'
import { findPersonById } from '../person/store.ts'
import type { SessionLimits } from '../session/rules.ts'
import { startSession } from '../session/start.ts'
import { terminalCookieLifeS } from '../station/operations.ts'
import { bindSession, findStationByToken } from '../station/store.ts'
import { badgeEnding, badgeHash } from './code.ts'
import type { BadgeProof } from './proof.ts'
import { assertPinNotEasy, mostPinFailures } from './rules.ts'
import { countBadges, findBadgeById, findPin, insertBadge, listBadgeRows, setBadgeRevoked, setPinOf } from './store.ts'

/** For people without a password here: a sign-in at their provider counts for a new PIN for this long. */
const recentSignInMs = 300_000

export interface BadgeOptions {
  readonly key: Buffer
  readonly proof: BadgeProof
  readonly limits: SessionLimits
  /** Whether this is the person's password, here or in the directory, behind the gate. */
  readonly verifyPasswordOf: (personId: Id<'Person'>, password: string, origin: string | null) => Promise<boolean>
}

export function mountBadgeOperations(platform: Platform, options: BadgeOptions): void {
  const { key, proof, limits, verifyPasswordOf } = options

  platform.handle(listBadges, (uow) => listBadgeRows(uow.trx))

  platform.handle(issueBadge, async (uow, { personId, badge: code }) => {
    const found = await findPersonById(uow.trx, personId)
    if (found === undefined) {
      throw new DomainError('not-found', 'identity.person-unknown', `There is no person ${personId}`, { personId })
    }
    assertNotDisabled(found.person)
    const badge: Badge = {
      id: newId<'Badge'>(uow.at),
      personId: found.person.id,
      ending: badgeEnding(code),
      state: 'active',
      issuedAt: uow.at,
      revokedAt: null,
    }
    if (!(await insertBadge(uow.trx, badge, badgeHash(key, code)))) {
      throw new DomainError(
        'conflict',
        'identity.badge-known',
        'This badge is or was given to somebody: badges are never given twice, take another one',
      )
    }
    return badge
  })

  platform.handle(revokeBadge, async (uow, { badgeId }) => {
    const badge = await findBadgeById(uow.trx, badgeId)
    if (badge === undefined) {
      throw new DomainError('not-found', 'identity.badge-unknown', `There is no badge ${badgeId}`)
    }
    if (!(await setBadgeRevoked(uow.trx, badge.id, uow.at))) {
      throw new DomainError('conflict', 'identity.badge-revoked', `The badge …${badge.ending} was revoked before`)
    }
    uow.emit('identity.badge-revoked', { badgeId: badge.id, personId: badge.personId })
    return { ...badge, state: 'revoked' as const, revokedAt: uow.at }
  })

  platform.handle(getOwnBadge, async (uow) => {
    const personId = personIdOf(uow.actor)
    const pin = await findPin(uow.trx, personId)
    const state =
      pin === undefined
        ? ('absent' as const)
        : pin.failures >= mostPinFailures
          ? ('blocked' as const)
          : ('set' as const)
    const isElsewhere = (await findKind(uow.trx, personId)) === 'single-sign-on'
    return {
      badges: await countBadges(uow.trx, personId),
      pin: state,
      proof: isElsewhere ? ('recent-sign-in' as const) : ('password' as const),
    }
  })

  platform.handlePrepared(
    setPin,
    (ask, { password }) => assertProven(ask, password),
    async (uow, { pin }) => {
      assertPinNotEasy(pin)
      await setPinOf(uow.trx, personIdOf(uow.actor), await hashPassword(pin), uow.at)
      return {}
    },
  )

  /** A session alone sets no PIN: whoever finds a terminal unlocked must not get a second way in. */
  async function assertProven({ actor, at }: Ask, password: string | undefined): Promise<void> {
    const personId = personIdOf(actor)
    if ((await findKind(platform.db, personId)) === 'single-sign-on') {
      const provedAt = actor.provedAt
      if (provedAt !== undefined && provedAt !== null && at < plusMs(provedAt, recentSignInMs)) return
      throw new DomainError(
        'unauthenticated',
        'identity.sign-in-too-old',
        'Sign in once more, then set the PIN within 5 minutes',
      )
    }
    if (password !== undefined && (await verifyPasswordOf(personId, password, actor.origin))) return
    throw new DomainError('forbidden', 'identity.password-wrong', 'The password is wrong', {
      fields: [{ path: 'password', message: 'give your own password' }],
    })
  }

  platform.handlePrepared(
    openSessionWithBadge,
    async ({ actor, terminal }, { badge, pin }) => {
      const station = await findStationByToken(platform.db, terminal.token)
      if (station === undefined || !station.signIn.includes('badge')) throw noStation()
      const personId = await proof.prove(station, badge, pin, actor.origin)
      if (personId === undefined) throw badgeRefused()
      return { station, personId }
    },
    async (uow, _, { station, personId }) => {
      const found = await findPersonById(uow.trx, personId)
      if (found?.person.state !== 'active') throw badgeRefused()
      // Whoever worked here until now is signed out in this same transaction.
      const stationLimits = { ...limits, idleMs: Math.min(limits.idleMs, station.idleTimeoutMs) }
      const session = await startSession(uow, found.person, 'badge and PIN', stationLimits)
      await bindSession(uow.trx, await getSessionBegun(uow.trx, found.person.id), station)
      if (uow.terminal.token !== null) uow.terminal.bind(uow.terminal.token, terminalCookieLifeS)
      return session
    },
  )
}

function personIdOf({ kind, id }: Ask['actor']): Id<'Person'> {
  if (kind === 'person') return id as Id<'Person'>
  throw new DomainError('forbidden', 'identity.people-only', 'Only a person has a badge and a PIN')
}

/** The same words whatever is wrong: an answer must not tell a finder whose badge it is, or that it is one. */
const badgeRefused = (): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.badge-refused',
    'The badge or the PIN is not accepted: after five wrong PINs it has to be set anew, with your password',
  )

const noStation = (): DomainError =>
  new DomainError(
    'forbidden',
    'identity.station-absent',
    'Badge and PIN work at registered stations only: let an administrator set this device up',
  )
