import { createServer } from 'node:net'
import type { Clock, DomainError } from '@throughline/kernel'
import { plusMs, systemClock } from '@throughline/kernel'
import type { Person } from '@throughline/model'
import {
  beginSingleSignOn,
  disablePerson,
  getCurrentSession,
  getProviderLogout,
  invitePerson,
  listPersons,
  listSignInProviders,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { createHttpServer, nobody, Platform } from '@throughline/platform'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SingleSignOnSettings } from '../index.ts'
import { identityModule } from '../index.ts'
import { Browser } from './testing/browser.ts'
import type { Forger, Forgery } from './testing/forger.ts'
import { startForger } from './testing/forger.ts'
import type { Account, OpenProvider } from './testing/open-provider.ts'
import { startOpenProvider } from './testing/open-provider.ts'

let database: TestDatabase
let platform: Platform
let provider: OpenProvider
let forger: Forger
let plantUrl: string
let skewMs = 0
const closers: (() => Promise<unknown>)[] = []

/** The plant's clock, which a test may set wrong; the provider keeps the right time. */
const clock: Clock = { now: () => plusMs(systemClock.now(), skewMs) }
const administrator = actorWith(['identity.person.read', 'identity.person.write'])
const vega: Account = { sub: 's-1', name: 'Vega Lyrae', preferred_username: 'vega', groups: ['operators'] }
const roles = [
  { value: 'operators', role: 'operator' as const },
  { value: 'engineers', role: 'engineer' as const },
]

beforeAll(async () => {
  database = await createTestDatabase({ modules: [identityModule()] })
  closers.push(() => database.close())
  forger = await startForger(nowS)
  closers.push(() => forger.close())
  // Provider and plant must know each other's address before either listens.
  const port = await freePort()
  plantUrl = `http://127.0.0.1:${port}`
  provider = await startOpenProvider(() => plantUrl, 'company', vega)
  closers.push(() => provider.close())
  const { clientId, clientSecret } = provider
  const common = { scope: 'openid profile', rolesClaim: 'groups', roles }
  const singleSignOn: SingleSignOnSettings = {
    publicUrl: null,
    mostPerMinute: 10_000,
    providers: [
      { ...common, name: 'company', label: 'Company account', issuer: provider.issuer, clientId, clientSecret },
      {
        ...common,
        name: 'forger',
        label: 'Forger',
        issuer: forger.issuer,
        clientId: 'plant',
        clientSecret: forger.clientSecret,
      },
      { ...common, name: 'silent', label: 'Silent', issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: null },
    ],
  }
  platform = await Platform.start(database.db, [identityModule({ singleSignOn })], clock, pino({ level: 'silent' }))
  closers.push(() => platform.stop())
  const http = await createHttpServer(platform, { version: '0.0.0', tls: null, webDir: null })
  closers.push(() => http.close())
  await http.listen({ host: '127.0.0.1', port })
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})
beforeEach(() => {
  skewMs = 0
  provider.account = vega
  forger.next = {}
})

const nowS = (): number => Math.floor(Date.now() / 1000)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const isCallback = (url: URL): boolean => url.pathname.endsWith('/callback')
const isPlantPage = (url: URL): boolean => url.origin === plantUrl && !url.pathname.startsWith('/sign-in/with/')

/** Goes to the provider and back, up to the address with which the provider sends the browser back. */
async function upToCallback(browser: Browser, query = ''): Promise<URL> {
  return (await browser.follow(`${plantUrl}/sign-in/with/company${query}`, isCallback)).url
}

/** The whole way; answers the page of the plant where the browser ends. */
async function signIn(account: Account = vega, browser = new Browser()): Promise<{ browser: Browser; end: URL }> {
  provider.account = account
  const { url } = await browser.follow(`${plantUrl}/sign-in/with/company`, isPlantPage)
  return { browser, end: url }
}

const refusalIn = (url: URL): string | null => url.searchParams.get('refused')

async function actorOf(browser: Browser): Promise<Actor> {
  const session = browser.cookieAt(plantUrl, 'throughline')
  return session === undefined ? nobody(null) : await platform.authenticate({ session }, null)
}

