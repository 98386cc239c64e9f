import {
  activatePerson,
  invitePerson,
  listAuditEntries,
  listPersons,
  openSession,
  renewActivation,
} from '@throughline/model'
import { nobody, Platform } from '@throughline/platform'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  ensureAdministrator,
  ensureMachineAccount,
  ensurePerson,
  identityModule,
  recoverAdministrator,
} from './index.ts'

let server: TestDatabase
let database: TestDatabase
let platform: Platform

beforeAll(async () => {
  server = await createTestDatabase({ modules: [identityModule()] })
})
afterAll(() => server.close())
beforeEach(async () => {
  database = await server.another()
  platform = await Platform.start(database.db, [identityModule()], handClock(), pino({ level: 'silent' }))
})
afterEach(async () => {
  await platform.stop()
  await database.close()
})

const password = 'correct horse battery'
const use = (path: string | undefined) =>
  platform.run(activatePerson, nobody(null), { token: path?.split('#')[1] ?? '', password })

test('[SR-1.5] the first start creates the administrator; each start until the first password shows a new link', async () => {
  const first = await ensureAdministrator(platform)
  const second = await ensureAdministrator(platform)
  expect(first?.name).toBe('admin')
  expect(second?.path).not.toBe(first?.path)
  await expect(use(first?.path)).rejects.toMatchObject({ code: 'identity.activation-link-unusable' })
  await use(second?.path)
  expect(await ensureAdministrator(platform)).toBeNull()
  const session = await platform.run(openSession, nobody(null), { name: 'admin', password })
  expect(session.permissions).toContain('identity.person.write')
})

test('[SR-1.5!] nobody can sign in before a link was used: there is no default password', async () => {
  await ensureAdministrator(platform)
  for (const guess of ['admin', 'password', 'throughline', '']) {
    const attempt = platform.run(openSession, nobody(`192.0.2.${guess.length}`), { name: 'admin', password: guess })
    await expect(attempt).rejects.toMatchObject({ kind: guess === '' ? 'invalid' : 'unauthenticated' })
  }
})

test('a person of the demo is created once, with a new link until they have a password', async () => {
  const wanted = { name: 'operator', printedName: 'Demo operator', role: 'operator' } as const
  await ensurePerson(platform, wanted)
  const link = await ensurePerson(platform, wanted)
  await use(link?.path)
  expect(await ensurePerson(platform, wanted)).toBeNull()
  const people = await platform.run(listPersons, actorWith(['identity.person.read']), {})
  expect(people).toMatchObject([{ name: 'operator', state: 'active', grants: [{ role: 'operator', nodeId: null }] }])
})

test('[SR-1.5] a machine account is created once; its key is answered once', async () => {
  const key = await ensureMachineAccount(platform, 'edge-1', ['edge-agent'])
  expect((await platform.authenticate({ apiKey: key ?? '' }, null)).name).toBe('edge-1')
  expect(await ensureMachineAccount(platform, 'edge-1', ['edge-agent'])).toBeNull()
  expect(await ensureMachineAccount(platform, 'edge-1', ['edge-agent'], key)).toBeNull()
})

test.each([null, 'tl_not-the-key-of-anybody'])(
  'a program whose key is lost (%s) gets a new one, and the old one dies',
  async (held) => {
    const lost = await ensureMachineAccount(platform, 'edge-1', ['edge-agent', 'operator'])
    const found = await ensureMachineAccount(platform, 'edge-1', ['edge-agent', 'operator'], held)
    expect((await platform.authenticate({ apiKey: lost ?? '' }, null)).kind).toBe('nobody')
    const actor = await platform.authenticate({ apiKey: found ?? '' }, null)
    expect(actor).toMatchObject({ kind: 'machine', name: 'edge-1' })
    expect(actor.grants).toHaveLength(2)
  },
)

const administratorReady = async (name = 'admin') => {
  const link =
    name === 'admin'
      ? await ensureAdministrator(platform)
      : await ensurePerson(platform, { name, printedName: name, role: 'administrator' })
  await use(link?.path)
}

test('[P11-200a2/3, SR-1.3] the only administrator who forgot the password gets a link on the own machine of the plant, and the trail has it', async () => {
  await administratorReady()
  const { name, path } = await recoverAdministrator(platform)
  expect(name).toBe('admin')
  // Until it is used, nothing has changed for the administrator.
  await platform.run(openSession, nobody(null), { name: 'admin', password })
  const token = path.split('#')[1] ?? ''
  await platform.run(activatePerson, nobody(null), { token, password: 'a quite different one' })
  await platform.run(openSession, nobody('192.0.2.9'), { name: 'admin', password: 'a quite different one' })
  const entries = await platform.run(listAuditEntries, actorWith(['platform.audit.read']), {
    actor: 'identity.recovery',
  })
  expect(entries.map(({ operation }) => operation)).toContain(renewActivation.name)
  expect(entries[0]).toMatchObject({ actorKind: 'system', reason: "Recovery from the plant's own machine" })
})

test('[P11-200a2/3!] where there are several administrators, the one is named; nobody else is let in that way', async () => {
  await administratorReady()
  await administratorReady('second')
  await use((await ensurePerson(platform, { name: 'operator', printedName: 'Operator', role: 'operator' }))?.path)
  for (const wrong of [undefined, 'operator', 'nobody-here']) {
    await expect(recoverAdministrator(platform, wrong)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'identity.administrator-unknown',
      message: expect.stringContaining('admin, second'),
    })
  }
  expect((await recoverAdministrator(platform, 'second')).name).toBe('second')
})

test('[P11-100b] with one administrator alone, the first colleague needs no approval; once that one has an account, the next does', async () => {
  await administratorReady()
  const admin = await platform.run(openSession, nobody(null), { name: 'admin', password }, { session: keep })
  expect(admin.name).toBe('admin')
  const actor = await platform.authenticate({ session: kept }, null)
  const invite = (name: string) =>
    platform.run(invitePerson, actor, {
      name,
      printedName: name,
      grants: [{ role: 'quality', nodeId: null }],
      identityChecked: 'known from school',
    })
  const first = await invite('first')
  expect(first.activation).not.toBeNull()
  // As long as the link lies unused there is still nobody who could approve.
  expect((await invite('second')).activation).not.toBeNull()
  await use(first.activation?.path)
  expect((await invite('third')).activation).toBeNull()
})

let kept = ''
const keep = {
  start(token: string) {
    kept = token
  },
  end() {},
}
