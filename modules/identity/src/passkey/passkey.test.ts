import { randomBytes } from 'node:crypto'
import type { CurrentSession, PasskeyAssertion } from '@throughline/model'
import {
  beginPasskeyRegistration,
  beginPasskeySignIn,
  disablePerson,
  listPasskeys,
  openSession,
  registerPasskey,
  removePasskey,
  resetSecondFactor,
  signInWithPasskey,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { nobody } from '@throughline/platform'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SoftAuthenticator } from '../testing/authenticator.ts'
import type { People } from '../testing/people.ts'
import { origin, password, reason, startPeople } from '../testing/people.ts'
import { userHandleOf } from './verify.ts'

const pages = 'http://localhost:8080'

let people: People
let address: string | null = pages
const misused: string[] = []
beforeAll(async () => {
  people = await startPeople({ origin: () => address })
  people.platform.on('identity.credential-misused', 'test.listener', async (_uow, { credential }) => {
    misused.push(credential)
  })
})
afterAll(() => people.close())

async function withPasskey(name: string) {
  const person = await people.active(name)
  const { token } = await people.signIn(name)
  const actor = await people.by(token)
  const authenticator = new SoftAuthenticator(pages)
  const passkey = await register(actor, authenticator, `key of ${name}`)
  return { person, actor, authenticator, passkey }
}

async function register(actor: Actor, authenticator: SoftAuthenticator, name: string) {
  const { challenge } = await people.platform.run(beginPasskeyRegistration, actor, {})
  return await people.platform.run(registerPasskey, actor, { name, registration: authenticator.register(challenge) })
}

const newChallenge = async (): Promise<string> =>
  (await people.platform.run(beginPasskeySignIn, nobody(origin), {})).challenge

const enter = (assertion: PasskeyAssertion, from = origin): Promise<CurrentSession> =>
  people.platform.run(signInWithPasskey, nobody(from), { assertion })

const refused = { kind: 'unauthenticated', code: 'identity.passkey-refused' }

/** An address of its own for each attempt that is to fail, so that no waiting time gets in between. */
let places = 0
const elsewhere = (): string => `198.51.100.${++places}`

