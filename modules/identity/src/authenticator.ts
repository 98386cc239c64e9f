import type { Clock } from '@throughline/kernel'
import type { RoleGrant } from '@throughline/model'
import type { Actor, Authenticator, Database } from '@throughline/platform'
import { isKeyOf } from './credential/token.ts'
import { findAccountByKeyHint, findRevokedAccounts, noteAccountUse } from './machine-account/store.ts'
import { grantsOf } from './person/roles.ts'
import { listGrants } from './person/store.ts'
import type { SessionLimits } from './session/rules.ts'
import { isLocked, isOver, isUseWorthNoting } from './session/rules.ts'
import { findGoneSessions, findSessionByToken, noteUse } from './session/store.ts'
import { isSecondFactorMissing } from './sign-in/policy-store.ts'
import { findRetiredWalls, findStationByToken } from './station/store.ts'
import { wallActor } from './station/wall.ts'

/** Finds who stands behind a session token, an API key or the cookie of a wall, with what they may do at this moment. */
export function authenticatorOn(db: Database, clock: Clock, limits: SessionLimits): Authenticator {
  return {
    async bySession(token, origin, attendance): Promise<Actor | undefined> {
      const session = await findSessionByToken(db, token)
      const now = clock.now()
      if (session === undefined || isOver(session, limits, now)) return undefined
      if (attendance === 'attended' && isUseWorthNoting(session, limits, now)) await noteUse(db, session.id, now)
      const held = await listGrants(db, session.personId)
      // Until then the session is good for enrolling one, and for nothing that needs a permission.
      const mayAct = !(await isSecondFactorMissing(db, session.personId))
      return {
        id: session.personId,
        name: session.personName,
        kind: 'person',
        roles: rolesIn(held),
        grants: mayAct ? grantsOf(held) : [],
        origin,
        sessionId: session.id,
        provedAt: session.provedAt,
        locked: isLocked(session),
      }
    },

    async byApiKey(key, origin): Promise<Actor | undefined> {
      const found = await findAccountByKeyHint(db, key)
      if (found === undefined || !isKeyOf(key, found.keyHash)) return undefined
      const { id, name, grants } = found.account
      await noteAccountUse(db, id, clock.now())
      return { id, name, kind: 'machine', roles: rolesIn(grants), grants: grantsOf(grants), origin, sessionId: null }
    },

    async byTerminal(token, origin): Promise<Actor | undefined> {
      const station = await findStationByToken(db, token)
      return station && wallActor(station, origin)
    },

    async findGone(actors): Promise<ReadonlySet<Actor>> {
      const sessions = actors.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId]))
      const accounts = actors.flatMap(({ id, kind }) => (kind === 'machine' ? [id] : []))
      const walls = actors.flatMap(({ id, kind }) => (kind === 'station' ? [id] : []))
      const gone = new Set([
        ...(await findGoneSessions(db, limits, clock.now(), sessions)),
        ...(await findRevokedAccounts(db, accounts)),
        ...(await findRetiredWalls(db, walls)),
      ])
      return new Set(actors.filter(({ id, sessionId }) => gone.has(sessionId ?? id)))
    },
  }
}

const rolesIn = (grants: readonly RoleGrant[]): string[] => [...new Set(grants.map(({ role }) => role))]
