import { DomainError, newId } from '@throughline/kernel'
import type { Person } from '@throughline/model'
import {
  activatePerson,
  approvePerson,
  disablePerson,
  enablePerson,
  invitePerson,
  listPersons,
  renamePerson,
  renewActivation,
  roles,
  setPersonGrants,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { hashPassword } from '../credential/password.ts'
import type { PasswordPolicy } from '../credential/password-policy.ts'
import { newToken } from '../credential/token.ts'
import { endSessionsOf } from '../session/store.ts'
import { endLinks, insertLink, lockPersonByLink, takeLink } from './link-store.ts'
import { permissionsOf } from './roles.ts'
import {
  administersPlant,
  assertAdministratorRemains,
  assertApproved,
  assertDisabled,
  assertGrantsForPerson,
  assertHuman,
  assertMayApprove,
  assertNotDisabled,
  assertNotOwnGrants,
  linkExpiry,
} from './rules.ts'
import type { LockedPerson } from './store.ts'
import {
  hasOtherHolder,
  insertPerson,
  listPersonAccounts,
  lockAdministrators,
  lockPerson,
  replaceGrants,
  setApproved,
  setDisabled,
  setEnabled,
  setPassword,
  setPrintedName,
} from './store.ts'

export function mountPersonOperations(platform: Platform, passwords: PasswordPolicy): void {
  platform.handle(listPersons, (uow) => listPersonAccounts(uow.trx))

  platform.handle(invitePerson, async (uow, { name, printedName, grants, identityChecked }) => {
    assertHuman(uow.actor)
    assertGrantsForPerson(grants)
    const approvalExempt = await exemptionOf(uow)
    const state = approvalExempt === null ? 'awaiting-approval' : 'invited'
    const person: Person = { id: newId(uow.at), name, printedName, state, grants, createdAt: uow.at }
    const invitedBy = { id: uow.actor.id, name: uow.actor.name }
    if (!(await insertPerson(uow.trx, person, { identityChecked, invitedBy, approvalExempt }))) {
      throw new DomainError(
        'conflict',
        'identity.person-name-taken',
        `There is already a person named ${name}, and names are never used again: choose another`,
        { name },
      )
    }
    return { person, activation: approvalExempt === null ? null : await makeLink(uow, person) }
  })

  platform.handle(approvePerson, async (uow, { personId }) => {
    const { person, invitedBy } = await lockKnown(uow, personId)
    assertMayApprove(person, invitedBy, uow.actor)
    await setApproved(uow.trx, person.id, uow.actor, uow.at)
    const approved = { ...person, state: 'invited' as const }
    return { person: approved, activation: await makeLink(uow, approved) }
  })

  platform.handle(renewActivation, async (uow, { personId }) => {
    const { person } = await lockKnown(uow, personId)
    assertNotDisabled(person)
    assertApproved(person)
    return await makeLink(uow, person)
  })

  platform.handle(disablePerson, async (uow, { personId }) => {
    const administrators = await lockAdministrators(uow.trx)
    const { person } = await lockKnown(uow, personId)
    assertNotDisabled(person)
    assertAdministratorRemains(person, administrators)
    await setDisabled(uow.trx, person.id, uow.at)
    await endSessionsOf(uow.trx, person.id, uow.at, 'disabling')
    await endLinks(uow.trx, person.id, uow.at, 'disabling')
    uow.emit('identity.person-disabled', { personId: person.id })
    return { ...person, state: 'disabled' as const }
  })

  platform.handle(enablePerson, async (uow, { personId }) => {
    const { person, before } = await lockKnown(uow, personId)
    assertDisabled(person)
    // Disabled by a version that did not keep the state: then a new link is needed, which is the safer guess.
    const state = before ?? 'invited'
    await setEnabled(uow.trx, person.id, state)
    return { ...person, state }
  })

  platform.handle(setPersonGrants, async (uow, { personId, grants }) => {
    assertGrantsForPerson(grants)
    const administrators = await lockAdministrators(uow.trx)
    const { person } = await lockKnown(uow, personId)
    assertNotOwnGrants(person, uow.actor)
    // Whoever approves must approve what they saw.
    assertApproved(person)
    if (!administersPlant(grants)) assertAdministratorRemains(person, administrators)
    if (await replaceGrants(uow.trx, person.id, grants, uow.at)) {
      // What somebody may do changed under a session that is open: it begins anew (OWASP, session management).
      await endSessionsOf(uow.trx, person.id, uow.at, 'new-grants')
    }
    return { ...person, grants }
  })

  platform.handle(renamePerson, async (uow, { personId, printedName }) => {
    const { person } = await lockKnown(uow, personId)
    assertApproved(person)
    await setPrintedName(uow.trx, person.id, printedName)
    return { ...person, printedName }
  })

  platform.handle(activatePerson, async (uow, { token, password }) => {
    const person = await lockPersonByLink(uow.trx, token, uow.at)
    if (person === undefined) throw linkUnusable()
    await passwords.assertAcceptable(password, person)
    const passwordHash = await hashPassword(password)
    if (!(await takeLink(uow.trx, token, uow.at))) throw linkUnusable()
    await setPassword(uow.trx, person.id, passwordHash)
    // Whoever asks for a new password may do so because somebody else knows the old one.
    await endSessionsOf(uow.trx, person.id, uow.at, 'new-password')
    return { name: person.name }
  })
}

async function lockKnown(uow: UnitOfWork, personId: string): Promise<LockedPerson> {
  const found = await lockPerson(uow.trx, personId)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'identity.person-unknown', `There is no person ${personId}`, { personId })
}

const approvers = roles.filter((role) => permissionsOf[role].includes('identity.person.approve'))

/** Why nobody has to approve an account; null when somebody has to. It stands with the account for good. */
async function exemptionOf({ trx, actor }: UnitOfWork): Promise<string | null> {
  if (actor.kind === 'system') return `made by the product itself (${actor.id})`
  // The first second person of a plant: there is nobody yet who could approve.
  return (await hasOtherHolder(trx, actor.id, approvers)) ? null : 'nobody else who may approve had an account yet'
}

async function makeLink(uow: UnitOfWork, person: Person) {
  const token = newToken()
  const expiresAt = linkExpiry(uow.at)
  await insertLink(uow.trx, person.id, token, uow.at, expiresAt)
  // A fragment never leaves the browser: the token stays out of every server log and referrer.
  return { path: `/activate#${token}`, expiresAt }
}

const linkUnusable = (): DomainError =>
  new DomainError(
    'not-found',
    'identity.activation-link-unusable',
    'This link was used, replaced by a newer one, or has expired: ask an administrator for a new one',
  )
