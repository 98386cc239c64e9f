import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equipmentModule } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import type { Station } from '@throughline/model'
import {
  activatePerson,
  createNode,
  disablePerson,
  getCurrentSession,
  getCurrentStation,
  getOwnBadge,
  invitePerson,
  issueBadge,
  listAuditEntries,
  listBadges,
  listNodes,
  openSession,
  openSessionWithBadge,
  registerStation,
  renewActivation,
  retireStation,
  revokeBadge,
  setPin,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { nobody, Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readOrMakeKey } from '../credential/key-file.ts'
import { identityModule } from '../index.ts'
import { SignInGate } from '../sign-in/gate.ts'
import { badgeKey } from './code.ts'
import { BadgeProof } from './proof.ts'
import { badgesAtStations } from './signing-way.ts'

const password = 'a ladder of brown velvet'
const pin = '271904'
const reason = 'a test of badges'
const minute = 60_000

const folder = mkdtempSync(join(tmpdir(), 'throughline-badge-'))
const keyFile = join(folder, 'identity.key')

let database: TestDatabase
let platform: Platform
let clock: HandClock
let nodeId: Id<'EquipmentNode'>
let mixer: Terminal
const misused: { personId: string; credential: string }[] = []

const administrator = actorWith([
  'identity.person.read',
  'identity.person.write',
  'identity.station.write',
  'identity.badge.write',
  'equipment.model.write',
])

/** A browser at a terminal: it keeps the token of the device and of the session. */
interface Terminal {
  device: string | null
  session: string | null
}

beforeAll(async () => {
  clock = handClock()
  const modules = [identityModule({ keyFile }), equipmentModule().module]
  database = await createTestDatabase({ modules })
  platform = await Platform.start(database.db, modules, clock, pino({ level: 'silent' }))
  platform.on('identity.credential-misused', 'test.listener', async (_, told) => {
    misused.push(told)
  })
  nodeId = (await platform.run(createNode, administrator, { parentId: null, level: 'enterprise', name: 'acme' })).id
  mixer = await station('Mixer 1')
  for (const name of ['vega', 'altair']) await personWithBadge(name)
})
afterAll(async () => {
  await platform.stop()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  clock.advanceMs(16 * minute)
})

const badgeOf = (name: string): string => `04A1-${name}-77`

function effectsOf(terminal: Terminal) {
  return {
    session: {
      start(token: string): void {
        terminal.session = token
      },
      end(): void {
        terminal.session = null
      },
    },
    terminal: {
      token: terminal.device,
      bind(token: string): void {
        terminal.device = token
      },
    },
  }
}

async function station(name: string, more: Partial<Pick<Station, 'kind' | 'signIn'>> = {}): Promise<Terminal> {
  const terminal: Terminal = { device: null, session: null }
  await platform.run(registerStation, administrator, { name, nodeId, reason, ...more }, effectsOf(terminal))
  return terminal
}

async function actorAt(terminal: Terminal, attendance: 'attended' | 'unattended' = 'attended'): Promise<Actor> {
  return terminal.session === null
    ? nobody('192.0.2.1')
    : await platform.authenticate({ session: terminal.session }, '192.0.2.1', attendance)
}

const holdBadge = async (terminal: Terminal, name: string, given = pin) =>
  await platform.run(
    openSessionWithBadge,
    await actorAt(terminal),
    { badge: badgeOf(name), pin: given },
    effectsOf(terminal),
  )

async function activePerson(name: string): Promise<Id<'Person'>> {
  const grants = [{ role: 'operator' as const, nodeId: null }]
  const invited = await platform.run(invitePerson, administrator, {
    name,
    printedName: name,
    grants,
    identityChecked: 'A test knows them',
  })
  const personId = invited.person.id
  const { path } = invited.activation ?? (await platform.run(renewActivation, administrator, { personId, reason }))
  await platform.run(activatePerson, nobody(null), { token: path.split('#')[1] ?? '', password })
  return personId
}

async function signedIn(name: string): Promise<Actor> {
  const desk: Terminal = { device: null, session: null }
  await platform.run(openSession, nobody('192.0.2.2'), { name, password }, effectsOf(desk))
  return await actorAt(desk)
}

async function personWithBadge(name: string): Promise<{ personId: Id<'Person'>; badgeId: Id<'Badge'> }> {
  const personId = await activePerson(name)
  const { id } = await platform.run(issueBadge, administrator, { personId, badge: badgeOf(name), reason })
  await platform.run(setPin, await signedIn(name), { pin, password })
  return { personId, badgeId: id }
}

const refused = { kind: 'unauthenticated', code: 'identity.badge-refused' }

describe('badge and PIN at a station', () => {
  test('[SR-1.1, A11-12-2] a badge and the PIN of its owner sign in; the session is as short as the station says', async () => {
    const session = await holdBadge(mixer, 'vega')
    expect(session).toMatchObject({ name: 'vega', method: 'badge and PIN', idleTimeoutMs: 5 * minute })
    const again = await platform.run(getCurrentSession, await actorAt(mixer), {})
    expect(again.idleTimeoutMs).toBe(5 * minute)
  })

  test('[SR-2.5] a station that nobody touches for five minutes is locked', async () => {
    await holdBadge(mixer, 'vega')
    clock.advanceMs(5 * minute - 1)
    expect((await actorAt(mixer, 'unattended')).kind).toBe('person')
    clock.advanceMs(1)
    expect((await actorAt(mixer)).kind).toBe('nobody')
  })

  test('[P11-10h, SR-1.2] badge and PIN are nothing at a device that is no station', async () => {
    const elsewhere: Terminal = { device: null, session: null }
    const invented: Terminal = { device: 'x'.repeat(43), session: null }
    for (const terminal of [elsewhere, invented]) {
      await expect(holdBadge(terminal, 'vega')).rejects.toMatchObject({
        kind: 'forbidden',
        code: 'identity.station-absent',
      })
    }
  })

  test('a station that takes passwords only takes no badge', async () => {
    const desk = await station('Desk', { signIn: ['password'] })
    await expect(holdBadge(desk, 'vega')).rejects.toMatchObject({ code: 'identity.station-absent' })
  })

  test('[A11-12-2!, P11-200a1!] a badge without its PIN, with another PIN, or with the PIN of somebody without one is refused alike', async () => {
    const without = await activePerson('deneb')
    await platform.run(issueBadge, administrator, { personId: without, badge: badgeOf('deneb'), reason })
    const answers = []
    for (const [name, given] of [
      ['vega', '918273'],
      ['deneb', pin],
      ['nobody', pin],
    ] as const) {
      answers.push(await holdBadge(mixer, name, given).catch(({ code, message }) => ({ code, message })))
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    await expect(holdBadge(mixer, 'vega', '')).rejects.toMatchObject({ code: 'platform.input-invalid' })
  })

  test('readers that give small letters give the same badge', async () => {
    const input = { badge: badgeOf('vega').toLowerCase(), pin }
    expect((await platform.run(openSessionWithBadge, nobody(null), input, effectsOf(mixer))).name).toBe('vega')
  })
})

describe('handing over', () => {
  test('[P11-10g, SR-1.1] the next badge at a running station ends the first session and begins the next, at once', async () => {
    await holdBadge(mixer, 'vega')
    const before = mixer.session
    const { name } = await holdBadge(mixer, 'altair')
    expect(name).toBe('altair')
    expect((await platform.authenticate({ session: before ?? '' }, null)).kind).toBe('nobody')
    expect((await actorAt(mixer)).name).toBe('altair')
  })

  test('a hand-over that is refused leaves the one who works there signed in', async () => {
    await holdBadge(mixer, 'vega')
    await expect(holdBadge(mixer, 'altair', '918273')).rejects.toMatchObject(refused)
    expect((await actorAt(mixer)).name).toBe('vega')
  })
})

describe('a lost badge', () => {
  test('[P11-300c] a revoked badge is refused, its use is recorded and told, and it is never given again', async () => {
    const { personId, badgeId } = await personWithBadge('mira')
    await holdBadge(mixer, 'mira')
    await platform.run(revokeBadge, administrator, { badgeId, reason: 'lost on the way home' })
    misused.length = 0
    await expect(holdBadge(mixer, 'mira')).rejects.toMatchObject(refused)
    await platform.idle()
    expect(misused).toEqual([
      expect.objectContaining({ personId, credential: expect.stringContaining('revoked badge …-77, at Mixer 1') }),
    ])
    const { rows } = await sql<{ outcome: string }>`
      select outcome from platform.audit_entry
      where operation = 'identity.session.open-with-badge' order by seq desc limit 1`.execute(database.db)
    expect(rows).toEqual([{ outcome: 'identity.badge-refused' }])
    const again = platform.run(issueBadge, administrator, { personId, badge: badgeOf('mira'), reason })
    await expect(again).rejects.toMatchObject({ code: 'identity.badge-known' })
    await expect(platform.run(revokeBadge, administrator, { badgeId, reason })).rejects.toMatchObject({
      kind: 'conflict',
    })
  })

  test('[P11-300c!, SR-1.3] whoever is disabled signs in with no badge', async () => {
    const { personId } = await personWithBadge('rigel')
    await platform.run(disablePerson, administrator, { personId, reason })
    await expect(holdBadge(mixer, 'rigel')).rejects.toMatchObject(refused)
  })
})

describe('PINs', () => {
  test('[P11-300d, SR-1.11] five wrong PINs and the right one is refused too, until it is set anew; the password goes on working', async () => {
    const { personId } = await personWithBadge('castor')
    misused.length = 0
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(holdBadge(mixer, 'castor', '918273')).rejects.toMatchObject(refused)
      clock.advanceMs(16 * minute)
    }
    await expect(holdBadge(mixer, 'castor')).rejects.toMatchObject(refused)
    await platform.idle()
    expect(misused.map((told) => told.personId)).toEqual([personId])
    const castor = await signedIn('castor')
    expect(await platform.run(getOwnBadge, castor, {})).toEqual({ badges: 1, pin: 'blocked', proof: 'password' })
    await platform.run(setPin, castor, { pin: '507312', password })
    clock.advanceMs(16 * minute)
    expect((await holdBadge(mixer, 'castor', '507312')).name).toBe('castor')
  })

  test('many tries at once are no more than five', async () => {
    await personWithBadge('pollux')
    const terminals = await Promise.all(['A', 'B', 'C', 'D'].map((name) => station(`Many ${name}`)))
    const tries = terminals.flatMap((terminal) =>
      [1, 2, 3].map(() => holdBadge(terminal, 'pollux', '918273').catch(() => {})),
    )
    await Promise.all(tries)
    const { rows } = await sql<{ failures: number }>`
      select failures from identity.pin_failure where person_id =
        (select id from identity.person where name = 'pollux')`.execute(database.db)
    expect(rows).toEqual([{ failures: 5 }])
  })

  test('[P11-200a1, SR-1.5] a session alone sets no PIN, nor does a wrong password', async () => {
    const vega = await signedIn('vega')
    const wrong = { code: 'identity.password-wrong' }
    await expect(platform.run(setPin, vega, { pin: '507312' })).rejects.toMatchObject(wrong)
    await expect(platform.run(setPin, vega, { pin: '507312', password: 'not it' })).rejects.toMatchObject(wrong)
  })

  test.each(['111111', '123456', '987654', '121212', '123123', '140789', '14071989', '19890714', '012210', '1122'])(
    '%s is too easy',
    async (easy) => {
      await expect(platform.run(setPin, await signedIn('vega'), { pin: easy, password })).rejects.toMatchObject({
        kind: 'invalid',
      })
    },
  )
})

describe('stations', () => {
  test('a device knows which station it is, and other devices are none', async () => {
    const known = await platform.run(getCurrentStation, nobody('192.0.2.1'), {}, effectsOf(mixer))
    expect(known).toMatchObject({ name: 'Mixer 1', nodeId, signIn: ['badge'] })
    expect(await platform.run(getCurrentStation, nobody('192.0.2.1'), {})).toBeNull()
  })

  test('[P11-10h!] a retired station takes no badge any more, and who worked there is signed out', async () => {
    const old = await station('Old mixer')
    await holdBadge(old, 'vega')
    const { id } = (await platform.run(getCurrentStation, nobody(null), {}, effectsOf(old))) ?? { id: '' }
    await platform.run(retireStation, administrator, { stationId: id, reason })
    expect((await actorAt(old)).kind).toBe('nobody')
    await expect(holdBadge(old, 'vega')).rejects.toMatchObject({ code: 'identity.station-absent' })
    await station('Old mixer')
  })

  test('two stations never have one name, and none stands at equipment that is not there', async () => {
    await expect(station('Mixer 1')).rejects.toMatchObject({ code: 'identity.station-name-taken' })
    const nowhere = { name: 'Nowhere', nodeId: crypto.randomUUID() as Id<'EquipmentNode'>, reason }
    await expect(platform.run(registerStation, administrator, nowhere)).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('neither badges, PINs nor the proof of a station can be read anywhere', async () => {
    const { rows } = await sql<{ text: string }>`
      select query_to_xml('select * from ' || table_schema || '.' || table_name, false, false, '')::text as text
      from information_schema.tables where table_schema in ('identity', 'platform') and table_type = 'BASE TABLE'`.execute(
      database.db,
    )
    const all = rows.map(({ text }) => text).join()
    for (const secret of [badgeOf('vega'), badgeOf('mira'), mixer.device ?? '?', '918273'])
      expect(all).not.toContain(secret)
    expect(JSON.stringify(await platform.run(listBadges, administrator, {}))).not.toContain(badgeOf('vega'))
  })
})

describe('a board on the wall', () => {
  let wall: Terminal
  let elsewhere: Id<'EquipmentNode'>
  const at = (terminal: Terminal) =>
    platform.authenticate(
      {
        ...(terminal.session === null ? {} : { session: terminal.session }),
        ...(terminal.device === null ? {} : { terminal: terminal.device }),
      },
      '192.0.2.8',
    )
  beforeAll(async () => {
    const make = (name: string) =>
      platform.run(createNode, administrator, {
        parentId: nodeId,
        level: 'site' as const,
        name,
        timeZone: 'Europe/Berlin',
      })
    elsewhere = (await make('north')).id
    const { id } = await make('south')
    wall = { device: null, session: null }
    const wanted = { name: 'Board 1', nodeId: id, kind: 'wall' as const, signIn: ['badge' as const], reason }
    const { signIn } = await platform.run(registerStation, administrator, wanted, effectsOf(wall))
    expect(signIn).toEqual([])
  })

  test('[SR-2.1] reads at its equipment without a person, however long nobody touches it', async () => {
    clock.advanceMs(30 * 24 * 60 * minute)
    const actor = await at(wall)
    expect(actor).toMatchObject({ kind: 'station', name: 'Board 1', roles: [], sessionId: null })
    expect(actor.grants.map(({ permissions: held }) => [...held].sort())).toEqual([
      ['equipment.model.read', 'performance.read'],
    ])
    expect((await platform.run(listNodes, actor, {})).map(({ name }) => name)).toEqual(['south'])
    expect(await platform.allows(actor, 'performance.read', elsewhere)).toBe(false)
    expect(await platform.findGone([actor])).toEqual(new Set())
  })

  test('[SR-1.1!, SR-2.1!] nobody signs in there, neither by a badge nor by a password, and the trail says at which board it was tried', async () => {
    const only = { kind: 'forbidden', code: 'platform.station-only-shows' }
    const asBoard = await at(wall)
    const badge = { badge: badgeOf('vega'), pin }
    await expect(platform.run(openSessionWithBadge, asBoard, badge, effectsOf(wall))).rejects.toMatchObject(only)
    const known = { name: 'vega', password }
    await expect(platform.run(openSession, asBoard, known, effectsOf(wall))).rejects.toMatchObject(only)
    await expect(platform.run(getCurrentSession, asBoard, {})).rejects.toMatchObject({ kind: 'unauthenticated' })
    await expect(platform.run(listBadges, asBoard, {})).rejects.toMatchObject({ code: 'platform.permission-missing' })
    expect(wall.session).toBeNull()
    // Whoever came without the board's own proof finds no badge in force there either.
    await expect(holdBadge(wall, 'vega')).rejects.toMatchObject({ code: 'identity.station-absent' })
    const trail = await platform.run(listAuditEntries, actorWith(['platform.audit.read']), { actor: asBoard.id })
    expect(trail.map(({ actorName, actorKind, outcome }) => `${actorKind} ${actorName}: ${outcome}`)).toEqual([
      'station Board 1: platform.permission-missing',
      'station Board 1: platform.session-missing',
      'station Board 1: platform.station-only-shows',
      'station Board 1: platform.station-only-shows',
    ])
  })

  test('a person who is signed in at the same device goes before the board, until the session is over', async () => {
    await platform.run(openSession, nobody('192.0.2.8'), { name: 'vega', password }, effectsOf(wall))
    expect(await at(wall)).toMatchObject({ kind: 'person', name: 'vega' })
    clock.advanceMs(31 * minute)
    expect(await at(wall)).toMatchObject({ kind: 'station', name: 'Board 1' })
    wall.session = null
  })

  test('[SR-2.6!] a retired board is gone at once, and its proof is worth nothing', async () => {
    const actor = await at(wall)
    await platform.run(retireStation, administrator, { stationId: actor.id, reason })
    expect(await platform.findGone([actor])).toEqual(new Set([actor]))
    expect((await at(wall)).kind).toBe('nobody')
    expect(await platform.run(getCurrentStation, nobody('192.0.2.8'), {}, effectsOf(wall))).toBeNull()
  })

  test('a terminal where people work reads nothing by itself', async () => {
    expect((await at({ device: mixer.device, session: null })).kind).toBe('nobody')
  })
})

describe('signing with badge and PIN', () => {
  const way = () =>
    badgesAtStations(database.db, new BadgeProof(platform, badgeKey(readOrMakeKey(keyFile)), new SignInGate()))

  async function workingAs(name: string): Promise<{ personId: Id<'Person'>; sessionId: string }> {
    const terminal = await station(`Signing ${crypto.randomUUID()}`)
    await holdBadge(terminal, name)
    const { id, sessionId } = await actorAt(terminal)
    return { personId: id as Id<'Person'>, sessionId: sessionId ?? '' }
  }

  test('[P11-200a1, P11-200a1i] at a station both components prove the signer, and later in the session the PIN alone', async () => {
    const { personId, sessionId } = await workingAs('vega')
    expect(await way().isUsable(personId, sessionId)).toBe(true)
    expect(await way().isRight(personId, sessionId, badgeOf('vega'), pin)).toBe(true)
    expect(await way().isRight(personId, sessionId, undefined, pin)).toBe(true)
  })

  test('[P11-200a2!, P11-300d!] nobody signs with the badge of somebody else, with a wrong PIN, or in a session that no badge opened', async () => {
    const { personId, sessionId } = await workingAs('vega')
    expect(await way().isRight(personId, sessionId, badgeOf('altair'), pin)).toBe(false)
    expect(await way().isRight(personId, sessionId, badgeOf('vega'), '918273')).toBe(false)
    expect(await way().isRight(personId, sessionId, undefined, '918273')).toBe(false)
    const desk = await signedIn('vega')
    expect(await way().isUsable(personId, desk.sessionId ?? '')).toBe(false)
    expect(await way().isRight(personId, desk.sessionId ?? '', badgeOf('vega'), pin)).toBe(false)
  })
})