const personCalled = async (
  name: string,
): Promise<Pick<Person, 'id' | 'name' | 'printedName' | 'grants'> | undefined> =>
  (await platform.run(listPersons, administrator, {})).find((person) => person.name === name)

const outcomesOf = async (operation: string): Promise<string[]> =>
  (
    await sql<{ outcome: string }>`
      select outcome from platform.audit_entry where operation = ${operation} order by seq`.execute(database.db)
  ).rows.map(({ outcome }) => outcome)

describe('signing in', () => {
  test('[SR-1.1, SR-1.3-RE1, P11-10d] somebody whom the provider knows and the mapping gives a role signs in, and is a person from then on', async () => {
    const { browser, end } = await signIn()
    expect(end.pathname).toBe('/')
    const session = await platform.run(getCurrentSession, await actorOf(browser), {})
    expect(session).toMatchObject({ name: 'vega', printedName: 'Vega Lyrae', method: 'single sign-on' })
    expect(session.grants).toEqual([{ role: 'operator', nodeId: null }])
    expect((await outcomesOf('identity.single-sign-on.complete')).at(-1)).toBe('done')
  })

  test('whoever wanted to be somewhere is there afterwards, and only within this plant', async () => {
    const { url } = await new Browser().follow(`${plantUrl}/sign-in/with/company?to=/trend%3Ftags%3D1`, isPlantPage)
    expect(url.href).toBe(`${plantUrl}/trend?tags=1`)
    for (const elsewhere of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '/%09/evil.example\n']) {
      const answer = await new Browser().ask(`${plantUrl}/sign-in/with/company?to=${encodeURIComponent(elsewhere)}`)
      const location = new URL(answer.headers.get('location') ?? '', plantUrl)
      expect(location.pathname + location.search, elsewhere).toBe('/sign-in?refused=platform.input-invalid')
    }
  })

  test('the sign-in page knows the providers by their labels', async () => {
    const listed = await platform.run(listSignInProviders, nobody('192.0.2.50'), {})
    expect(listed[0]).toEqual({ name: 'company', label: 'Company account', path: '/sign-in/with/company' })
    expect(JSON.stringify(listed)).not.toContain(provider.clientSecret)
  })

  test('[SR-2.1!] without a role by the mapping nobody is let in, no person is made, and the attempt is recorded', async () => {
    const { browser, end } = await signIn({ ...vega, sub: 's-none', preferred_username: 'nova', groups: ['guests'] })
    expect(refusalIn(end)).toBe('identity.outside-role-missing')
    expect((await actorOf(browser)).kind).toBe('nobody')
    expect(await personCalled('nova')).toBeUndefined()
    expect((await outcomesOf('identity.single-sign-on.complete')).at(-1)).toBe('identity.outside-role-missing')
  })

  test('[P11-100a, SR-1.4] a person is who the provider says by issuer and subject: neither a name nor an address makes two one', async () => {
    const grants = [{ role: 'operator' as const, nodeId: null }]
    const identityChecked = 'A test knows them'
    const local = await platform.run(invitePerson, administrator, {
      name: 'altair',
      printedName: 'Altair',
      grants,
      identityChecked,
    })
    const first = {
      sub: 's-a',
      name: 'Altair A',
      preferred_username: 'altair',
      email: 'altair@example.com',
      groups: ['operators'],
    }
    await signIn(first)
    await signIn({ ...first, sub: 's-b', name: 'Altair B' })
    const [a, b] = [await personCalled('altair-2'), await personCalled('altair-3')]
    expect([a?.printedName, b?.printedName]).toEqual(['Altair A', 'Altair B'])
    expect(new Set([local.person.id, a?.id, b?.id]).size).toBe(3)
    await signIn({ ...first, name: 'Altair Renamed', preferred_username: 'aquila' })
    expect(await personCalled('altair-2')).toMatchObject({ id: a?.id, printedName: 'Altair Renamed' })
  })

  test('[SR-1.3, SR-1.3-RE1] roles follow the provider at each sign-in, sessions with the old ones end, and the change is in the trail', async () => {
    const deneb = { ...vega, sub: 's-deneb', preferred_username: 'deneb' }
    const before = await signIn(deneb)
    await signIn({ ...deneb, groups: ['engineers', 'unknown'] })
    const person = await personCalled('deneb')
    expect(person?.grants).toEqual([{ role: 'engineer', nodeId: null }])
    expect((await actorOf(before.browser)).kind).toBe('nobody')
    const { rows } = await sql<{ text: string }>`
      select text from platform.record_change where record_kind = 'identity.person' and record_id = ${person?.id ?? ''}
      order by version`.execute(database.db)
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.at(-1)?.text).toContain('engineer')
  })

  test('[SR-1.3!, A11-12-2!] whoever loses the last role at the provider loses it here, with the sessions that are open', async () => {
    const spica = { ...vega, sub: 's-spica', preferred_username: 'spica' }
    const before = await signIn(spica)
    expect(refusalIn((await signIn({ ...spica, groups: [] })).end)).toBe('identity.outside-role-missing')
    expect((await actorOf(before.browser)).kind).toBe('nobody')
    expect((await personCalled('spica'))?.grants).toEqual([])
    expect(await outcomesOf('identity.person.withdraw-roles')).toEqual(['done'])
  })

  test('[P11-10d!, SR-1.3] whoever is disabled here stays out, whatever the provider says', async () => {
    const mira = { ...vega, sub: 's-mira', preferred_username: 'mira' }
    const { browser } = await signIn(mira)
    const person = await personCalled('mira')
    await platform.run(disablePerson, administrator, { personId: person?.id ?? '', reason: 'left the company' })
    expect((await actorOf(browser)).kind).toBe('nobody')
    expect(refusalIn((await signIn(mira)).end)).toBe('identity.person-disabled-here')
  })
})

