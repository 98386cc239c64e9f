import { plusMs } from '@throughline/kernel'
import type { CurrentSession } from '@throughline/model'
import {
  changeSignInPolicy,
  confirmTotp,
  enrolTotp,
  getCurrentSession,
  getOwnCredentials,
  getSignInPolicy,
  listPersons,
  openSession,
  removeTotp,
  renewRecoveryCodes,
  resetSecondFactor,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { nobody } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { People } from '../testing/people.ts'
import { password, plantWide, reason, startPeople } from '../testing/people.ts'

let people: People
beforeAll(async () => {
  people = await startPeople()
})
afterAll(() => people.close())

const stepMs = 30_000
const ruler = actorWith(['identity.person.read', 'identity.sign-in-policy.write'])

/** What the app shows, some steps from now. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: people.clock.now() / 1000 + steps * stepMs })

/** Another code than any that is right now. */
const wrongCodeFor = (secret: string): string => {
  const right = [-1, 0, 1].map((steps) => codeOf(secret, steps))
  return ['000000', '111111', '222222', '333333'].find((each) => !right.includes(each)) ?? ''
}

async function signIn(
  name: string,
  extra: { code?: string } = {},
  from = '192.0.2.1',
): Promise<{ session: CurrentSession; actor: Actor }> {
  let token = ''
  const start = (given: string): void => {
    token = given
  }
  const options = { session: { start, end() {} } }
  const session = await people.platform.run(openSession, nobody(from), { name, password, ...extra }, options)
  return { session, actor: await people.by(token) }
}

/** Somebody with an app, at the moment after they confirmed it. */
async function withApp(name: string) {
  const person = await people.active(name)
  const { actor } = await signIn(name)
  const { secret, uri } = await people.platform.run(enrolTotp, actor, {})
  const { recoveryCodes } = await people.platform.run(confirmTotp, actor, { code: codeOf(secret) })
  people.clock.advanceMs(stepMs)
  return { person, actor, secret, uri, recoveryCodes }
}

describe('an authenticator app', () => {
  test('[SR-1.1-RE2] whoever uses one is signed in by password and code together', async () => {
    const { secret, uri, recoveryCodes } = await withApp('both')
    expect(uri).toMatch(/^otpauth:\/\/totp\/Throughline:both\?.*secret=[A-Z2-7]{32}/)
    expect(new Set(recoveryCodes).size).toBe(8)
    const { session, actor } = await signIn('both', {
      code: `${codeOf(secret).slice(0, 3)} ${codeOf(secret).slice(3)}`,
    })
    expect(session).toMatchObject({ method: 'password and code', secondFactorMissing: false })
    expect(await people.platform.run(getOwnCredentials, actor, {})).toMatchObject({
      hasPassword: true,
      totp: { recoveryCodesLeft: 8 },
      passkeys: 0,
    })
  })

  test('[SR-1.1-RE2!] the password alone is not enough, and only whoever knows it is told so', async () => {
    await withApp('not-enough')
    await expect(signIn('not-enough')).rejects.toMatchObject({
      kind: 'unauthenticated',
      code: 'identity.second-factor-needed',
      details: { code: true, passkey: false },
    })
    const guess = people.platform.run(openSession, nobody('192.0.2.9'), { name: 'not-enough', password: 'a wrong one' })
    await expect(guess).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
  })

  test.each([-1, 0, 1])('a code %i steps from now is accepted', async (steps) => {
    const name = `clock-${steps + 1}`
    const { secret } = await withApp(name)
    people.clock.advanceMs(2 * stepMs)
    await signIn(name, { code: codeOf(secret, steps) })
  })

  test.each([-2, 2])('[SR-1.1-RE2!] a code %i steps from now is refused', async (steps) => {
    const name = `clock-far-${steps + 2}`
    const { secret } = await withApp(name)
    people.clock.advanceMs(5 * stepMs)
    await expect(signIn(name, { code: codeOf(secret, steps) })).rejects.toMatchObject({
      code: 'identity.sign-in-refused',
    })
  })

  test('[SR-1.1-RE2!] a code is accepted once, and no earlier one after it, also when both come at the same moment', async () => {
    const { secret } = await withApp('replayed')
    people.clock.advanceMs(5 * stepMs)
    const code = codeOf(secret)
    const both = await Promise.allSettled([signIn('replayed', { code }), signIn('replayed', { code })])
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(signIn('replayed', { code: codeOf(secret, -1) })).rejects.toMatchObject({
      code: 'identity.sign-in-refused',
    })
    await signIn('replayed', { code: codeOf(secret, 1) })
  })

  test('[SR-1.1-RE2!] the code of somebody else, and a code where there is no app, are refused', async () => {
    const other = await withApp('other-app')
    await withApp('own-app')
    await people.active('no-app')
    for (const name of ['own-app', 'no-app']) {
      await expect(signIn(name, { code: codeOf(other.secret) })).rejects.toMatchObject({
        code: 'identity.sign-in-refused',
      })
    }
  })

  test('[SR-1.11!] six digits cannot be tried out: wrong codes are slowed down wherever they come from', async () => {
    const { secret } = await withApp('guessed-code')
    const outcomes: string[] = []
    for (let n = 0; n < 5; n++) {
      const attempt = signIn('guessed-code', { code: wrongCodeFor(secret) }, `198.51.100.${n}`)
      outcomes.push(
        await attempt.then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      )
    }
    expect(outcomes.slice(0, 3)).toEqual(Array(3).fill('identity.sign-in-refused'))
    expect(outcomes.slice(3)).toEqual(Array(2).fill('identity.sign-in-delayed'))
    people.clock.advanceMs(stepMs)
    await signIn('guessed-code', { code: codeOf(secret) }, '198.51.100.77')
  })

  test('asking for the code over and over does not forget the wrong ones', async () => {
    const { secret } = await withApp('alternating')
    const outcomes: string[] = []
    for (let n = 0; n < 4; n++) {
      await signIn('alternating').catch(() => undefined)
      const attempt = signIn('alternating', { code: wrongCodeFor(secret) })
      outcomes.push(
        await attempt.then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      )
    }
    expect(outcomes.at(-1)).toBe('identity.sign-in-delayed')
  })

  test('an app that was never confirmed is asked for nothing, and its wrong first code is refused', async () => {
    await people.active('half-way')
    const { actor } = await signIn('half-way')
    await expect(people.platform.run(confirmTotp, actor, { code: '123456' })).rejects.toMatchObject({
      code: 'identity.totp-not-begun',
    })
    const { secret } = await people.platform.run(enrolTotp, actor, {})
    await expect(people.platform.run(confirmTotp, actor, { code: wrongCodeFor(secret) })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'identity.totp-code-wrong',
    })
    expect((await signIn('half-way')).session.method).toBe('password')
    const newer = await people.platform.run(enrolTotp, actor, {})
    await expect(people.platform.run(confirmTotp, actor, { code: codeOf(secret) })).rejects.toMatchObject({
      code: 'identity.totp-code-wrong',
    })
    await people.platform.run(confirmTotp, actor, { code: codeOf(newer.secret) })
    await expect(people.platform.run(enrolTotp, actor, {})).rejects.toMatchObject({ code: 'identity.totp-present' })
  })

  test('[SR-1.5!] neither its secret nor a recovery code is in the database or the trail', async () => {
    const { secret, recoveryCodes } = await withApp('sealed')
    const { rows } = await sql<{ text: string }>`
      select query_to_xml('select * from ' || table_schema || '.' || table_name, false, false, '')::text as text
      from information_schema.tables where table_schema in ('identity', 'platform')`.execute(people.database.db)
    const everything = rows.map((row) => row.text).join('\n')
    expect(everything).toContain('sealed')
    for (const hidden of [secret, ...recoveryCodes]) expect(everything).not.toContain(hidden)
  })
})

