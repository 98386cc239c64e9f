import { newId } from '@throughline/kernel'
import {
  activatePerson,
  approvePerson,
  createMachineAccount,
  disablePerson,
  enablePerson,
  getCurrentSession,
  invitePerson,
  listPersons,
  listRecordChanges,
  openSession,
  renamePerson,
  renewActivation,
  setPersonGrants,
} from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { People } from '../testing/people.ts'
import { identityChecked, origin, password, plantWide, reason, startPeople, tokenOf } from '../testing/people.ts'

let people: People
beforeAll(async () => {
  people = await startPeople()
  // From here on there is somebody who could approve, so everybody else needs it.
  await people.active('first-quality', [plantWide('quality')])
})
afterAll(() => people.close())

const invited = async (name: string) => {
  const wanted = { name, printedName: name, grants: [plantWide('operator')], identityChecked }
  return await people.platform.run(invitePerson, people.inviter, wanted)
}
const accountOf = async (name: string) =>
  (await people.platform.run(listPersons, people.inviter, {})).find((person) => person.name === name)

describe('two people make an account', () => {
  test('[P11-100b] an account awaits approval, and there is no link before somebody else approved it', async () => {
    const { person, activation } = await invited('newcomer')
    expect(person.state).toBe('awaiting-approval')
    expect(activation).toBeNull()
    await expect(
      people.platform.run(renewActivation, people.inviter, { personId: person.id, reason }),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'identity.person-awaiting-approval' })
    const approved = await people.platform.run(approvePerson, people.approver, { personId: person.id })
    expect(approved.person.state).toBe('invited')
    const token = tokenOf(approved.activation.path)
    await people.platform.run(activatePerson, nobody(origin), { token, password })
    expect(await accountOf('newcomer')).toMatchObject({
      state: 'active',
      identityChecked,
      invitedBy: { id: people.inviter.id },
      approvedBy: { id: people.approver.id },
      approvedAt: people.clock.now(),
      approvalExempt: null,
    })
  })

  test('[P11-100b!, P11-10g-1!] whoever invited does not approve, also when they hold the permission', async () => {
    const { person } = await invited('same-hand')
    const both = { ...people.inviter, grants: [...people.inviter.grants, ...people.approver.grants] }
    const own = people.platform.run(approvePerson, both, { personId: person.id })
    await expect(own).rejects.toMatchObject({ kind: 'forbidden', code: 'identity.person-same-approver' })
    expect((await accountOf('same-hand'))?.state).toBe('awaiting-approval')
  })

  test('[P11-100b!] an account that awaits approval opens no session, whatever password is tried', async () => {
    await invited('too-early')
    const attempt = people.platform.run(openSession, nobody('192.0.2.66'), { name: 'too-early', password })
    await expect(attempt).rejects.toMatchObject({ code: 'identity.sign-in-refused' })
  })

  test('[P11-100b!] an approval happens once, and for an account that there is', async () => {
    const { person } = await invited('once-approved')
    await people.platform.run(approvePerson, people.approver, { personId: person.id })
    await expect(people.platform.run(approvePerson, people.approver, { personId: person.id })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'identity.person-not-awaiting',
    })
    await expect(
      people.platform.run(approvePerson, people.approver, { personId: newId<'Person'>() }),
    ).rejects.toMatchObject({ kind: 'not-found', code: 'identity.person-unknown' })
  })

  test('[P11-100b!] what awaits approval is not changed meanwhile: whoever approves approves what they saw', async () => {
    const { person } = await invited('as-seen')
    const change = { personId: person.id, reason }
    const grants = [plantWide('administrator')]
    const roles = people.platform.run(setPersonGrants, people.inviter, { ...change, grants })
    await expect(roles).rejects.toMatchObject({ code: 'identity.person-awaiting-approval' })
    const name = people.platform.run(renamePerson, people.inviter, { ...change, printedName: 'Somebody else' })
    await expect(name).rejects.toMatchObject({ code: 'identity.person-awaiting-approval' })
  })

  test('[P11-100b!] software neither invites nor approves a person', async () => {
    const machine = { ...people.inviter, kind: 'machine' as const }
    const wanted = { name: 'by-key', printedName: 'By key', grants: [plantWide('operator')], identityChecked }
    await expect(people.platform.run(invitePerson, machine, wanted)).rejects.toMatchObject({
      code: 'identity.person-needed',
    })
    const { person } = await invited('approved-by-key')
    const approver = { ...people.approver, kind: 'machine' as const }
    await expect(people.platform.run(approvePerson, approver, { personId: person.id })).rejects.toMatchObject({
      code: 'identity.person-needed',
    })
  })

  test('[P11-100b!] an invitation without a word on how the person was checked is refused', async () => {
    for (const checked of [undefined, '', '  ', 'ok']) {
      await expect(
        people.platform.runByName(invitePerson.name, people.inviter, {
          name: 'unchecked',
          printedName: 'Unchecked',
          grants: [plantWide('operator')],
          identityChecked: checked,
        }),
      ).rejects.toMatchObject({ kind: 'invalid', code: 'platform.input-invalid' })
    }
  })

  test('[P11-100b] an account that nobody had to approve says why, for good', async () => {
    const setup = systemActor('identity.setup')
    const wanted = { name: 'by-setup', printedName: 'By setup', grants: [plantWide('operator')], identityChecked }
    const { activation } = await people.platform.run(invitePerson, setup, wanted)
    expect(activation).not.toBeNull()
    expect((await accountOf('by-setup'))?.approvalExempt).toContain('identity.setup')
    expect((await accountOf('first-quality'))?.approvalExempt).toContain('nobody else')
  })

  test('an account that is refused instead is disabled, and never gets a link', async () => {
    const { person } = await invited('refused')
    await people.platform.run(disablePerson, people.inviter, { personId: person.id, reason })
    await expect(people.platform.run(approvePerson, people.approver, { personId: person.id })).rejects.toMatchObject({
      code: 'identity.person-not-awaiting',
    })
    const enabled = await people.platform.run(enablePerson, people.inviter, { personId: person.id, reason })
    expect(enabled.state).toBe('awaiting-approval')
  })
})