describe('what comes back must be the answer to what was asked, in the browser that asked', () => {
  test('[SR-3.8] an answer is taken once: sent again it is refused', async () => {
    const browser = new Browser()
    const callback = await upToCallback(browser)
    const cookie = browser.cookieAt(plantUrl, 'throughline-sign-in') ?? ''
    await browser.ask(callback.href)
    browser.cookies.set(`${new URL(plantUrl).host} throughline-sign-in`, cookie)
    const again = await browser.ask(callback.href)
    expect(again.headers.get('location')).toBe('/sign-in?refused=identity.single-sign-on-attempt-unknown')
  })

  test('[SR-3.8!] the answer to one browser is nothing in another', async () => {
    const callback = await upToCallback(new Browser())
    const thief = new Browser()
    const answer = await thief.ask(callback.href)
    expect(answer.headers.get('location')).toContain('attempt-unknown')
    expect((await actorOf(thief)).kind).toBe('nobody')
  })

  test('an answer after more than ten minutes is refused', async () => {
    const browser = new Browser()
    const callback = await upToCallback(browser)
    skewMs = 600_000
    expect((await browser.ask(callback.href)).headers.get('location')).toContain('attempt-unknown')
  })

  test('the answer of one provider is not taken for that of another', async () => {
    const browser = new Browser()
    const callback = await upToCallback(browser)
    callback.pathname = '/sign-in/with/forger/callback'
    expect((await browser.ask(callback.href)).headers.get('location')).toContain('attempt-unknown')
  })

  test('an answer that names another issuer is refused', async () => {
    const browser = new Browser()
    const callback = await upToCallback(browser)
    callback.searchParams.set('iss', forger.issuer)
    expect((await browser.ask(callback.href)).headers.get('location')).toContain('token-invalid')
  })

  test('a code that another client was given is refused', async () => {
    const other = new Browser()
    const begun = await other.ask(`${plantUrl}/sign-in/with/company`)
    const address = new URL(begun.headers.get('location') ?? '')
    address.searchParams.set('client_id', 'another-client')
    const { url } = await other.follow(address.href, isCallback)
    const browser = new Browser()
    const callback = await upToCallback(browser)
    callback.searchParams.set('code', url.searchParams.get('code') ?? '')
    expect((await browser.ask(callback.href)).headers.get('location')).toContain('code-refused')
  })

  test('somebody who gives up at the provider is told so', async () => {
    const browser = new Browser()
    const callback = await upToCallback(browser)
    callback.searchParams.delete('code')
    callback.searchParams.set('error', 'access_denied')
    expect((await browser.ask(callback.href)).headers.get('location')).toContain('single-sign-on-declined')
  })

  test('neither code nor token is in the audit trail', async () => {
    const browser = new Browser()
    const callback = await upToCallback(browser)
    await browser.ask(callback.href)
    const { rows } = await sql<{ text: string }>`select text from platform.audit_entry`.execute(database.db)
    expect(rows.map(({ text }) => text).join()).not.toContain(callback.searchParams.get('code'))
  })
})

