import {
  activatePerson,
  changePassword,
  disablePerson,
  getCurrentSession,
  invitePerson,
  listPersons,
  openSession,
  renewActivation,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { nobody, Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityModule } from '../index.ts'
import { Directory } from './directory.ts'
import type { DirectorySettings } from './settings.ts'
import type { Slapd } from './testing/slapd.ts'
import { slapdPassword, starPassword, startSlapd } from './testing/slapd.ts'

const log = pino({ level: 'silent' })
const password = 'a ladder of brown velvet'
let slapd: Slapd
let database: TestDatabase
let platform: Platform
let clock: HandClock
let settings: DirectorySettings

const administrator = actorWith(['identity.person.read', 'identity.person.write'])
const reason = 'a test of the directory'

beforeAll(async () => {
  ;[slapd, database] = await Promise.all([startSlapd(), createTestDatabase({ modules: [identityModule()] })])
  clock = handClock()
  settings = {
    name: 'plant',
    label: 'Plant directory',
    url: `ldap://127.0.0.1:${slapd.port}`,
    startTls: false,
    ca: null,
    bindDn: slapd.bindDn,
    bindPassword: slapdPassword,
    base: slapd.base,
    nameAttribute: 'uid',
    idAttribute: 'entryUUID',
    printedNameAttribute: 'cn',
    objectClass: 'person',
    groups: { by: 'search', base: `ou=groups,${slapd.base}`, memberAttribute: 'member' },
    roles: [
      { value: `CN=Operators, ou=groups,${slapd.base}`, role: 'operator' },
      { value: `cn=engineers,ou=groups,${slapd.base}`, role: 'engineer' },
    ],
    timeoutMs: 3000,
  }
  platform = await Platform.start(database.db, [identityModule({ directory: settings })], clock, log)
})
afterAll(async () => {
  await platform?.stop()
  await Promise.all([slapd?.close(), database?.close()])
})
beforeEach(() => {
  // What one test tried wrongly must not delay the next.
  clock.advanceMs(16 * 60_000)
})

async function signIn(name: string, secret: string, actor: Actor = nobody('192.0.2.1')) {
  let token = ''
  const start = (given: string): void => {
    token = given
  }
  const session = await platform.run(openSession, actor, { name, password: secret }, { session: { start, end() {} } })
  return { session, token }
}

async function localPerson(name: string, role: 'operator' | 'administrator' = 'operator'): Promise<void> {
  const grants = [{ role, nodeId: null }]
  const identityChecked = 'A test knows them'
  const invited = await platform.run(invitePerson, administrator, { name, printedName: name, grants, identityChecked })
  const { path } =
    invited.activation ?? (await platform.run(renewActivation, administrator, { personId: invited.person.id, reason }))
  await platform.run(activatePerson, nobody(null), { token: path.split('#')[1] ?? '', password })
}

const personCalled = async (name: string) =>
  (await platform.run(listPersons, administrator, {})).find((person) => person.name === name)

const proverWith = (more: Partial<DirectorySettings>): Directory => new Directory({ ...settings, ...more }, clock, log)

describe('signing in with a password of the directory', () => {
  test('[SR-1.1, SR-1.3-RE1, P11-10d] whoever a group gives a role, by way of other groups too, signs in and is a person from then on', async () => {
    const { token } = await signIn('Sirius ', starPassword('sirius'))
    const session = await platform.run(getCurrentSession, await platform.authenticate({ session: token }, null), {})
    expect(session).toMatchObject({ name: 'sirius', printedName: 'Sirius' })
    expect(session.grants).toEqual([{ role: 'operator', nodeId: null }])
  })

  test('[SR-2.1!] the right password of somebody without a role opens nothing, and makes no person', async () => {
    await expect(signIn('polaris', starPassword('polaris'))).rejects.toMatchObject({
      code: 'identity.outside-role-missing',
    })
    expect(await personCalled('polaris')).toBeUndefined()
  })

  test('[SR-1.10] wrong password, unknown name, disabled there and disabled here are answered in the same words', async () => {
    await signIn('procyon', starPassword('procyon'))
    const answers = []
    for (const [name, secret] of [
      ['sirius', 'not the password'],
      ['nobody-at-all', 'not the password'],
      ['capella', starPassword('capella')],
    ] as const) {
      answers.push(await signIn(name, secret).catch(({ code, message }) => ({ code, message })))
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ code: 'identity.sign-in-refused' })
  })

  test('[SR-1.3, SR-1.3-RE1] roles follow the groups at each sign-in', async () => {
    await signIn('procyon', starPassword('procyon'))
    slapd.modify(
      `dn: cn=operators,ou=groups,${slapd.base}\nchangetype: modify\nadd: member\nmember: uid=procyon,ou=people,${slapd.base}\n`,
    )
    const { session } = await signIn('procyon', starPassword('procyon'))
    expect(session.grants.map(({ role }) => role).sort()).toEqual(['engineer', 'operator'])
    slapd.modify(
      `dn: cn=operators,ou=groups,${slapd.base}\nchangetype: modify\ndelete: member\nmember: uid=procyon,ou=people,${slapd.base}\n`,
    )
  })

  test('[P11-10d!, SR-1.3] whoever is disabled here stays out, whatever the directory says', async () => {
    slapd.modify(
      `dn: uid=castor,ou=people,${slapd.base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: castor\ncn: Castor\nsn: Star\nuserPassword: ${starPassword('castor')}\n`,
    )
    slapd.modify(
      `dn: cn=engineers,ou=groups,${slapd.base}\nchangetype: modify\nadd: member\nmember: uid=castor,ou=people,${slapd.base}\n`,
    )
    await signIn('castor', starPassword('castor'))
    const { id } = (await personCalled('castor')) ?? { id: '' }
    await platform.run(disablePerson, administrator, { personId: id, reason })
    await expect(signIn('castor', starPassword('castor'))).rejects.toMatchObject({
      code: 'identity.person-disabled-here',
    })
  })

  test('[P11-100a, SR-1.4] a name that is given to somebody else in the directory does not become the person who had it', async () => {
    const add = (): void =>
      slapd.modify(
        `dn: uid=pollux,ou=people,${slapd.base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: pollux\ncn: Pollux\nsn: Star\nuserPassword: ${starPassword('pollux')}\n`,
      )
    add()
    slapd.modify(
      `dn: cn=engineers,ou=groups,${slapd.base}\nchangetype: modify\nadd: member\nmember: uid=pollux,ou=people,${slapd.base}\n`,
    )
    await signIn('pollux', starPassword('pollux'))
    slapd.modify(`dn: uid=pollux,ou=people,${slapd.base}\nchangetype: delete\n`)
    add()
    await expect(signIn('pollux', starPassword('pollux'))).rejects.toMatchObject({
      code: 'identity.outside-name-taken',
    })
  })

  test('nobody gets a password of this plant beside the one in the directory', async () => {
    await signIn('sirius', starPassword('sirius'))
    const { id } = (await personCalled('sirius')) ?? { id: '' }
    const refused = { code: 'identity.password-elsewhere' }
    await expect(platform.run(renewActivation, administrator, { personId: id, reason })).rejects.toMatchObject(refused)
    const { token } = await signIn('sirius', starPassword('sirius'))
    const actor = await platform.authenticate({ session: token }, null)
    const input = { oldPassword: starPassword('sirius'), newPassword: 'a ladder of brown velvet' }
    await expect(platform.run(changePassword, actor, input)).rejects.toMatchObject(refused)
  })

  test('[SR-1.11] guessing at a name of the directory is slowed down like at any other', async () => {
    const attempts = []
    for (let each = 0; each < 5; each++) attempts.push(await signIn('sirius', 'a guess').catch(({ kind }) => kind))
    expect(attempts.at(0)).toBe('unauthenticated')
    expect(attempts.at(-1)).toBe('too-many')
  })

  test('the password is in no table and in no entry', async () => {
    await signIn('sirius', starPassword('sirius'))
    const { rows } = await sql<{ text: string }>`
      select text from platform.audit_entry union all select text from platform.record_change`.execute(database.db)
    expect(rows.map(({ text }) => text).join()).not.toContain(starPassword('sirius'))
    const kept = await sql<{
      hash: string | null
    }>`select password_hash as hash from identity.person where name = 'sirius'`.execute(database.db)
    expect(kept.rows).toEqual([{ hash: null }])
  })
})

