import { newId } from '@throughline/kernel'
import {
  closeSession,
  disablePerson,
  getCurrentSession,
  listAuditEntries,
  listOwnSessions,
  listPersons,
  listSessions,
  lockSession,
  terminateOwnSession,
  terminateSession,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { People } from '../testing/people.ts'
import { plantWide, reason, startPeople } from '../testing/people.ts'
import { deviceIn } from './device.ts'
import { isLocked } from './rules.ts'

const minute = 60_000
const overseer = actorWith(['identity.session.read', 'identity.session.terminate'])

let people: People
beforeAll(async () => {
  people = await startPeople()
})
afterAll(() => people.close())

const idOf = async (token: string) => (await people.by(token)).sessionId ?? ''

describe('looking at sessions', () => {
  test('[SR-2.7, SR-3.8] a person sees their own open sessions and nobody else’s, the present one marked', async () => {
    await people.active('two-screens')
    await people.active('somebody-else')
    const first = await people.signIn(
      'two-screens',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    )
    people.clock.advanceMs(2 * minute)
    const second = await people.signIn('two-screens')
    await people.signIn('somebody-else')
    const own = await people.platform.run(listOwnSessions, await people.by(second.token), {})
    expect(own.map(({ id, current }) => ({ id, current }))).toEqual([
      { id: await idOf(second.token), current: true },
      { id: await idOf(first.token), current: false },
    ])
    expect(own[1]).toMatchObject({
      device: 'Firefox on Linux',
      origin: '192.0.2.1',
      method: 'password',
      lockedAt: null,
    })
  })

  test('who may see everybody’s sessions sees those that are open, and none that is over', async () => {
    const person = await people.active('comes-and-goes')
    await people.signIn('comes-and-goes')
    const seen = async () =>
      (await people.platform.run(listSessions, overseer, {})).filter(({ personId }) => personId === person.id)
    expect(await seen()).toHaveLength(1)
    people.clock.advanceMs(30 * minute)
    expect(await seen()).toEqual([])
  })
})

test('[SR-2.6!, SR-2.7!] a session with a shorter time of its own is over, unlisted and gone from open lines at that very time', async () => {
  const person = await people.active('at-a-station')
  const { token } = await people.signIn('at-a-station')
  const actor = await people.by(token)
  await sql`update identity.session set idle_timeout_ms = 60000 where id = ${actor.sessionId}`.execute(
    people.database.db,
  )
  const seen = async () => {
    const open = await people.platform.run(listSessions, overseer, {})
    const gone = await people.platform.findGone([actor])
    return { listed: open.some(({ personId }) => personId === person.id), gone: gone.has(actor) }
  }
  people.clock.advanceMs(minute - 1)
  expect(await seen()).toEqual({ listed: true, gone: false })
  people.clock.advanceMs(1)
  expect(await seen()).toEqual({ listed: false, gone: true })
  expect((await people.by(token)).kind).toBe('nobody')
})

describe('ending sessions from elsewhere', () => {
  test('[SR-2.6!, P11-300b-1!] a terminated session is nobody at once, and the reason stays', async () => {
    await people.active('left-open')
    const { token } = await people.signIn('left-open')
    const sessionId = await idOf(token)
    await people.platform.run(terminateSession, overseer, { sessionId, reason: 'laptop stolen' })
    expect((await people.by(token)).kind).toBe('nobody')
    const [entry] = await people.platform.run(listAuditEntries, actorWith(['platform.audit.read']), {
      operation: terminateSession.name,
      limit: 1,
    })
    expect(entry).toMatchObject({ actor: overseer.id, reason: 'laptop stolen', outcome: 'done' })
    const kept = await sql`select ended_by, ended_reason from identity.session where id = ${sessionId}`.execute(
      people.database.db,
    )
    expect(kept.rows).toEqual([{ ended_by: 'termination', ended_reason: 'laptop stolen' }])
    const again = people.platform.run(terminateSession, overseer, { sessionId, reason })
    await expect(again).rejects.toMatchObject({ kind: 'not-found', code: 'identity.session-unknown' })
  })

  test('[SR-2.6] a person ends another session of their own, and not the one they use', async () => {
    await people.active('at-two-desks')
    const [far, near] = [await people.signIn('at-two-desks'), await people.signIn('at-two-desks')]
    const actor = await people.by(near.token)
    const current = people.platform.run(terminateOwnSession, actor, { sessionId: await idOf(near.token) })
    await expect(current).rejects.toMatchObject({ kind: 'conflict', code: 'identity.session-current' })
    await people.platform.run(terminateOwnSession, actor, { sessionId: await idOf(far.token) })
    expect((await people.by(far.token)).kind).toBe('nobody')
    expect((await people.by(near.token)).kind).toBe('person')
  })

  test('[SR-2.6!, SR-3.8!] somebody else’s session is not ended, and answered like one that is not there', async () => {
    await people.active('victim')
    await people.active('meddler')
    const [theirs, mine] = [await people.signIn('victim'), await people.signIn('meddler')]
    const actor = await people.by(mine.token)
    const answers = await Promise.allSettled([
      people.platform.run(terminateOwnSession, actor, { sessionId: await idOf(theirs.token) }),
      people.platform.run(terminateOwnSession, actor, { sessionId: newId<'Session'>() }),
    ])
    const codes = answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'done'))
    expect(codes).toEqual(['identity.session-unknown', 'identity.session-unknown'])
    expect((await people.by(theirs.token)).kind).toBe('person')
  })

  test('[SR-2.6!] without the permission nobody’s session is seen or ended, and software has none of its own', async () => {
    await people.active('curious')
    const { token } = await people.signIn('curious')
    const actor = await people.by(token)
    const sessionId = await idOf(token)
    await expect(people.platform.run(listSessions, actor, {})).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(people.platform.run(terminateSession, actor, { sessionId, reason })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    const machine = { ...overseer, kind: 'machine' as const, sessionId: null }
    for (const { name } of [listOwnSessions, lockSession]) {
      await expect(people.platform.runByName(name, machine, {})).rejects.toMatchObject({ kind: 'not-found' })
    }
  })
})