describe('an account is one person, for good', () => {
  test('[P11-100a!, P11-300a!] a name is not given twice, also after its person was disabled', async () => {
    const person = await people.active('unique')
    await people.platform.run(disablePerson, people.inviter, { personId: person.id, reason })
    await expect(invited('unique')).rejects.toMatchObject({ kind: 'conflict', code: 'identity.person-name-taken' })
    expect((await accountOf('unique'))?.id).toBe(person.id)
  })

  test('[P11-100a, P11-10e-2, D-12.2] a new printed name leaves the old one readable, with who changed it and why', async () => {
    const person = await people.active('married')
    await people.platform.run(renamePerson, people.inviter, {
      personId: person.id,
      printedName: 'Vega Married',
      reason: 'marriage, certificate seen',
    })
    expect((await accountOf('married'))?.printedName).toBe('Vega Married')
    const [version] = await people.platform.run(listRecordChanges, actorWith(['platform.audit.read']), {
      record: { kind: 'identity.person', id: person.id },
    })
    expect(version?.entry).toMatchObject({ actor: people.inviter.id, reason: 'marriage, certificate seen' })
    expect(version?.change.rows).toMatchObject([
      { before: { printed_name: 'married' }, after: { printed_name: 'Vega Married' } },
    ])
  })

  test('[P11-200a2/3!] whoever administers people is told links and never a password, and none is answered twice', async () => {
    const person = await people.active('forgetful')
    const options = { idempotencyKey: 'the-same-key-twice' }
    const answer = await people.platform.run(renewActivation, people.inviter, { personId: person.id, reason }, options)
    expect(Object.keys(answer).sort()).toEqual(['expiresAt', 'path'])
    const again = people.platform.run(renewActivation, people.inviter, { personId: person.id, reason }, options)
    await expect(again).rejects.toMatchObject({ kind: 'conflict' })
    // Until the link is used, the person's own password goes on working: nothing happened behind their back.
    await people.signIn('forgetful')
  })
})

