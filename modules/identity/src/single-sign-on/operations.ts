import { DomainError, plusMs } from '@throughline/kernel'
import {
  beginSingleSignOn,
  completeSingleSignOn,
  endSessionsByProvider,
  getProviderLogout,
  listSignInProviders,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { newToken } from '../credential/token.ts'
import { admitOutsidePerson, withdrawRoles } from '../outside-person/admit.ts'
import { grantsNow } from '../outside-person/mapping.ts'
import { getSessionBegun } from '../outside-person/store.ts'
import type { SessionLimits } from '../session/rules.ts'
import { startSession } from '../session/start.ts'
import { Provider } from './provider.ts'
import { RateLimit } from './rate-limit.ts'
import { mountSignInRoutes } from './routes.ts'
import type { SingleSignOnSettings } from './settings.ts'
import {
  endProviderSessions,
  findProviderSession,
  insertAttempt,
  insertProviderSession,
  takeAttempt,
  takeLogoutToken,
} from './store.ts'

/** Long enough for a password, a second factor and a call to the help desk. */
const attemptLifeMs = 600_000
const logoutTokenKeptMs = 3_600_000

export function mountSingleSignOn(platform: Platform, settings: SingleSignOnSettings, limits: SessionLimits): void {
  const { clock, log, db } = platform
  const providers = new Map(settings.providers.map((each) => [each.name, new Provider(each, clock, log)]))
  const asking = new RateLimit(120)
  const beginning = new RateLimit(settings.mostPerMinute)
  const completing = new RateLimit(settings.mostPerMinute)
  const getProvider = (name: string): Provider => {
    const found = providers.get(name)
    if (found !== undefined) return found
    throw new DomainError('not-found', 'identity.provider-unknown', `No provider of single sign-on is called ${name}`)
  }

  platform.handle(listSignInProviders, async (uow) => {
    asking.assertWithin(uow.actor.origin, uow.at)
    return settings.providers.map(({ name, label }) => ({ name, label, path: `/sign-in/with/${name}` }))
  })

  platform.handlePrepared(
    beginSingleSignOn,
    async ({ actor, at }, { provider, baseUrl }) => {
      beginning.assertWithin(actor.origin, at)
      const found = getProvider(provider)
      const redirectUri = `${settings.publicUrl ?? new URL(baseUrl).origin}/sign-in/with/${provider}/callback`
      return { redirectUri, ...(await found.begin(redirectUri)) }
    },
    async (uow, { provider, to }, { address, ...asked }) => {
      const browser = newToken()
      const expiresAt = plusMs(uow.at, attemptLifeMs)
      await insertAttempt(uow.trx, { ...asked, provider, browser, returnTo: to ?? '/', expiresAt, at: uow.at })
      return { address, browser, maxAgeSeconds: attemptLifeMs / 1000 }
    },
  )

  platform.handlePrepared(
    completeSingleSignOn,
    async ({ actor, at }, { provider, search, browser }) => {
      completing.assertWithin(actor.origin, at)
      const found = getProvider(provider)
      const state = new URLSearchParams(search).get('state') ?? ''
      // Taken before anything is asked, and for good: whatever comes of it, this state is never answered again.
      const attempt = await takeAttempt(db, { state, browser, provider, at })
      if (attempt === undefined) throw attemptUnknown()
      const proven = await found.prove(attempt, search, state)
      const grants = await grantsNow(platform, proven.groups, found.settings.roles)
      if (grants.length === 0) await withdrawRoles(platform, proven.issuer, proven.subject)
      return { attempt, proven, grants, label: found.settings.label }
    },
    async (uow, { provider }, { attempt, proven, grants, label }) => {
      const { issuer, subject, name, printedName, sid, idToken } = proven
      const kind = 'single-sign-on' as const
      const person = await admitOutsidePerson(uow, { kind, source: issuer, subject, label, name, printedName, grants })
      const session = await startSession(uow, person, 'single sign-on', limits)
      const sessionId = await getSessionBegun(uow.trx, person.id)
      const baseUrl = new URL(attempt.redirectUri).origin
      await insertProviderSession(uow.trx, { sessionId, provider, subject, sid, idToken, baseUrl })
      return { session, to: attempt.returnTo }
    },
  )

  platform.handlePrepared(
    endSessionsByProvider,
    async ({ actor, at }, { provider, logoutToken }) => {
      asking.assertWithin(actor.origin, at)
      return await getProvider(provider).readLogoutToken(logoutToken)
    },
    async (uow, { provider }, { jti, sub, sid }) => {
      if (!(await takeLogoutToken(uow.trx, provider, jti, plusMs(uow.at, logoutTokenKeptMs)))) throw tokenUsed()
      return { ended: await endProviderSessions(uow.trx, { provider, subject: sub, sid }, uow.at) }
    },
  )

  platform.handle(getProviderLogout, async (uow) => {
    const { sessionId } = uow.actor
    const behind = sessionId === null ? undefined : await findProviderSession(uow.trx, sessionId)
    const provider = providers.get(behind?.provider ?? '')
    if (behind === undefined || provider === undefined) return { address: null }
    // A provider that does not answer keeps nobody from signing out here.
    const address = await provider.logoutAddress(behind.idToken, `${behind.baseUrl}/sign-in`).catch(() => undefined)
    return { address: address ?? null }
  })

  mountSignInRoutes(platform)
}

const attemptUnknown = (): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.single-sign-on-attempt-unknown',
    'This sign-in was not begun in this browser, was finished before, or took longer than ten minutes: begin once more',
  )

const tokenUsed = (): DomainError =>
  new DomainError('conflict', 'identity.logout-token-used', 'This logout token was used before')