describe('clocks may differ by a minute', () => {
  test.each([-55, 55])('%i s apart is accepted', async (seconds) => {
    skewMs = seconds * 1000
    expect(refusalIn((await signIn()).end)).toBeNull()
  })

  test.each([-75, 75])('%i s apart is refused, and says so', async (seconds) => {
    skewMs = seconds * 1000
    expect(refusalIn((await signIn()).end)).toBe('identity.single-sign-on-clock-skewed')
    expect((await outcomesOf('identity.single-sign-on.complete')).at(-1)).toBe('identity.single-sign-on-clock-skewed')
  })
})

describe('a token that is not what it should be opens nothing', () => {
  /** Begins at the forger, who answers with what the test made. */
  async function withForgery(forgery: Forgery): Promise<string | null> {
    const browser = new Browser()
    const begun = new URL((await browser.ask(`${plantUrl}/sign-in/with/forger`)).headers.get('location') ?? '')
    forger.nonce = begun.searchParams.get('nonce') ?? ''
    forger.next = forgery
    const back = new URL(begun.searchParams.get('redirect_uri') ?? '')
    back.search = new URLSearchParams({ code: 'c', state: begun.searchParams.get('state') ?? '' }).toString()
    const answer = await browser.ask(back.href)
    return refusalIn(new URL(answer.headers.get('location') ?? '', plantUrl))
  }

  test('the same token without a flaw is accepted, so that each flaw below is what refuses it', async () => {
    expect(await withForgery({})).toBeNull()
  })

  test.each<[string, () => Forgery, string]>([
    ['a nonce of another sign-in', () => ({ claims: { nonce: 'other' } }), 'identity.single-sign-on-token-invalid'],
    ['no nonce', () => ({ claims: { nonce: undefined } }), 'identity.single-sign-on-token-invalid'],
    ['another audience', () => ({ claims: { aud: 'somebody-else' } }), 'identity.single-sign-on-token-invalid'],
    ['another issuer', () => ({ claims: { iss: 'https://evil.example' } }), 'identity.single-sign-on-token-invalid'],
    ['an end that has passed', () => ({ claims: { exp: nowS() - 120 } }), 'identity.single-sign-on-token-expired'],
    ['no subject', () => ({ claims: { sub: undefined } }), 'identity.single-sign-on-token-invalid'],
    ['no signature', () => ({ alg: 'none' }), 'identity.single-sign-on-token-invalid'],
    ['a signature by the shared secret', () => ({ alg: 'HS256' }), 'identity.single-sign-on-token-invalid'],
    ['a signature by a key of somebody else', () => ({ foreignKey: true }), 'identity.single-sign-on-token-invalid'],
  ])('[SR-3.1, SR-3.5] %s', async (_, forgery, expected) => {
    expect(await withForgery(forgery())).toBe(expected)
  })
})

