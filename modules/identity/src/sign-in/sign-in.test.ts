import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant } from '@throughline/kernel'
import { activatePerson, getSignInNotice, invitePerson, openSession } from '@throughline/model'
import { nobody, Platform, systemActor } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityModule } from '../module.ts'
import type { People } from '../testing/people.ts'
import { identityChecked, password, plantWide, startPeople, tokenOf } from '../testing/people.ts'
import { listFailures } from './failure-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-sign-in-'))
const list = join(folder, 'breached.txt')
const useNotice = 'For people of the plant. What you do here is recorded.'
const stolenLater = 'blue kettle singing softly'

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase()

let people: People
const limits: { name: string; origin: string | null; at: Instant }[] = []
beforeAll(async () => {
  writeFileSync(list, `${['every old password', 'stolen from a shop'].map(sha1).sort().join(':7\n')}:7\n`)
  people = await startPeople({
    breachedPasswords: list,
    useNotice,
    plantWords: async () => ['Aurora', 'Nordhafen'],
  })
  people.platform.on('identity.sign-in-limit-met', 'test.listener', async (_uow, told) => {
    limits.push(told)
  })
})
afterAll(async () => {
  await people.close()
  rmSync(folder, { recursive: true, force: true })
})

const attempt = (name: string, secret: string, from: string, platform = people.platform) =>
  platform.run(openSession, nobody(from), { name, password: secret }).then(
    () => 'in',
    (error: { code: string }) => error.code,
  )

/** The one-time link of somebody new. */
async function linkOf(name: string): Promise<string> {
  const wanted = { name, printedName: 'Vega Lind', grants: [plantWide('operator')], identityChecked }
  const { activation } = await people.platform.run(invitePerson, systemActor('identity.setup'), wanted)
  return tokenOf(activation?.path ?? '')
}

describe('a password that is on the list of stolen ones', () => {
  test('[P11-300b!, SR-1.7!] is refused when it is set, and so are words of the person and the plant', async () => {
    const token = await linkOf('chooses')
    for (const [secret, rule] of [
      ['stolen from a shop', 'listed'],
      ['nordhafen2026', 'plant-name'],
      ['vegalind-1999', 'own-name'],
    ]) {
      await expect(
        people.platform.run(activatePerson, nobody(null), { token, password: secret ?? '' }),
      ).rejects.toMatchObject({ kind: 'invalid', code: 'identity.password-obvious', details: { rule } })
    }
    await people.platform.run(activatePerson, nobody(null), { token, password })
  })

  test('[P11-300b!] and was stolen since it was set, lets nobody in until it is changed, which the sign-in itself does', async () => {
    const token = await linkOf('was-stolen')
    await people.platform.run(activatePerson, nobody(null), { token, password: stolenLater })
    expect(await attempt('was-stolen', stolenLater, '192.0.2.1')).toBe('in')
    writeFileSync(list, `${['every old password', 'stolen from a shop', stolenLater].map(sha1).sort().join('\n')}\n`)
    const platform = await restarted()
    try {
      expect(await attempt('was-stolen', stolenLater, '192.0.2.1', platform)).toBe('identity.password-change-needed')
      expect(await attempt('was-stolen', 'a wrong password', '192.0.2.1', platform)).toBe('identity.sign-in-refused')
      const change = (newPassword: string) =>
        platform.run(openSession, nobody('192.0.2.1'), { name: 'was-stolen', password: stolenLater, newPassword })
      await expect(change('stolen from a shop')).rejects.toMatchObject({ code: 'identity.password-obvious' })
      await expect(change(stolenLater)).rejects.toMatchObject({ code: 'identity.password-obvious' })
      expect((await change('green lantern swinging slowly')).name).toBe('was-stolen')
      expect(await attempt('was-stolen', stolenLater, '192.0.2.1', platform)).toBe('identity.sign-in-refused')
      expect(await attempt('was-stolen', 'green lantern swinging slowly', '192.0.2.1', platform)).toBe('in')
    } finally {
      await platform.stop()
    }
  })
})