describe('a local person comes first', () => {
  test('[SR-1.1!] a name that a person of this plant has is never asked of the directory', async () => {
    slapd.modify(
      `dn: uid=rigel,ou=people,${slapd.base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: rigel\ncn: Rigel\nsn: Star\nuserPassword: ${starPassword('rigel')}\n`,
    )
    await localPerson('rigel')
    await signIn('rigel', password)
    await expect(signIn('rigel', starPassword('rigel'))).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
  })
})

describe('names and passwords that try more than that', () => {
  test.each(['*', 'siri*', 'sirius)(uid=*', '*)(|(uid=*', 'sirius\\00', '\\2a', 'sirius)(&)', ')(cn=*)(|'])(
    '[SR-3.5] %s is nobody',
    async (name) => {
      expect(await proverWith({}).prove(name, starPassword('sirius'))).toBeUndefined()
    },
  )

  test('[SR-1.5] an empty password proves nobody, though the directory itself would let it pass', async () => {
    expect(await proverWith({}).prove('sirius', '')).toBeUndefined()
    await expect(signIn('sirius', '')).rejects.toMatchObject({ code: 'platform.input-invalid' })
  })

  test('two entries of one name are nobody', async () => {
    slapd.modify(
      `dn: uid=double,ou=people,${slapd.base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: double\ncn: D\nsn: S\nuserPassword: x\n\ndn: cn=second,ou=people,${slapd.base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: double\ncn: second\nsn: S\nuserPassword: x\n`,
    )
    expect(await proverWith({}).prove('double', 'x')).toBeUndefined()
  })
})

