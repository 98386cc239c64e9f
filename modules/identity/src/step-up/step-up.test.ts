import {
  beginPasskeyRegistration,
  beginPasskeySignIn,
  changePassword,
  confirmTotp,
  createMachineAccount,
  enrolTotp,
  getCurrentSession,
  listOperations,
  openSession,
  registerPasskey,
  removeTotp,
  stepUp,
} from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SoftAuthenticator } from '../testing/authenticator.ts'
import type { People } from '../testing/people.ts'
import { origin, password, plantWide, startPeople } from '../testing/people.ts'

const pages = 'http://localhost:8080'
const minute = 60_000

let people: People
beforeAll(async () => {
  people = await startPeople({ origin: () => pages })
})
afterAll(() => people.close())

async function administrator(name: string) {
  await people.active(name, [plantWide('administrator')])
  const { token } = await people.signIn(name)
  return { token, actor: await people.by(token) }
}
const makeAccount = (name: string) => ({ name, grants: [plantWide('edge-agent')] })
const needed = { kind: 'unauthenticated', code: 'identity.step-up-needed' }

describe('what a session alone is not enough for', () => {
  test('is this list', () => {
    const listed = listOperations().filter((operation) => operation.stepUp === true)
    expect(listed.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'historian.retention.set',
        'identity.credential.reset-second-factor',
        'identity.machine-account.create',
        'identity.machine-account.revoke',
        'identity.passkey.begin-registration',
        'identity.passkey.remove',
        'identity.person.disable',
        'identity.person.invite',
        'identity.person.renew-activation',
        'identity.sign-in-policy.change',
        'identity.totp.enrol',
        'identity.totp.remove',
        'identity.totp.renew-recovery-codes',
      ]),
    )
  })

  test('[SR-2.1!] is refused five minutes after the last proof, and allowed until then', async () => {
    const { token } = await administrator('risky')
    people.clock.advanceMs(5 * minute - 1)
    await people.platform.run(createMachineAccount, await people.by(token), makeAccount('agent-1'))
    people.clock.advanceMs(1)
    const late = people.platform.run(createMachineAccount, await people.by(token), makeAccount('agent-2'))
    await expect(late).rejects.toMatchObject(needed)
  })

  test('[P11-10d!] the refusal comes after the permission: a stranger learns nothing else by it', async () => {
    await people.active('stranger')
    const { token } = await people.signIn('stranger')
    people.clock.advanceMs(10 * minute)
    await expect(
      people.platform.run(createMachineAccount, await people.by(token), makeAccount('agent-3')),
    ).rejects.toMatchObject({ code: 'platform.permission-missing' })
  })

  test('is done by the product and by programs, which have nothing to prove anew', async () => {
    await people.platform.run(createMachineAccount, systemActor('test'), makeAccount('agent-4'))
    const machine = { ...people.inviter, kind: 'machine' as const, sessionId: null, provedAt: null }
    await people.platform.run(createMachineAccount, machine, makeAccount('agent-5'))
  })

  test('[SR-2.1!] is refused to a person of whom nobody knows when they proved themselves', async () => {
    const { provedAt: _, ...unproved } = people.inviter
    for (const actor of [unproved, { ...people.inviter, provedAt: null }]) {
      await expect(people.platform.run(createMachineAccount, actor, makeAccount('agent-6'))).rejects.toMatchObject(
        needed,
      )
    }
  })
})

