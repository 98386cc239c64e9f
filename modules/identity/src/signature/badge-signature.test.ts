import { equipmentModule } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import type { RecordRef, Signature, SignatureProof } from '@throughline/model'
import {
  activatePerson,
  approvePerson,
  createNode,
  invitePerson,
  issueBadge,
  listSignatures,
  openSession,
  openSessionWithBadge,
  prepareSignature,
  registerStation,
  setPin,
  signRecord,
} from '@throughline/model'
import type { Actor, RunOptions } from '@throughline/platform'
import { nobody, Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityModule } from '../module.ts'
import { identityChecked, origin, password, plantWide, reason, tokenOf } from '../testing/people.ts'
// States the policy of the records that are signed here.
import './testing/signing.ts'

const pin = '271904'
let database: TestDatabase
let platform: Platform
let clock: HandClock
let mixer: Terminal

const administrator = actorWith([
  'identity.person.read',
  'identity.person.write',
  'identity.station.write',
  'identity.badge.write',
  'equipment.model.write',
])
const approver = actorWith(['identity.person.approve'])

/** A browser that keeps what the plant gives it. */
interface Terminal {
  device: string | null
  session: string | null
}

beforeAll(async () => {
  clock = handClock()
  const modules = [identityModule(), equipmentModule().module]
  database = await createTestDatabase({ modules })
  platform = await Platform.start(database.db, modules, clock, pino({ level: 'silent' }))
  const { id: nodeId } = await platform.run(createNode, administrator, {
    parentId: null,
    level: 'enterprise',
    name: 'acme',
  })
  mixer = { device: null, session: null }
  await platform.run(registerStation, administrator, { name: 'Mixer 1', nodeId, reason }, keeping(mixer))
  for (const name of ['vega', 'altair']) {
    const personId = await active(name)
    await platform.run(issueBadge, administrator, { personId, badge: badgeOf(name), reason })
    await platform.run(setPin, await atDesk(name), { pin, password })
  }
})
afterAll(async () => {
  await platform?.stop()
  await database?.close()
})

const badgeOf = (name: string): string => `04A1-${name}-77`

function keeping(terminal: Terminal): RunOptions {
  return {
    session: {
      start(token) {
        terminal.session = token
      },
      end() {
        terminal.session = null
      },
    },
    terminal: {
      token: terminal.device,
      bind(token) {
        terminal.device = token
      },
    },
  }
}

async function active(name: string): Promise<Id<'Person'>> {
  const wanted = { name, printedName: name, grants: [plantWide('quality')], identityChecked }
  const { person, activation } = await platform.run(invitePerson, administrator, wanted)
  const link = activation ?? (await platform.run(approvePerson, approver, { personId: person.id })).activation
  await platform.run(activatePerson, nobody(origin), { token: tokenOf(link.path), password })
  return person.id
}

const actorAt = ({ session }: Terminal): Promise<Actor> =>
  platform.authenticate(session === null ? {} : { session }, origin)

async function atDesk(name: string): Promise<Actor> {
  const desk: Terminal = { device: null, session: null }
  await platform.run(openSession, nobody(origin), { name, password }, keeping(desk))
  return await actorAt(desk)
}

async function atMixer(name: string): Promise<Actor> {
  await platform.run(openSessionWithBadge, await actorAt(mixer), { badge: badgeOf(name), pin }, keeping(mixer))
  return await actorAt(mixer)
}

async function newRecord(name: string): Promise<RecordRef> {
  const wanted = { name, printedName: name, grants: [plantWide('operator')], identityChecked }
  const { person } = await platform.run(invitePerson, administrator, wanted)
  return { kind: 'identity.person', id: person.id }
}

async function sign(actor: Actor, record: RecordRef, proof: SignatureProof): Promise<Signature> {
  const { current: shown } = await platform.run(prepareSignature, actor, { record })
  return await platform.run(signRecord, actor, { record, signature: { meaning: 'reviewed', reason, shown, proof } })
}

const both = (name: string): SignatureProof => ({ method: 'badge', badge: badgeOf(name), pin })
const pinAlone: SignatureProof = { method: 'badge', pin }

test('[P11-200a1, P11-200a1i] at a station badge and PIN sign; then, in the same series, the PIN alone', async () => {
  const vega = await atMixer('vega')
  const record = await newRecord('badge-first')
  expect((await platform.run(prepareSignature, vega, { record })).methods).toEqual(['badge', 'password'])
  await expect(sign(vega, record, pinAlone)).rejects.toMatchObject({ code: 'identity.signing-component-missing' })
  expect(await sign(vega, record, both('vega'))).toMatchObject({ components: 'badge and PIN', printedName: 'vega' })
  const later = await sign(vega, await newRecord('badge-later'), pinAlone)
  expect(later.components).toBe('PIN, in a series begun with badge and PIN')
})

test('[P11-200a1ii!] a hand-over at the station ends the series, also for whoever takes over again', async () => {
  const first = await atMixer('vega')
  await sign(first, await newRecord('hand-over-1'), both('vega'))
  const record = await newRecord('hand-over-2')
  const next = await atMixer('altair')
  await expect(sign(next, record, pinAlone)).rejects.toMatchObject({ code: 'identity.signing-component-missing' })
  await expect(sign(first, record, pinAlone)).rejects.toMatchObject({ code: 'identity.signing-session-over' })
  const again = await atMixer('vega')
  await expect(sign(again, record, pinAlone)).rejects.toMatchObject({ code: 'identity.signing-component-missing' })
  expect(await platform.run(listSignatures, again, { record })).toEqual([])
})

test("[P11-200a2!] somebody else's badge, a wrong PIN, or a badge away from a station sign nothing", async () => {
  const record = await newRecord('badge-wrong')
  const vega = await atMixer('vega')
  const refused = { code: 'identity.signing-refused' }
  await expect(sign(vega, record, both('altair'))).rejects.toMatchObject(refused)
  await expect(sign(vega, record, { ...both('vega'), pin: '111222' } as SignatureProof)).rejects.toMatchObject(refused)
  const desk = await atDesk('altair')
  expect((await platform.run(prepareSignature, desk, { record })).methods).toEqual(['password'])
  await expect(sign(desk, record, both('altair'))).rejects.toMatchObject(refused)
  expect(await platform.run(listSignatures, desk, { record })).toEqual([])
})