describe('roles are changed by others', () => {
  test('[P11-10g!, A11-12!] nobody changes their own roles', async () => {
    const person = await people.active('self-made', [plantWide('administrator')])
    const { token } = await people.signIn('self-made')
    const own = await people.by(token)
    await expect(
      people.platform.run(setPersonGrants, own, { personId: person.id, grants: [plantWide('engineer')], reason }),
    ).rejects.toMatchObject({ kind: 'forbidden', code: 'identity.grants-own' })
  })

  test('[SR-2.1!, P11-300b-1!] what is taken away is gone at once, and the session with it', async () => {
    const person = await people.active('demoted', [plantWide('administrator'), plantWide('operator')])
    const { token } = await people.signIn('demoted')
    expect((await people.by(token)).kind).toBe('person')
    const answer = await people.platform.run(setPersonGrants, people.inviter, {
      personId: person.id,
      grants: [plantWide('operator')],
      reason,
    })
    expect(answer.grants).toEqual([plantWide('operator')])
    expect((await people.by(token)).kind).toBe('nobody')
    const anew = await people.signIn('demoted')
    expect(anew.session.permissions).not.toContain('identity.person.write')
  })

  test('giving somebody the roles that they have ends no session', async () => {
    const person = await people.active('unchanged')
    const { token } = await people.signIn('unchanged')
    const grants = [plantWide('operator')]
    await people.platform.run(setPersonGrants, people.inviter, { personId: person.id, grants, reason })
    expect((await people.by(token)).kind).toBe('person')
  })

  test('[P11-10g!] the last administrator keeps the role, and people hold no role of software', async () => {
    const listed = await people.platform.run(listPersons, people.inviter, {})
    const administrators = listed.filter(
      ({ state, grants }) => state === 'active' && grants.some(({ role }) => role === 'administrator'),
    )
    for (const { id } of administrators.slice(1)) {
      await people.platform.run(setPersonGrants, people.inviter, {
        personId: id,
        grants: [plantWide('operator')],
        reason,
      })
    }
    const personId = administrators[0]?.id ?? ''
    await expect(
      people.platform.runByName(setPersonGrants.name, people.inviter, {
        personId,
        grants: [plantWide('operator')],
        reason,
      }),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'identity.person-last-administrator' })
    await expect(
      people.platform.runByName(disablePerson.name, people.inviter, { personId, reason }),
    ).rejects.toMatchObject({ code: 'identity.person-last-administrator' })
    await expect(
      people.platform.runByName(setPersonGrants.name, people.inviter, {
        personId,
        grants: [plantWide('edge-agent')],
        reason,
      }),
    ).rejects.toMatchObject({ code: 'identity.role-not-for-people' })
  })
})

describe('disabling and enabling', () => {
  test('[P11-300b-1!, SR-1.3!] a disabled person is out at once; enabled again, they are as they were', async () => {
    const person = await people.active('on-leave')
    const { token } = await people.signIn('on-leave')
    await people.platform.run(disablePerson, people.inviter, { personId: person.id, reason })
    expect((await people.by(token)).kind).toBe('nobody')
    const enabled = await people.platform.run(enablePerson, people.inviter, { personId: person.id, reason })
    expect(enabled.state).toBe('active')
    expect((await people.by(token)).kind).toBe('nobody')
    const { session } = await people.signIn('on-leave')
    expect(session.personId).toBe(person.id)
    await expect(
      people.platform.run(enablePerson, people.inviter, { personId: person.id, reason }),
    ).rejects.toMatchObject({ kind: 'conflict', code: 'identity.person-not-disabled' })
  })

  test('[P11-300b-1!] a revoked key and a disabled person are named among those who may speak no longer', async () => {
    const person = await people.active('watched')
    await people.active('stays')
    const [gone, good] = [await people.signIn('watched'), await people.signIn('stays')]
    const { apiKey } = await people.platform.run(createMachineAccount, people.inviter, {
      name: 'reader-1',
      grants: [plantWide('operator')],
    })
    const machine = await people.platform.authenticate({ apiKey }, null)
    const actors = [await people.by(gone.token), await people.by(good.token), machine]
    expect([...(await people.platform.findGone(actors))]).toEqual([])
    await people.platform.run(disablePerson, people.inviter, { personId: person.id, reason })
    await people.platform.runByName('identity.machine-account.revoke', people.inviter, {
      accountId: machine.id,
      reason,
    })
    expect([...(await people.platform.findGone(actors))].map(({ name }) => name)).toEqual(['watched', 'reader-1'])
    expect(await people.platform.run(getCurrentSession, actors[1] ?? nobody(null), {})).toMatchObject({ name: 'stays' })
  })
})
