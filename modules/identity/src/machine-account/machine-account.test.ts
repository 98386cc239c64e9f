import { newId } from '@throughline/kernel'
import {
  createMachineAccount,
  getCurrentSession,
  listMachineAccounts,
  listPersons,
  revokeMachineAccount,
} from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { People } from '../testing/people.ts'
import { plantWide, reason, startPeople } from '../testing/people.ts'

let people: People
const revoked: string[] = []
beforeAll(async () => {
  people = await startPeople()
  people.platform.on('identity.machine-account-revoked', 'test.listener', async (_uow, { name }) => {
    revoked.push(name)
  })
})
afterAll(() => people.close())

const create = (name: string) =>
  people.platform.run(createMachineAccount, people.inviter, { name, grants: [plantWide('edge-agent')] })

test('[SR-1.2!, SR-2.1-RE1!, AL-A!, P11-300b-1!] a key speaks for its account with the permissions of its role, until it is revoked', async () => {
  const { account, apiKey } = await create('edge-7')
  expect(apiKey).toMatch(/^tl_[A-Za-z0-9_-]{43}$/)
  const actor = await people.platform.authenticate({ apiKey }, '192.0.2.9')
  expect(actor).toMatchObject({ id: account.id, kind: 'machine', name: 'edge-7', sessionId: null })
  const held = actor.grants.flatMap((grant) => [...grant.permissions]).sort()
  expect(held).toEqual(['equipment.agent.configure', 'historian.sample.append'])
  await expect(people.platform.run(getCurrentSession, actor, {})).rejects.toMatchObject({
    code: 'identity.session-absent',
  })
  await expect(people.platform.run(listPersons, actor, {})).rejects.toMatchObject({
    code: 'platform.permission-missing',
  })
  const answer = await people.platform.run(revokeMachineAccount, people.inviter, { accountId: account.id, reason })
  expect(answer.state).toBe('revoked')
  expect((await people.platform.authenticate({ apiKey }, null)).kind).toBe('nobody')
  await people.platform.idle()
  expect(revoked).toContain('edge-7')
  await expect(
    people.platform.run(revokeMachineAccount, people.inviter, { accountId: account.id, reason }),
  ).rejects.toMatchObject({ code: 'identity.machine-account-revoked' })
})

test('[SR-1.2!, SR-3.8!] a key that differs only in its last characters, or is cut short, is nobody', async () => {
  const { apiKey } = await create('edge-8')
  const last = apiKey.endsWith('A') ? 'B' : 'A'
  for (const wrong of [`${apiKey.slice(0, -1)}${last}`, apiKey.slice(0, 15), `${apiKey}x`, '', 'tl_']) {
    expect((await people.platform.authenticate({ apiKey: wrong }, null)).kind).toBe('nobody')
  }
})

test('[SR-1.4] a name is held by one active account; a revoked one gives it up', async () => {
  const { account } = await create('edge-9')
  await expect(create('edge-9')).rejects.toMatchObject({ code: 'identity.machine-account-name-taken' })
  await people.platform.run(revokeMachineAccount, people.inviter, { accountId: account.id, reason })
  await create('edge-9')
  const listed = await people.platform.run(listMachineAccounts, people.inviter, {})
  expect(listed.filter((each) => each.name === 'edge-9').map((each) => each.state)).toEqual(['active', 'revoked'])
})

test('an account that does not exist is named', async () => {
  const accountId = newId<'MachineAccount'>()
  await expect(people.platform.run(revokeMachineAccount, people.inviter, { accountId, reason })).rejects.toMatchObject({
    code: 'identity.machine-account-unknown',
  })
})