describe('a recovery code', () => {
  test('[P11-300c] signs in once in place of a lost app, however it is typed', async () => {
    const { recoveryCodes } = await withApp('lost-phone')
    const [first = '', second = ''] = recoveryCodes
    const { session, actor } = await signIn('lost-phone', { code: first.toUpperCase().replaceAll('-', ' ') })
    expect(session.method).toBe('password and recovery code')
    await expect(signIn('lost-phone', { code: first })).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
    expect((await people.platform.run(getOwnCredentials, actor, {})).totp?.recoveryCodesLeft).toBe(7)
    await signIn('lost-phone', { code: second })
  })

  test('[P11-300c!] of those made before, none works after new ones are made', async () => {
    const { actor, recoveryCodes } = await withApp('renewed')
    const fresh = await people.platform.run(renewRecoveryCodes, actor, {})
    await expect(signIn('renewed', { code: recoveryCodes[0] ?? '' })).rejects.toMatchObject({
      code: 'identity.sign-in-refused',
    })
    await signIn('renewed', { code: fresh.recoveryCodes[0] ?? '' })
  })
})

describe('giving a second factor up', () => {
  test('its owner removes the app after proving themselves; then the password is enough again', async () => {
    const { actor, recoveryCodes } = await withApp('gives-up')
    await people.platform.run(removeTotp, actor, {})
    expect((await signIn('gives-up')).session.method).toBe('password')
    await expect(signIn('gives-up', { code: recoveryCodes[0] ?? '' })).rejects.toMatchObject({
      code: 'identity.sign-in-refused',
    })
    for (const operation of [removeTotp, renewRecoveryCodes]) {
      await expect(people.platform.run(operation, actor, {})).rejects.toMatchObject({ code: 'identity.totp-absent' })
    }
  })

  test('[P11-300c] an administrator resets it for whoever lost it: sessions end, and the person enrols anew', async () => {
    const { person, actor, secret } = await withApp('all-lost')
    const answer = await people.platform.run(resetSecondFactor, people.inviter, { personId: person.id, reason })
    expect(answer).toEqual({ totpRevoked: true, passkeysRevoked: 0 })
    expect(await people.platform.run(getCurrentSession, actor, {}).catch((error: { code: string }) => error.code)).toBe(
      'identity.session-absent',
    )
    await expect(signIn('all-lost', { code: codeOf(secret) })).rejects.toMatchObject({
      code: 'identity.sign-in-refused',
    })
    await signIn('all-lost')
  })

  test('[P11-10d!, D-12.2!] nobody else may: it takes the permission, and a reason', async () => {
    const person = await people.active('left-alone')
    const stranger = actorWith(['identity.person.read'])
    await expect(
      people.platform.run(resetSecondFactor, stranger, { personId: person.id, reason }),
    ).rejects.toMatchObject({ code: 'platform.permission-missing' })
    await expect(
      people.platform.run(resetSecondFactor, people.inviter, { personId: person.id, reason: '' }),
    ).rejects.toMatchObject({ code: 'platform.input-invalid' })
  })
})