describe('groups', () => {
  test('are found by the entry of the person too, and through a circle of groups', async () => {
    const entry = await proverWith({ groups: { by: 'memberOf' } }).prove('sirius', starPassword('sirius'))
    const names = ['day-shift', 'night-shift', 'operators'].map((name) => `cn=${name},ou=groups,${slapd.base}`)
    expect([...(entry?.groups ?? [])].sort()).toEqual(names)
  })
})

describe('the line to the directory', () => {
  test('[SR-3.1, SR-4.1] passwords travel encrypted: by TLS from the start, or after STARTTLS', async () => {
    const secret = starPassword('sirius')
    const tls = proverWith({ url: `ldaps://127.0.0.1:${slapd.tlsPort}`, ca: slapd.ca })
    const startTls = proverWith({ startTls: true, ca: slapd.ca })
    expect((await tls.prove('sirius', secret))?.name).toBe('sirius')
    expect((await startTls.prove('sirius', secret))?.name).toBe('sirius')
  })

  test('[SR-1.8!] a directory whose certificate is from somebody else is not spoken to', async () => {
    for (const more of [{ url: `ldaps://127.0.0.1:${slapd.tlsPort}` }, { startTls: true }]) {
      await expect(proverWith(more).prove('sirius', starPassword('sirius'))).rejects.toMatchObject({
        code: 'identity.directory-unavailable',
      })
    }
  })

  test('a wrong account for searching is a trouble of the directory, and not of who signs in', async () => {
    await expect(proverWith({ bindPassword: 'wrong' }).prove('sirius', starPassword('sirius'))).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })
})

describe('without the directory', () => {
  test('[SR-7.4] one that hangs or is gone is named, and people of this plant sign in as ever', async () => {
    await localPerson('admin', 'administrator')
    slapd.freeze()
    await expect(signIn('sirius', starPassword('sirius'))).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'identity.directory-unavailable',
    })
    slapd.thaw()
    // Left alone for ten seconds, so that nobody waits for it at each sign-in; then asked again.
    await expect(signIn('sirius', starPassword('sirius'))).rejects.toMatchObject({ kind: 'unavailable' })
    clock.advanceMs(10_000)
    expect((await signIn('sirius', starPassword('sirius'))).session.name).toBe('sirius')
    await slapd.kill()
    await expect(signIn('sirius', starPassword('sirius'))).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await signIn('admin', password)).session.name).toBe('admin')
  })

  test('[SR-1.10!] while it is gone, a wrong password of a local person is answered like an unknown name', async () => {
    const [local, unknown] = await Promise.all(
      ['rigel', 'nobody-at-all'].map((name) => signIn(name, 'wrong').catch(({ code, message }) => ({ code, message }))),
    )
    expect(local).toEqual(unknown)
  })
})