describe('signing out', () => {
  test('signing out here leads to signing out there', async () => {
    const { browser } = await signIn()
    const { address } = await platform.run(getProviderLogout, await actorOf(browser), {})
    const there = new URL(address ?? '')
    expect(there.origin).toBe(provider.issuer)
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(`${plantUrl}/sign-in`)
    const answer = await browser.ask(there.href)
    expect(await answer.text()).toContain('data-logout="yes"')
  })

  test('[SR-2.6] when the provider ends a session, it says so itself, and our session is over at once', async () => {
    const polaris = { ...vega, sub: 's-polaris', preferred_username: 'polaris' }
    const { browser } = await signIn(polaris)
    const stays = await signIn({ ...polaris, sub: 's-else', preferred_username: 'else' })
    const { address } = await platform.run(getProviderLogout, await actorOf(browser), {})
    const page = await (await browser.ask(address ?? '')).text()
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? ''
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    await browser.ask(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) })
    await waitFor(async () => (await actorOf(browser)).kind === 'nobody', 'our session to be over')
    expect((await actorOf(stays.browser)).kind).toBe('person')
  })

  const event = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const post = (token: string, name = 'forger') =>
    fetch(`${plantUrl}/sign-in/with/${name}/logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
  const honest = () => {
    const now = Math.floor(Date.now() / 1000)
    return {
      iss: forger.issuer,
      aud: 'plant',
      sub: 'rigel',
      iat: now,
      exp: now + 120,
      jti: crypto.randomUUID(),
      events: event,
    }
  }

  test('a logout token works once', async () => {
    const token = forger.token(honest())
    expect((await post(token)).status).toBe(200)
    expect((await post(token)).status).toBe(409)
  })

  test.each<[string, () => Promise<Response>]>([
    ['of another issuer', () => post(forger.token({ ...honest(), iss: 'https://evil.example' }))],
    ['for another client', () => post(forger.token({ ...honest(), aud: 'other' }))],
    ['that is an ID token', () => post(forger.token({ ...honest(), nonce: 'n' }))],
    ['without the event', () => post(forger.token({ ...honest(), events: {} }))],
    ['that names nobody', () => post(forger.token({ ...honest(), sub: undefined }))],
    ['of yesterday', () => post(forger.token({ ...honest(), iat: 1, exp: 2 }))],
    ['of tomorrow', () => post(forger.token({ ...honest(), iat: honest().iat + 86_400 }))],
    ['without a signature', () => post(forger.token(honest(), { alg: 'none' }))],
    ['signed with a shared secret', () => post(forger.token(honest(), { alg: 'HS256' }))],
    ['signed by somebody else', () => post(forger.token(honest(), { foreignKey: true }))],
    ['that is no token', () => post('neither.one')],
  ])('[SR-3.5] a logout token %s ends nothing', async (_, send) => {
    expect((await send()).status).toBe(400)
  })
})

describe('providers that are not there', () => {
  test('a provider that does not answer is named, and other ways in stay open', async () => {
    const answer = await new Browser().ask(`${plantUrl}/sign-in/with/silent`)
    expect(answer.headers.get('location')).toBe('/sign-in?refused=identity.single-sign-on-unavailable')
  })

  test('a provider that nobody configured is unknown', async () => {
    const answer = await new Browser().ask(`${plantUrl}/sign-in/with/nobody`)
    expect(answer.headers.get('location')).toBe('/sign-in?refused=identity.provider-unknown')
  })

  test('[SR-7.1] one origin that begins again and again is slowed down, and others are not', async () => {
    const modest = { publicUrl: null, mostPerMinute: 3, providers: [] }
    const slow = await Platform.start(
      database.db,
      [identityModule({ singleSignOn: modest })],
      clock,
      pino({ level: 'silent' }),
    )
    const begin = (origin: string) =>
      slow
        .run(beginSingleSignOn, nobody(origin), { provider: 'none', baseUrl: plantUrl })
        .catch((error: DomainError) => error.code)
    const codes = [
      await begin('192.0.2.9'),
      await begin('192.0.2.9'),
      await begin('192.0.2.9'),
      await begin('192.0.2.9'),
    ]
    expect(codes).toEqual([...Array<string>(3).fill('identity.provider-unknown'), 'identity.asked-too-often'])
    expect(await begin('192.0.2.10')).toBe('identity.provider-unknown')
    skewMs = 60_000
    expect(await begin('192.0.2.9')).toBe('identity.provider-unknown')
    await slow.stop()
  })
})
