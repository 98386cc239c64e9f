import { DomainError, newId } from '@throughline/kernel'
import type { Person, RoleGrant } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { insertPerson, listGrants, lockPerson, replaceGrants, setPrintedName } from '../person/store.ts'
import { endSessionsOf } from '../session/store.ts'
import { candidatesFor, signInNameFrom } from './rules.ts'
import { findOutsidePersonId, insertOutsideIdentity, lockOutsidePerson } from './store.ts'

/** Somebody who was proved elsewhere a moment ago, and what that gives them here. */
export interface OutsidePerson {
  readonly kind: 'directory' | 'single-sign-on'
  readonly source: string
  readonly subject: string
  /** How people call the source. */
  readonly label: string
  readonly name: string
  readonly printedName: string
  readonly grants: readonly RoleGrant[]
}

/**
 * The person of this plant who stands behind somebody proved elsewhere, with the roles that the source gives at this
 * moment. The first time, the person is made; nobody is ever linked by a name or an e-mail address.
 * @throws DomainError `forbidden` without any role, or when the person is disabled here
 */
export async function admitOutsidePerson(uow: UnitOfWork, outside: OutsidePerson): Promise<Person> {
  const { trx, at } = uow
  const { grants, label } = outside
  if (grants.length === 0) throw withoutRole(outside)
  const knownId = await lockOutsidePerson(trx, outside.source, outside.subject)
  if (knownId === undefined) return await makePerson(uow, outside)
  const known = await lockPerson(trx, knownId)
  if (known?.person.state !== 'active') {
    throw new DomainError(
      'forbidden',
      'identity.person-disabled-here',
      `${known?.person.printedName ?? label} is disabled in this plant: ask an administrator`,
    )
  }
  const { person } = known
  if (person.printedName !== outside.printedName) await setPrintedName(trx, person.id, outside.printedName)
  if (await replaceGrants(trx, person.id, grants, at)) {
    // What somebody may do changed under sessions that are open: they begin anew.
    await endSessionsOf(trx, person.id, at, 'new-grants')
    uow.emit('identity.person-roles-mapped', { personId: person.id, source: outside.source, roles: rolesIn(grants) })
  }
  return { ...person, printedName: outside.printedName, grants: [...grants] }
}

/**
 * Takes the roles of somebody whom the source gives none any longer, and ends their sessions. Called before the sign-in is
 * refused, for a refusal takes back what its own transaction did.
 */
export async function withdrawRoles(platform: Platform, source: string, subject: string): Promise<void> {
  const known = await findOutsidePersonId(platform.db, source, subject)
  if (known === undefined || (await listGrants(platform.db, known)).length === 0) return
  const told = { personId: known, source, roles: [] }
  await platform.act('identity.mapping', 'identity.person.withdraw-roles', told, async (uow) => {
    await replaceGrants(uow.trx, known, [], uow.at)
    await endSessionsOf(uow.trx, known, uow.at, 'new-grants')
    uow.emit('identity.person-roles-mapped', told)
  })
}

async function makePerson(uow: UnitOfWork, outside: OutsidePerson): Promise<Person> {
  const { kind, source, subject, label, printedName } = outside
  const grants = [...outside.grants]
  const origin = {
    identityChecked: `Proved by ${label}`,
    invitedBy: { id: source, name: label },
    approvalExempt: `Roles are given and taken by ${label}`,
  }
  // In a directory the sign-in name is the person's own; a provider's names are only shown, so that another one will do.
  const wanted = kind === 'directory' ? [outside.name] : candidatesFor(signInNameFrom(outside.name) ?? 'person')
  for (const name of wanted) {
    const person: Person = { id: newId(uow.at), name, printedName, state: 'invited', grants, createdAt: uow.at }
    if (!(await insertPerson(uow.trx, person, origin))) continue
    await insertOutsideIdentity(uow.trx, { personId: person.id, kind, source, subject, since: uow.at })
    uow.emit('identity.person-roles-mapped', { personId: person.id, source, roles: rolesIn(grants) })
    return { ...person, state: 'active' }
  }
  throw new DomainError(
    'forbidden',
    'identity.outside-name-taken',
    `The name ${outside.name} belongs to somebody else in this plant: ask an administrator`,
  )
}

const rolesIn = (grants: readonly RoleGrant[]): string[] => grants.map(({ role }) => role)

const withoutRole = ({ label, printedName }: OutsidePerson): DomainError =>
  new DomainError(
    'forbidden',
    'identity.outside-role-missing',
    `${label} knows ${printedName}, and gives no role in this plant: ask whoever keeps the groups there`,
  )