describe('signing in with a passkey', () => {
  test('[SR-1.1] its owner is known by it alone, without a name', async () => {
    const { person, actor, authenticator } = await withPasskey('keyholder')
    const session = await enter(authenticator.prove(await newChallenge(), { userHandle: userHandleOf(person.id) }))
    expect(session).toMatchObject({ name: 'keyholder', method: 'passkey', secondFactorMissing: false })
    const [listed] = await people.platform.run(listPasskeys, actor, {})
    expect(listed).toMatchObject({ name: 'key of keyholder', lastUsedAt: people.clock.now(), synced: false })
  })

  test('[SR-1.10] what is asked of the browser names nobody and is the same for everybody', async () => {
    const asked = await people.platform.run(beginPasskeySignIn, nobody(origin), {})
    expect({ ...asked, challenge: '' }).toEqual({
      challenge: '',
      rpId: 'localhost',
      timeout: 300_000,
      userVerification: 'required',
    })
    expect(Buffer.from(asked.challenge, 'base64url')).toHaveLength(32)
  })

  test('[SR-1.1-RE2] it serves as the second factor beside the password', async () => {
    const { authenticator } = await withPasskey('second')
    const assertion = authenticator.prove(await newChallenge())
    const session = await people.platform.run(openSession, nobody(origin), { name: 'second', password, assertion })
    expect(session.method).toBe('password and passkey')
  })

  test.each<[string, (key: SoftAuthenticator, challenge: string) => PasskeyAssertion]>([
    ['from another site', (key, challenge) => key.prove(challenge, { origin: 'https://plant.example.org' })],
    ['from another port', (key, challenge) => key.prove(challenge, { origin: 'http://localhost:9999' })],
    ['for another host', (key, challenge) => key.prove(challenge, { rpId: 'example.org' })],
    ['without its owner’s gesture', (key, challenge) => key.prove(challenge, { verified: false })],
    ['over a challenge of its own', (key) => key.prove(randomBytes(32).toString('base64url'))],
    ['that names another person', (key, challenge) => key.prove(challenge, { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    [
      'signed by another key',
      (key, challenge) => ({ ...new SoftAuthenticator(pages).prove(challenge), id: key.id, rawId: key.id }),
    ],
    ['of a key that nobody registered', (_, challenge) => new SoftAuthenticator(pages).prove(challenge)],
    [
      'whose bytes are none',
      (key, challenge) => {
        const good = key.prove(challenge)
        return { ...good, response: { ...good.response, authenticatorData: 'AAAA', signature: 'AAAA' } }
      },
    ],
    [
      'whose client data cannot be read',
      (key, challenge) => {
        const good = key.prove(challenge)
        return { ...good, response: { ...good.response, clientDataJSON: 'AAAA' } }
      },
    ],
  ])('[SR-1.1!] a proof %s is refused, in the same words', async (what, twisted) => {
    const { authenticator } = await withPasskey(`twisted-${places}`)
    const assertion = twisted(authenticator, await newChallenge())
    await expect(enter(assertion, elsewhere()), what).rejects.toMatchObject({
      ...refused,
      message: 'This passkey is not accepted here: sign in with name and password',
    })
  })

  test('[SR-1.1!] a proof is good once, and its challenge too, also after a refusal', async () => {
    const { authenticator } = await withPasskey('once')
    const challenge = await newChallenge()
    const assertion = authenticator.prove(challenge)
    await enter(assertion)
    await expect(enter(assertion, elsewhere())).rejects.toMatchObject(refused)
    await expect(enter(authenticator.prove(challenge), elsewhere())).rejects.toMatchObject(refused)
    const spoilt = await newChallenge()
    await expect(enter(authenticator.prove(spoilt, { verified: false }), elsewhere())).rejects.toMatchObject(refused)
    await expect(enter(authenticator.prove(spoilt), elsewhere())).rejects.toMatchObject(refused)
    await enter(authenticator.prove(await newChallenge()))
  })

  test('[SR-1.1!] a challenge is good for five minutes and not longer', async () => {
    const { authenticator } = await withPasskey('slow')
    const [early, late] = [await newChallenge(), await newChallenge()]
    people.clock.advanceMs(300_000 - 1)
    await enter(authenticator.prove(early))
    people.clock.advanceMs(1)
    await expect(enter(authenticator.prove(late), elsewhere())).rejects.toMatchObject(refused)
  })

  test('[SR-1.1-RE2!] the key of somebody else is no second factor', async () => {
    await withPasskey('victim')
    const { authenticator } = await withPasskey('thief')
    const assertion = authenticator.prove(await newChallenge())
    await expect(
      people.platform.run(openSession, nobody(elsewhere()), { name: 'victim', password, assertion }),
    ).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
  })

  test('[P11-300b-1!] the key of a disabled person is refused', async () => {
    const { person, authenticator } = await withPasskey('gone')
    await people.platform.run(disablePerson, people.inviter, { personId: person.id, reason })
    await expect(enter(authenticator.prove(await newChallenge()), elsewhere())).rejects.toMatchObject(refused)
  })

  test('[SR-1.11!] beginning without end is slowed down for the address that does it', async () => {
    const begin = (from: string) => people.platform.run(beginPasskeySignIn, nobody(from), {})
    for (let n = 0; n < 100; n++) await begin('203.0.113.200')
    await expect(begin('203.0.113.200')).rejects.toMatchObject({ kind: 'too-many', details: { retryAfterMs: 60_000 } })
    await begin('203.0.113.201')
    people.clock.advanceMs(300_000)
    await begin('203.0.113.200')
  })
})

describe('a key that must not be used', () => {
  test('[P11-300c!] one reported lost is refused, and its use is told with the name its owner gave it', async () => {
    const { actor, authenticator, passkey } = await withPasskey('careless')
    await people.platform.run(removePasskey, actor, { passkeyId: passkey.id, cause: 'lost' })
    expect(await people.platform.run(listPasskeys, actor, {})).toEqual([])
    await expect(enter(authenticator.prove(await newChallenge()), elsewhere())).rejects.toMatchObject(refused)
    await people.platform.idle()
    expect(misused).toContain('passkey "key of careless", reported lost')
    const spare = new SoftAuthenticator(pages)
    await register(actor, spare, 'its replacement')
    expect((await enter(spare.prove(await newChallenge()))).name).toBe('careless')
  })

  test('[P11-300c!] a lost one is told only when it really was used: who knows its name can raise no alarm', async () => {
    const { actor, authenticator, passkey } = await withPasskey('slandered')
    await people.platform.run(removePasskey, actor, { passkeyId: passkey.id, cause: 'lost' })
    const pretended = new SoftAuthenticator(pages).prove(await newChallenge())
    const forged = { ...pretended, id: authenticator.id, rawId: authenticator.id }
    await expect(enter(forged, elsewhere())).rejects.toMatchObject(refused)
    await people.platform.idle()
    expect(misused.filter((each) => each.includes('slandered'))).toEqual([])
  })

  test('[P11-300c!] a copy, whose counter goes back, is refused and told', async () => {
    const { authenticator } = await withPasskey('copied')
    authenticator.counter = 40
    await enter(authenticator.prove(await newChallenge()))
    authenticator.counter = 10
    await expect(enter(authenticator.prove(await newChallenge()), elsewhere())).rejects.toMatchObject(refused)
    await people.platform.idle()
    expect(misused).toContain('passkey "key of copied", its counter went back')
  })

  test('[P11-300c] a reset by an administrator revokes every key of the person', async () => {
    const { person, authenticator } = await withPasskey('all-keys')
    const answer = await people.platform.run(resetSecondFactor, people.inviter, { personId: person.id, reason })
    expect(answer).toEqual({ totpRevoked: false, passkeysRevoked: 1 })
    await expect(enter(authenticator.prove(await newChallenge()), elsewhere())).rejects.toMatchObject(refused)
  })

  test('[P11-10d!] nobody removes the key of somebody else', async () => {
    const { passkey } = await withPasskey('keeps-it')
    const { actor } = await withPasskey('takes-it')
    await expect(
      people.platform.run(removePasskey, actor, { passkeyId: passkey.id, cause: 'lost' }),
    ).rejects.toMatchObject({ kind: 'not-found', code: 'identity.passkey-unknown' })
  })
})

describe('registering', () => {
  test('several keys have names, and the browser is told which are registered already', async () => {
    const { actor, authenticator } = await withPasskey('two-keys')
    await register(actor, new SoftAuthenticator(pages), 'phone')
    expect((await people.platform.run(listPasskeys, actor, {})).map(({ name }) => name)).toEqual([
      'key of two-keys',
      'phone',
    ])
    const asked = await people.platform.run(beginPasskeyRegistration, actor, {})
    expect(asked.excludeCredentials).toContainEqual({ id: authenticator.id, type: 'public-key' })
    expect(asked.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' })
    expect(asked.user).toMatchObject({ name: 'two-keys' })
  })

  test.each<[string, (key: SoftAuthenticator, challenge: string) => ReturnType<SoftAuthenticator['register']>]>([
    ['from another site', (key, challenge) => key.register(challenge, { origin: 'https://example.org' })],
    ['for another host', (key, challenge) => key.register(challenge, { rpId: 'example.org' })],
    ['without a gesture', (key, challenge) => key.register(challenge, { verified: false })],
    ['over a challenge of its own', (key) => key.register(randomBytes(32).toString('base64url'))],
  ])('[SR-1.5!] a key made %s is not registered', async (_, twisted) => {
    const { actor } = await withPasskey(`registers-${++places}`)
    const { challenge } = await people.platform.run(beginPasskeyRegistration, actor, {})
    const registration = twisted(new SoftAuthenticator(pages), challenge)
    await expect(people.platform.run(registerPasskey, actor, { name: 'x', registration })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'identity.passkey-unproven',
    })
    expect(await people.platform.run(listPasskeys, actor, {})).toHaveLength(1)
  })

  test('[SR-1.5!] nobody registers a key over the challenge of somebody else, nor one that is registered', async () => {
    const { actor: one, authenticator } = await withPasskey('first-owner')
    const { actor: other } = await withPasskey('other-owner')
    const { challenge } = await people.platform.run(beginPasskeyRegistration, one, {})
    const stolen = new SoftAuthenticator(pages).register(challenge)
    await expect(
      people.platform.run(registerPasskey, other, { name: 'x', registration: stolen }),
    ).rejects.toMatchObject({ code: 'identity.passkey-unproven' })
    await expect(register(other, authenticator, 'taken over')).rejects.toMatchObject({
      kind: 'conflict',
      code: 'identity.passkey-known',
    })
  })

  test.each([null, 'http://192.0.2.7:8080', 'http://plant.example.org', 'https://[::1]:8443'])(
    'pages at %s hear that passkeys need HTTPS with a host name, or localhost',
    async (where) => {
      address = where
      try {
        await expect(people.platform.run(beginPasskeySignIn, nobody(origin), {})).rejects.toMatchObject({
          kind: 'unavailable',
          code: 'identity.passkeys-unavailable',
          message: expect.stringContaining('THROUGHLINE_ORIGIN'),
        })
      } finally {
        address = pages
      }
    },
  )
})
