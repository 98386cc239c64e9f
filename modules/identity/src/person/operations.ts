import { DomainError, newId } from '@throughline/kernel'
import type { Person } from '@throughline/model'
import { activatePerson, disablePerson, invitePerson, listPersons, renewActivation } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { hashPassword } from '../credential/password.ts'
import { newToken } from '../credential/token.ts'
import { endSessionsOf } from '../session/store.ts'
import {
  assertAdministratorRemains,
  assertGrantsForPerson,
  assertNotDisabled,
  assertNotObvious,
  linkExpiry,
} from './rules.ts'
import {
  endLinks,
  findPersonById,
  insertLink,
  insertPerson,
  listPersonsWithGrants,
  lockAdministrators,
  lockPersonByLink,
  setDisabled,
  setPassword,
  takeLink,
} from './store.ts'

export function mountPersonOperations(platform: Platform): void {
  platform.handle(listPersons, (uow) => listPersonsWithGrants(uow.trx))

  platform.handle(invitePerson, async (uow, { name, printedName, grants }) => {
    assertGrantsForPerson(grants)
    const person: Person = { id: newId(uow.at), name, printedName, state: 'invited', grants, createdAt: uow.at }
    if (!(await insertPerson(uow.trx, person))) {
      throw new DomainError('conflict', 'identity.person-name-taken', `There is already a person named ${name}`, {
        name,
      })
    }
    return { person, activation: await makeLink(uow, person) }
  })

  platform.handle(renewActivation, async (uow, { personId }) => {
    const person = await getPerson(uow, personId)
    assertNotDisabled(person)
    return await makeLink(uow, person)
  })

  platform.handle(disablePerson, async (uow, { personId }) => {
    const administrators = await lockAdministrators(uow.trx)
    const person = await getPerson(uow, personId)
    assertNotDisabled(person)
    assertAdministratorRemains(person, administrators)
    await setDisabled(uow.trx, person.id, uow.at)
    await endSessionsOf(uow.trx, person.id, uow.at, 'disabling')
    await endLinks(uow.trx, person.id, uow.at, 'disabling')
    uow.emit('identity.person-disabled', { personId: person.id })
    return { ...person, state: 'disabled' as const }
  })

  platform.handle(activatePerson, async (uow, { token, password }) => {
    const person = await lockPersonByLink(uow.trx, token, uow.at)
    if (person === undefined) throw linkUnusable()
    assertNotObvious(password, person.name)
    const passwordHash = await hashPassword(password)
    if (!(await takeLink(uow.trx, token, uow.at))) throw linkUnusable()
    await setPassword(uow.trx, person.id, passwordHash)
    // Whoever asks for a new password may do so because somebody else knows the old one.
    await endSessionsOf(uow.trx, person.id, uow.at, 'new-password')
    return { name: person.name }
  })
}

async function getPerson(uow: UnitOfWork, personId: string): Promise<Person> {
  const found = await findPersonById(uow.trx, personId)
  if (found !== undefined) return found.person
  throw new DomainError('not-found', 'identity.person-unknown', `There is no person ${personId}`, { personId })
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