const restarted = () =>
  Platform.start(
    people.database.db,
    [identityModule({ breachedPasswords: list })],
    people.clock,
    pino({ level: 'silent' }),
  )

describe('failed attempts', () => {
  test('[P11-300d!, SR-1.11!] are remembered across a restart of the server', async () => {
    await people.active('attacked')
    for (let n = 0; n < 3; n++) await attempt('attacked', 'a wrong password', '203.0.113.1')
    expect(await attempt('attacked', password, '203.0.113.1')).toBe('identity.sign-in-delayed')
    await waitFor(async () => {
      const known = await listFailures(people.database.db, 'sign-in', people.clock.now())
      return known.some(
        ({ kind, key, failures }) => kind === 'pair' && key === '203.0.113.1 attacked' && failures === 3,
      )
    }, 'the attempts to be written down')
    const platform = await restarted()
    try {
      expect(await attempt('attacked', password, '203.0.113.1', platform)).toBe('identity.sign-in-delayed')
      expect(await attempt('attacked', password, '192.0.2.1', platform)).toBe('in')
      people.clock.advanceMs(1000)
      expect(await attempt('attacked', password, '203.0.113.1', platform)).toBe('in')
    } finally {
      await platform.stop()
    }
  })

  test('[P11-300d!, P11-300d-1!] are told at once, and stand in the trail, when the free ones are used up', async () => {
    await people.active('watched')
    for (let n = 0; n < 3; n++) await attempt('watched', 'a wrong password', '203.0.113.2')
    const told = await waitFor(() => limits.find(({ name }) => name === 'watched'), 'the event')
    expect(told).toEqual({ name: 'watched', origin: '203.0.113.2', at: people.clock.now() })
    const { rows } = await sql<{ actor: string; outcome: string }>`
      select actor, outcome from platform.audit_entry
      where operation = 'identity.sign-in.limit-met' and text like '%"name":"watched"%'`.execute(people.database.db)
    expect(rows).toEqual([{ actor: 'identity.gate', outcome: 'done' }])
  })

  test('a right password is told to nobody', async () => {
    await people.active('unremarkable')
    for (let n = 0; n < 5; n++) expect(await attempt('unremarkable', password, '192.0.2.3')).toBe('in')
    await people.platform.idle()
    expect(limits.some(({ name }) => name === 'unremarkable')).toBe(false)
  })

  test('what is older than a quarter of an hour is dropped from the database', async () => {
    await attempt('somebody', 'a wrong password', '203.0.113.3')
    const kept = async () => (await listFailures(people.database.db, 'sign-in', 0 as Instant)).map(({ key }) => key)
    await waitFor(async () => (await kept()).includes('somebody'), 'the attempt to be written down')
    people.clock.advanceMs(16 * 60_000)
    await attempt('somebody-else', 'a wrong password', '203.0.113.4')
    await waitFor(async () => !(await kept()).includes('somebody'), 'the old attempt to be dropped')
    expect(await kept()).toContain('somebody-else')
  })
})

describe('before anybody is known', () => {
  test('[SR-1.12] the plant’s notice of use is told to whoever asks', async () => {
    expect(await people.platform.run(getSignInNotice, nobody(null), {})).toEqual({ useNotice, passkeyOrigin: null })
  })

  test('[SR-1.5!] nobody has a password that they did not set: an invited person is refused with any', async () => {
    await linkOf('not-yet')
    for (const secret of ['', 'not-yet', 'password', 'admin', 'Throughline', 'changeme']) {
      const outcome = await people.platform
        .runByName(openSession.name, nobody('192.0.2.50'), { name: 'not-yet', password: secret })
        .then(
          () => 'in',
          (error: { kind: string }) => error.kind,
        )
      expect(['unauthenticated', 'invalid', 'too-many']).toContain(outcome)
    }
  })
})