describe('the rules for signing in', () => {
  const rules = { maxSessions: 5, idleTimeoutMs: null, absoluteTimeoutMs: null, reason }

  test('as delivered nothing is demanded; each change is a version, with its reason', async () => {
    const delivered = await people.platform.run(getSignInPolicy, ruler, {})
    expect(delivered).toMatchObject({ version: 0, secondFactorRoles: [], changedAt: null })
    const wanted = { ...rules, secondFactorRoles: ['quality' as const], basedOn: 0 }
    const changed = await people.platform.run(changeSignInPolicy, ruler, wanted)
    expect(changed).toMatchObject({ version: 1, secondFactorRoles: ['quality'], changedAt: people.clock.now() })
    expect(await people.platform.run(getSignInPolicy, ruler, {})).toEqual(changed)
    await expect(people.platform.run(changeSignInPolicy, ruler, wanted)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'identity.sign-in-policy-changed',
    })
    await expect(
      people.platform.run(changeSignInPolicy, ruler, { ...wanted, basedOn: 1, secondFactorRoles: ['edge-agent'] }),
    ).rejects.toMatchObject({ code: 'identity.role-not-for-people' })
  })

  test('[SR-1.1-RE2!] whose role needs a second factor may do nothing but enrol one, and then everything', async () => {
    await people.active('inspector', [plantWide('quality'), plantWide('manager')])
    const { session, actor } = await signIn('inspector')
    expect(session).toMatchObject({ secondFactorMissing: true, permissions: [] })
    await expect(people.platform.run(listPersons, actor, {})).rejects.toMatchObject({
      code: 'platform.permission-missing',
    })
    const { secret } = await people.platform.run(enrolTotp, actor, {})
    await people.platform.run(confirmTotp, actor, { code: codeOf(secret) })
    people.clock.advanceMs(stepMs)
    const after = await signIn('inspector', { code: codeOf(secret) })
    expect(after.session.secondFactorMissing).toBe(false)
    expect((await people.platform.run(listPersons, after.actor, {})).length).toBeGreaterThan(0)
  })

  test('[SR-1.1-RE2!] a demand holds at once for whoever is signed in', async () => {
    await people.active('surprised', [plantWide('manager')])
    let token = ''
    const start = (given: string): void => {
      token = given
    }
    const options = { session: { start, end() {} } }
    await people.platform.run(openSession, nobody('192.0.2.1'), { name: 'surprised', password }, options)
    await people.platform.run(listPersons, await people.by(token), {})
    const { version } = await people.platform.run(getSignInPolicy, ruler, {})
    await people.platform.run(changeSignInPolicy, ruler, {
      ...rules,
      secondFactorRoles: ['quality', 'manager'],
      basedOn: version,
    })
    await expect(people.platform.run(listPersons, await people.by(token), {})).rejects.toMatchObject({
      code: 'platform.permission-missing',
    })
  })

  test('they shorten sessions begun from then on, and lengthen none', async () => {
    await people.active('timed')
    const minute = 60_000
    for (const [idleTimeoutMs, absoluteTimeoutMs, idle, absolute] of [
      [10 * minute, 60 * minute, 10 * minute, 60 * minute],
      [24 * 60 * minute, 168 * 60 * minute, 30 * minute, 12 * 60 * minute],
      [10 * minute, null, 10 * minute, 12 * 60 * minute],
    ] as const) {
      const { version } = await people.platform.run(getSignInPolicy, ruler, {})
      const wanted = { ...rules, idleTimeoutMs, absoluteTimeoutMs, secondFactorRoles: [], basedOn: version }
      await people.platform.run(changeSignInPolicy, ruler, wanted)
      const { session } = await signIn('timed')
      expect([session.idleTimeoutMs, session.absoluteEndAt - session.openedAt]).toEqual([idle, absolute * 1000])
    }
    let token = ''
    const start = (given: string): void => {
      token = given
    }
    const options = { session: { start, end() {} } }
    await people.platform.run(openSession, nobody('192.0.2.1'), { name: 'timed', password }, options)
    people.clock.advanceMs(10 * minute)
    expect((await people.by(token)).kind).toBe('nobody')
  })

  test('[P11-10d!] only whoever holds the permission changes them', async () => {
    await expect(
      people.platform.run(changeSignInPolicy, people.inviter, { ...rules, secondFactorRoles: [], basedOn: 2 }),
    ).rejects.toMatchObject({ code: 'platform.permission-missing' })
  })
})

test('a proof is kept with the session, to the instant', async () => {
  await people.active('on-time')
  const { session, actor } = await signIn('on-time')
  expect(session.provedAt).toBe(people.clock.now())
  people.clock.advanceMs(1000)
  expect((await people.platform.run(getCurrentSession, actor, {})).provedAt).toBe(plusMs(people.clock.now(), -1000))
})