describe('as many sessions as the policy allows', () => {
  test('[SR-2.7!] the sixth sign-in ends the session that was longest without a person at it', async () => {
    await people.active('everywhere')
    const tokens: string[] = []
    for (let n = 0; n < 5; n++) {
      tokens.push((await people.signIn('everywhere')).token)
      people.clock.advanceMs(2 * minute)
    }
    // The oldest is the one in use; the second is on a screen that nobody touches.
    await people.by(tokens[0] ?? '')
    await people.platform.authenticate({ session: tokens[1] ?? '' }, null, 'unattended')
    people.clock.advanceMs(minute)
    const sixth = await people.signIn('everywhere')
    const kinds = await Promise.all([...tokens, sixth.token].map(async (token) => (await people.by(token)).kind))
    expect(kinds).toEqual(['person', 'nobody', 'person', 'person', 'person', 'person'])
    const ended = await sql`
      select ended_by from identity.session join identity.person on person.id = person_id
      where name = 'everywhere' and ended_at is not null`.execute(people.database.db)
    expect(ended.rows).toEqual([{ ended_by: 'limit' }])
  })

  test('[SR-2.7!] eight sign-ins at the same moment leave five sessions', async () => {
    const person = await people.active('in-a-hurry')
    // From as many desks: the gate before the password lets three at once pass from one.
    await Promise.all(Array.from({ length: 8 }, (_, n) => people.signIn('in-a-hurry', undefined, `198.51.100.${n}`)))
    const open = await people.platform.run(listSessions, overseer, {})
    expect(open.filter(({ personId }) => personId === person.id)).toHaveLength(5)
  })
})

describe('a locked session', () => {
  test('[SR-2.5] does nothing until its person proves anew who they are, but signing out and saying whose it is', async () => {
    await people.active('at-the-kiosk', [plantWide('administrator')])
    const { token } = await people.signIn('at-the-kiosk')
    people.clock.advanceMs(minute)
    const locked = await people.platform.run(lockSession, await people.by(token), {})
    expect(locked.lockedAt).toBe(people.clock.now())
    const actor = await people.by(token)
    expect(actor.locked).toBe(true)
    await expect(people.platform.run(listPersons, actor, {})).rejects.toMatchObject({
      kind: 'unauthenticated',
      code: 'identity.session-locked',
    })
    await expect(people.platform.run(listOwnSessions, actor, {})).rejects.toMatchObject({
      code: 'identity.session-locked',
    })
    expect((await people.platform.run(getCurrentSession, actor, {})).lockedAt).toBe(locked.lockedAt)
    expect([...(await people.platform.findGone([actor]))]).toEqual([actor])
    await people.platform.run(closeSession, actor, {})
    expect((await people.by(token)).kind).toBe('nobody')
  })

  test('[SR-2.5!] a proof before the lock does not open it, one after it does', () => {
    const at = people.clock.now()
    const later = people.clock.advanceMs(1)
    expect(isLocked({ lockedAt: null, provedAt: at })).toBe(false)
    expect(isLocked({ lockedAt: at, provedAt: at })).toBe(true)
    expect(isLocked({ lockedAt: later, provedAt: at })).toBe(true)
    expect(isLocked({ lockedAt: at, provedAt: later })).toBe(false)
  })
})

test('[SR-2.6!] a session of somebody who was disabled is not listed', async () => {
  const person = await people.active('gone-now')
  await people.signIn('gone-now')
  await people.platform.run(disablePerson, people.inviter, { personId: person.id, reason })
  const open = await people.platform.run(listSessions, overseer, {})
  expect(open.filter(({ personId }) => personId === person.id)).toEqual([])
})

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; tablet) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Chrome on Android',
  ],
  ['node', 'Command line'],
  ['reader\u0007/1.0', 'reader/1.0'],
  ['  ', null],
  [undefined, null],
])('a program that calls itself %s is shown as %s', (userAgent, shown) => {
  expect(deviceIn(userAgent)).toBe(shown)
})
