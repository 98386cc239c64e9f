import { hash } from '@node-rs/argon2'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Role, RoleGrant } from '@throughline/model'
import {
  activatePerson,
  approvePerson,
  closeSession,
  createMachineAccount,
  disablePerson,
  enablePerson,
  getAccessReport,
  getCurrentSession,
  invitePerson,
  listAccessReviews,
  listMachineAccounts,
  listNodes,
  listPersons,
  listSessions,
  openAccessReview,
  openSession,
  permissions,
  renamePerson,
  renewActivation,
  revokeMachineAccount,
  setPersonGrants,
  terminateSession,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { nobody, Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityModule } from './index.ts'

const password = 'correct horse battery'
const minute = 60_000
const hour = 60 * minute

let database: TestDatabase
let platform: Platform
let clock: HandClock
let disabled: Id<'Person'>[]

beforeAll(async () => {
  database = await createTestDatabase({ modules: [identityModule()] })
  clock = handClock('2026-11-22T08:00:00Z')
  platform = await Platform.start(database.db, [identityModule()], clock, pino({ level: 'silent' }))
  disabled = []
  platform.on('identity.person-disabled', 'test.listener', async (_uow, { personId }) => {
    disabled.push(personId)
  })
})
afterAll(async () => {
  await platform.stop()
  await database.close()
})

const administrator = actorWith(['identity.person.read', 'identity.person.write', 'identity.machine-account.write'])
const approver = actorWith(['identity.person.approve'])
const reason = 'a test of the deny paths'
const plantWide = (role: Role): RoleGrant => ({ role, nodeId: null })
const tokenOf = (path: string): string => path.split('#')[1] ?? ''

const identityChecked = 'badge office, passport seen'

async function invite(name: string, grants: RoleGrant[] = [plantWide('operator')]) {
  const wanted = { name, printedName: name, grants, identityChecked }
  const invited = await platform.run(invitePerson, administrator, wanted)
  const { person, activation } =
    invited.activation === null
      ? await platform.run(approvePerson, approver, { personId: invited.person.id })
      : { ...invited, activation: invited.activation }
  return { person, token: tokenOf(activation.path), path: activation.path }
}

async function activePerson(name: string, grants?: RoleGrant[]) {
  const { person, token } = await invite(name, grants)
  await platform.run(activatePerson, nobody('192.0.2.1'), { token, password })
  return person
}

/** Signs in as a browser would; answers what it was told and the token of its cookie. */
async function signIn(name: string, secret = password, actor: Actor = nobody('192.0.2.1')) {
  let token = ''
  const start = (given: string): void => {
    token = given
  }
  const session = await platform.run(openSession, actor, { name, password: secret }, { session: { start, end() {} } })
  return { session, token }
}

const bySession = (session: string): Promise<Actor> => platform.authenticate({ session }, '192.0.2.1')

/** What the audit trail holds of an operation at the instant that the clock shows. */
const auditedNow = async (operation: string) =>
  (
    await sql<{ outcome: string; actor: string; origin: string | null; input: unknown }>`
      select outcome, actor, text::json ->> 'origin' as origin, text::json -> 'input' as input
      from platform.audit_entry
      where operation = ${operation} and at = ${clock.now()}`.execute(database.db)
  ).rows

/** A change that no operation makes, as the store of the operations would write it. */
const pastTheDoor = (change: RawBuilder<unknown>) =>
  database.db.transaction().execute(async (trx) => {
    await sql`select set_config('throughline.entry', 'a test of what lies behind the door', true)`.execute(trx)
    await change.execute(trx)
  })

describe('inviting and activating', () => {
  test('[A11-12, SR-2.1-RE2] an invited person sets a password by the link, signs in, and may do what the role allows', async () => {
    const { path, person } = await invite('ada', [plantWide('engineer')])
    expect(path).toMatch(/^\/activate#[A-Za-z0-9_-]{43}$/)
    expect(person.state).toBe('invited')
    expect(await platform.run(activatePerson, nobody(null), { token: tokenOf(path), password })).toEqual({
      name: 'ada',
    })
    const { session } = await signIn('ada')
    expect(session).toMatchObject({ name: 'ada', personId: person.id, idleTimeoutMs: 30 * minute })
    expect(session.permissions).toContain('equipment.model.write')
    expect(session.permissions).not.toContain('identity.person.write')
  })

  test('[P11-10f!, P11-200a3!, SR-1.5!] a link works once', async () => {
    const { token } = await invite('once')
    await platform.run(activatePerson, nobody(null), { token, password })
    const again = platform.run(activatePerson, nobody(null), { token, password: 'another long password' })
    await expect(again).rejects.toMatchObject({ code: 'identity.activation-link-unusable' })
    await signIn('once')
  })

  test('[P11-200a3!] of two who use one link at the same moment, one succeeds', async () => {
    const { token } = await invite('twice')
    const both = await Promise.allSettled(
      ['the first long password', 'the second long password'].map((each) =>
        platform.run(activatePerson, nobody(null), { token, password: each }),
      ),
    )
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('[P11-300b-1!] a new link kills the one before', async () => {
    const { person, token } = await invite('renewed')
    const newer = await platform.run(renewActivation, administrator, { personId: person.id, reason })
    await expect(platform.run(activatePerson, nobody(null), { token, password })).rejects.toMatchObject({
      code: 'identity.activation-link-unusable',
    })
    await platform.run(activatePerson, nobody(null), { token: tokenOf(newer.path), password })
  })

  test('[P11-10f!, P11-200a3!] a link works until 72 hours have passed, and not at that very moment', async () => {
    const early = await invite('early')
    const late = await invite('late')
    clock.advanceMs(72 * hour - 1)
    await platform.run(activatePerson, nobody(null), { token: early.token, password })
    clock.advanceMs(1)
    await expect(platform.run(activatePerson, nobody(null), { token: late.token, password })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'identity.activation-link-unusable',
    })
  })

  test('[SR-4.1, SR-1.5, P11-200a3] neither the link nor the password is in the database or the audit trail', async () => {
    const { token } = await invite('secretive')
    await platform.run(activatePerson, nobody(null), { token, password })
    await signIn('secretive')
    const { rows } = await sql<{ text: string }>`
      select query_to_xml('select * from ' || table_schema || '.' || table_name, false, false, '')::text as text
      from information_schema.tables where table_schema in ('identity', 'platform')`.execute(database.db)
    const everything = rows.map((row) => row.text).join('\n')
    expect(everything).toContain('secretive')
    expect(everything).not.toContain(token)
    expect(everything).not.toContain(password)
    const audited = await auditedNow('identity.person.activate')
    expect(audited.map((entry) => entry.input)).toContainEqual({ token: '•••', password: '•••' })
  })

  test('[P11-300b!, SR-1.7!] a short or obvious password is refused, and the link still works', async () => {
    const { token } = await invite('obvious-one')
    await expect(platform.run(activatePerson, nobody(null), { token, password: 'short' })).rejects.toMatchObject({
      code: 'platform.input-invalid',
    })
    await expect(
      platform.run(activatePerson, nobody(null), { token, password: 'obvious-one2026' }),
    ).rejects.toMatchObject({ code: 'identity.password-obvious' })
    await platform.run(activatePerson, nobody(null), { token, password })
  })

  test('[P11-300a!, SR-1.1-RE1!, SR-1.4] a name is given once, and every bad field of a wrong one is named', async () => {
    await invite('unique')
    await expect(invite('unique')).rejects.toMatchObject({ kind: 'conflict', code: 'identity.person-name-taken' })
    await expect(invite('Big Name', [])).rejects.toMatchObject({
      code: 'platform.input-invalid',
      details: { fields: [{ path: 'name' }, { path: 'grants' }] },
    })
    await expect(invite('robot', [plantWide('edge-agent')])).rejects.toMatchObject({
      code: 'identity.role-not-for-people',
    })
  })
})

describe('signing in', () => {
  test('[SR-1.1!, SR-1.10!, SR-2.8!, A11-12-4!] unknown name, wrong password, no password yet and disabled person get the very same answer, and are audited', async () => {
    await activePerson('wrong-password')
    await invite('no-password')
    const gone = await activePerson('gone')
    await platform.run(disablePerson, administrator, { personId: gone.id, reason })
    const answers = []
    for (const name of ['nobody-at-all', 'wrong-password', 'no-password', 'gone']) {
      const secret = name === 'gone' ? password : 'not the right password'
      answers.push(await signIn(name, secret, nobody('203.0.113.5')).catch((error: unknown) => error))
      expect(await auditedNow('identity.session.open')).toContainEqual({
        outcome: 'identity.sign-in-refused',
        actor: 'nobody',
        origin: '203.0.113.5',
        input: { name, password: '•••' },
      })
    }
    const told = answers.map((error) => {
      const { kind, code, message, details } = error as { kind: string; code: string; message: string; details: object }
      return { kind, code, message, details }
    })
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(told[0]).toMatchObject({ kind: 'unauthenticated', code: 'identity.sign-in-refused' })
  })

  test('[SR-1.4] a name is found whatever its case, and a password however its characters were composed', async () => {
    const { token } = await invite('bjork')
    await platform.run(activatePerson, nobody(null), { token, password: 'björk likes long walks' })
    const { session } = await signIn(' Bjork', 'bjo\u0308rk likes long walks')
    expect(session.name).toBe('bjork')
  })

  test('[SR-4.3!] a password that was hashed with weaker parameters is hashed anew at the next sign-in', async () => {
    await activePerson('long-ago')
    const weak = await hash(password, { memoryCost: 8192, timeCost: 1 })
    await pastTheDoor(sql`update identity.person set password_hash = ${weak} where name = 'long-ago'`)
    await signIn('long-ago')
    const { rows } = await sql<{ password_hash: string }>`
      select password_hash from identity.person where name = 'long-ago'`.execute(database.db)
    expect(rows[0]?.password_hash).toContain('m=19456,t=3')
    await signIn('long-ago')
  })

  test('[SR-1.11!, P11-300d!] guessing is slowed down with the seconds to wait, and an unknown name tells nothing by it', async () => {
    await activePerson('guessed')
    for (const name of ['guessed', 'never-heard-of']) {
      const outcomes = []
      for (let n = 0; n < 4; n++) {
        outcomes.push(await signIn(name, 'a wrong password', nobody('203.0.113.77')).catch((error: unknown) => error))
      }
      expect(outcomes.map((error) => (error as { code: string }).code)).toEqual([
        'identity.sign-in-refused',
        'identity.sign-in-refused',
        'identity.sign-in-refused',
        'identity.sign-in-delayed',
      ])
      expect(outcomes[3]).toMatchObject({ kind: 'too-many', details: { retryAfterMs: 1000 } })
    }
    const audited = await auditedNow('identity.session.open')
    expect(audited.map((entry) => entry.outcome)).toContain('identity.sign-in-delayed')
    await signIn('guessed', password, nobody('192.0.2.1'))
    clock.advanceMs(1000)
    await signIn('guessed', password, nobody('203.0.113.77'))
  })
})

describe('sessions', () => {
  test('[SR-3.8-RE1!, P11-300b-1!] the token of a session speaks for the person, and signing out ends it', async () => {
    const node = newId<'EquipmentNode'>()
    const person = await activePerson('signs-out', [{ role: 'operator', nodeId: node }])
    const { token } = await signIn('signs-out')
    const actor = await bySession(token)
    expect(actor).toMatchObject({ id: person.id, kind: 'person', name: 'signs-out', origin: '192.0.2.1' })
    expect(actor.grants.map((grant) => grant.nodeId)).toEqual([node])
    expect(await platform.run(getCurrentSession, actor, {})).toMatchObject({ name: 'signs-out' })
    let ended = 0
    const end = (): void => {
      ended++
    }
    await platform.run(closeSession, actor, {}, { session: { start() {}, end } })
    expect(ended).toBe(1)
    expect((await bySession(token)).kind).toBe('nobody')
    await expect(platform.run(getCurrentSession, actor, {})).rejects.toMatchObject({ code: 'identity.session-absent' })
  })

  test('[A11-12-1!, SR-2.5!, SR-3.8-RE1!] a session ends after half an hour without use, and lives on while it is used', async () => {
    await activePerson('idle')
    const { token } = await signIn('idle')
    for (let n = 0; n < 5; n++) {
      clock.advanceMs(29 * minute)
      expect((await bySession(token)).kind).toBe('person')
    }
    clock.advanceMs(30 * minute)
    expect((await bySession(token)).kind).toBe('nobody')
  })

  test('[A11-12-1!, SR-2.5!] a page that refreshes itself with nobody at it keeps no session alive', async () => {
    await activePerson('walked-away')
    const { token } = await signIn('walked-away')
    for (let n = 0; n < 29; n++) {
      clock.advanceMs(minute)
      expect((await platform.authenticate({ session: token }, null, 'unattended')).kind).toBe('person')
    }
    clock.advanceMs(minute)
    expect((await platform.authenticate({ session: token }, null, 'unattended')).kind).toBe('nobody')
  })

  test('[SR-3.8-RE1!] a session ends after twelve hours also while it is used', async () => {
    await activePerson('long-shift')
    const { token, session } = await signIn('long-shift')
    expect(session.absoluteEndAt - session.openedAt).toBe(12 * hour * 1000)
    for (let n = 0; n < 12 * 3 - 1; n++) {
      clock.advanceMs(20 * minute)
      expect((await bySession(token)).kind).toBe('person')
    }
    clock.advanceMs(20 * minute)
    expect((await bySession(token)).kind).toBe('nobody')
  })

  test('[SR-3.8-RE1!] signing in again ends the session that the browser had', async () => {
    await activePerson('rotates')
    const first = await signIn('rotates')
    const second = await signIn('rotates', password, await bySession(first.token))
    expect(second.token).not.toBe(first.token)
    expect((await bySession(first.token)).kind).toBe('nobody')
    expect((await bySession(second.token)).kind).toBe('person')
  })

  test('[SR-3.8-RE1!, P11-300b-1!] a new password ends all sessions of the person', async () => {
    const person = await activePerson('forgetful')
    const { token } = await signIn('forgetful')
    const link = await platform.run(renewActivation, administrator, { personId: person.id, reason })
    expect((await bySession(token)).kind).toBe('person')
    await platform.run(activatePerson, nobody(null), { token: tokenOf(link.path), password: 'a quite different one' })
    expect((await bySession(token)).kind).toBe('nobody')
    await expect(signIn('forgetful')).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
    await signIn('forgetful', 'a quite different one')
  })

  test('[SR-3.8!] a token that nobody was given is nobody', async () => {
    expect((await bySession('x'.repeat(43))).kind).toBe('nobody')
    expect((await bySession('')).kind).toBe('nobody')
  })
})

describe('disabling', () => {
  test('[P11-100a!, P11-300b-1!, SR-1.3!, SR-3.8-RE1!] a disabled person is out at once, with every link, and stays in the list; others are told', async () => {
    const person = await activePerson('leaves')
    const { token } = await signIn('leaves')
    const link = await platform.run(renewActivation, administrator, { personId: person.id, reason })
    const answer = await platform.run(disablePerson, administrator, { personId: person.id, reason })
    expect(answer.state).toBe('disabled')
    expect((await bySession(token)).kind).toBe('nobody')
    const activation = platform.run(activatePerson, nobody(null), { token: tokenOf(link.path), password })
    await expect(activation).rejects.toMatchObject({ code: 'identity.activation-link-unusable' })
    const listed = await platform.run(listPersons, administrator, {})
    expect(listed.find((each) => each.name === 'leaves')?.state).toBe('disabled')
    expect(listed.map((each) => each.name)).toEqual(listed.map((each) => each.name).sort())
    await platform.idle()
    expect(disabled).toContain(person.id)
    for (const { name } of [disablePerson, renewActivation]) {
      await expect(platform.runByName(name, administrator, { personId: person.id, reason })).rejects.toMatchObject({
        code: 'identity.person-disabled',
      })
    }
  })

  test('[P11-300b-1!] a session that was opened while its person was being disabled speaks for nobody', async () => {
    const person = await activePerson('at-the-door')
    const { token } = await signIn('at-the-door')
    // As if the disabling had committed just before the session's row: nothing has ended the session itself.
    await pastTheDoor(sql`update identity.person set state = 'disabled' where id = ${person.id}`)
    expect((await bySession(token)).kind).toBe('nobody')
  })

  test('[SR-1.3!] the last administrator cannot be disabled, and two cannot disable each other at once', async () => {
    const [one, two] = [
      await activePerson('root-one', [plantWide('administrator')]),
      await activePerson('root-two', [plantWide('administrator')]),
    ]
    const both = await Promise.allSettled(
      [one, two].map((person) => platform.run(disablePerson, administrator, { personId: person.id, reason })),
    )
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((each) => each.status === 'rejected')).toMatchObject({
      reason: { code: 'identity.person-last-administrator' },
    })
  })

  test('a person who does not exist is named', async () => {
    const personId = newId<'Person'>()
    for (const { name } of [disablePerson, renewActivation]) {
      await expect(platform.runByName(name, administrator, { personId, reason })).rejects.toMatchObject({
        kind: 'not-found',
        code: 'identity.person-unknown',
        message: expect.stringContaining(personId),
      })
    }
  })
})

describe('deny by default', () => {
  const stranger = actorWith(['equipment.model.read', 'historian.sample.read'])
  const somewhere = actorWith(
    permissions.filter((permission) => permission.startsWith('identity.')),
    newId<'EquipmentNode'>(),
  )
  const personId = newId<'Person'>()
  const guarded = [
    [listPersons, {}],
    [invitePerson, { name: 'eve', printedName: 'Eve', grants: [plantWide('administrator')], identityChecked }],
    [approvePerson, { personId }],
    [enablePerson, { personId, reason }],
    [setPersonGrants, { personId, grants: [plantWide('administrator')], reason }],
    [renamePerson, { personId, printedName: 'Eve', reason }],
    [listSessions, {}],
    [terminateSession, { sessionId: newId<'Session'>(), reason }],
    [getAccessReport, {}],
    [listAccessReviews, {}],
    [openAccessReview, {}],
    [renewActivation, { personId, reason }],
    [disablePerson, { personId, reason }],
    [listMachineAccounts, {}],
    [createMachineAccount, { name: 'eve-1', grants: [plantWide('edge-agent')] }],
    [revokeMachineAccount, { accountId: newId<'MachineAccount'>(), reason }],
  ] as const

  test.each(guarded.map(([operation, input]) => [operation.name, input] as const))(
    '[SR-2.1!, SR-2.1-RE2!] %s is refused to strangers, to other roles, and to administrators of only a part of the plant',
    async (name, input) => {
      for (const [actor, code] of [
        [nobody(null), 'platform.session-missing'],
        [stranger, 'platform.permission-missing'],
        [somewhere, 'platform.out-of-scope'],
      ] as const) {
        clock.advanceMs(1)
        await expect(platform.runByName(name, actor, input)).rejects.toMatchObject({ code })
        expect((await auditedNow(name)).map((entry) => entry.outcome)).toEqual([code])
      }
    },
  )

  test('[SR-1.1!] signing out and asking who I am need a session', async () => {
    for (const operation of [closeSession, getCurrentSession]) {
      await expect(platform.run(operation, nobody(null), {})).rejects.toMatchObject({ kind: 'unauthenticated' })
    }
    expect(listNodes.permission).not.toBe('anyone')
  })
})