describe('proving once more', () => {
  /** Somebody with all three, ten minutes after signing in. */
  async function equipped(name: string) {
    const { token, actor } = await administrator(name)
    const key = new SoftAuthenticator(pages)
    const { challenge } = await people.platform.run(beginPasskeyRegistration, actor, {})
    await people.platform.run(registerPasskey, actor, { name: 'key', registration: key.register(challenge) })
    const { secret } = await people.platform.run(enrolTotp, actor, {})
    const app = new TOTP({ secret: Secret.fromBase32(secret) })
    const code = () => app.generate({ timestamp: people.clock.now() / 1000 })
    await people.platform.run(confirmTotp, actor, { code: code() })
    people.clock.advanceMs(10 * minute)
    return { token, key, code }
  }
  const newChallenge = async () => (await people.platform.run(beginPasskeySignIn, nobody(origin), {})).challenge

  test('by password, by code or by passkey opens five minutes', async () => {
    const { token, key, code } = await equipped('proves')
    for (const proof of [
      async () => ({ password }),
      async () => ({ code: code() }),
      async () => ({ assertion: key.prove(await newChallenge()) }),
    ]) {
      const before = await people.by(token)
      await expect(people.platform.run(createMachineAccount, before, makeAccount('late'))).rejects.toMatchObject(needed)
      const { provedAt } = await people.platform.run(stepUp, before, await proof())
      expect(provedAt).toBe(people.clock.now())
      const after = await people.by(token)
      expect(after.provedAt).toBe(provedAt)
      await people.platform.run(createMachineAccount, after, makeAccount(`made-${provedAt}`))
      people.clock.advanceMs(5 * minute)
    }
  })

  test('[SR-2.1!] with a wrong password, code or key of another opens nothing, and the session goes on', async () => {
    const { token } = await equipped('fails')
    const other = await equipped('other')
    const actor = await people.by(token)
    for (const proof of [
      { password: 'not the password at all' },
      { code: other.code() },
      { assertion: other.key.prove(await newChallenge()) },
    ]) {
      await expect(people.platform.run(stepUp, actor, proof)).rejects.toMatchObject({
        kind: 'unauthenticated',
        code: 'identity.proof-refused',
      })
    }
    await expect(
      people.platform.run(createMachineAccount, await people.by(token), makeAccount('never')),
    ).rejects.toMatchObject(needed)
    expect((await people.platform.run(getCurrentSession, actor, {})).name).toBe('fails')
  })

  test('[SR-1.11!] is slowed down like signing in', async () => {
    const { actor } = await administrator('guessed-again')
    const attempts: string[] = []
    for (let n = 0; n < 4; n++) {
      const attempt = people.platform.run(stepUp, actor, { password: 'a wrong password' })
      attempts.push(
        await attempt.then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      )
    }
    expect(attempts.at(-1)).toBe('identity.sign-in-delayed')
  })

  test('asks for exactly one proof, of a person with a session', async () => {
    const { actor } = await administrator('confused')
    for (const proof of [{}, { password, code: '123456' }]) {
      await expect(people.platform.runByName(stepUp.name, actor, proof)).rejects.toMatchObject({
        code: 'platform.input-invalid',
      })
    }
    const machine = { ...people.inviter, kind: 'machine' as const }
    await expect(people.platform.run(stepUp, machine, { password })).rejects.toMatchObject({
      code: 'identity.people-only',
    })
  })

  test('[SR-1.5!] is needed to take the second factor away', async () => {
    const { token } = await equipped('protected')
    await expect(people.platform.run(removeTotp, await people.by(token), {})).rejects.toMatchObject(needed)
  })
})

describe('changing the own password', () => {
  const fresh = 'seven green bottles standing'

  test('[P11-300b-1, SR-3.8-RE1] takes the old one, ends all other sessions, and proves anew', async () => {
    const { token } = await administrator('changes')
    const elsewhere = await people.signIn('changes')
    people.clock.advanceMs(10 * minute)
    const actor = await people.by(token)
    const answer = await people.platform.run(changePassword, actor, { oldPassword: password, newPassword: fresh })
    expect(answer).toEqual({ sessionsEnded: 1 })
    expect((await people.by(elsewhere.token)).kind).toBe('nobody')
    expect((await people.by(token)).provedAt).toBe(people.clock.now())
    await expect(people.signIn('changes')).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
    await people.platform.run(openSession, nobody(origin), { name: 'changes', password: fresh })
  })

  test('[P11-300b!, SR-1.7!] is refused with a wrong old one, the same again, or one that is guessed early', async () => {
    const { actor } = await administrator('keeps')
    for (const [oldPassword, newPassword, code] of [
      ['not the old one at all', fresh, 'identity.old-password-wrong'],
      [password, password, 'identity.password-same'],
      [password, 'keeps-keeps-2026', 'identity.password-obvious'],
      [password, 'short', 'platform.input-invalid'],
    ] as const) {
      await expect(people.platform.run(changePassword, actor, { oldPassword, newPassword })).rejects.toMatchObject({
        code,
      })
    }
    await people.signIn('keeps')
  })
})
