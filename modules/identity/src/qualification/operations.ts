import { DomainError, newId } from '@throughline/kernel'
import type { Qualification, RoleGrant } from '@throughline/model'
import { grantQualification, listQualifiable, listQualifications, revokeQualification } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { grantsOf } from '../person/roles.ts'
import { assertNotDisabled } from '../person/rules.ts'
import { findPersonById } from '../person/store.ts'
import { insertQualification, listNamed, listUsable, lockQualification, setRevoked } from './store.ts'

/** Whether somebody with these roles may work at a place of the asker: at one, below one, or above all. */
async function isOfPlaces(platform: Platform, uow: UnitOfWork, roles: readonly RoleGrant[]): Promise<boolean> {
  const { actor, scopes } = uow
  for (const { nodeId } of roles) {
    if (nodeId === null || (await platform.allows(actor, 'identity.qualification.read', nodeId))) return true
  }
  const them = { ...actor, grants: grantsOf(roles) }
  for (const scope of scopes ?? []) if (await platform.allows(them, 'equipment.model.read', scope)) return true
  return false
}

export function mountQualificationOperations(platform: Platform): void {
  platform.handle(listQualifications, (uow, want) => listNamed(uow.trx, want))

  platform.handle(listQualifiable, async (uow) => {
    const within = []
    for (const each of await listUsable(uow.trx)) {
      if (uow.scopes === null || (await isOfPlaces(platform, uow, each.grants))) within.push(each)
    }
    return within.map(({ id, name, printedName, badges }) => ({ id, name, printedName, badges }))
  })

  platform.handle(grantQualification, async (uow, input) => {
    const found = await findPersonById(uow.trx, input.personId)
    if (found === undefined) {
      throw new DomainError('not-found', 'identity.person-unknown', `There is no person ${input.personId}`)
    }
    assertNotDisabled(found.person)
    if (uow.actor.id === input.personId) {
      throw new DomainError(
        'forbidden',
        'identity.qualification-own',
        'Nobody qualifies themselves: ask another supervisor or quality',
      )
    }
    if (input.validTo !== null && input.validTo <= input.validFrom) {
      throw new DomainError(
        'invalid',
        'identity.qualification-window',
        'The qualification would end before it begins: set its end after its beginning',
      )
    }
    const qualification: Qualification = {
      ...input,
      id: newId<'Qualification'>(uow.at),
      recordedBy: uow.actor.name,
      recordedAt: uow.at,
      revoked: null,
    }
    await insertQualification(uow.trx, qualification)
    return qualification
  })

  platform.handle(revokeQualification, async (uow, { qualificationId, reason }) => {
    const found = await lockQualification(uow.trx, qualificationId)
    if (found === undefined) {
      throw new DomainError(
        'not-found',
        'identity.qualification-unknown',
        `There is no qualification ${qualificationId}`,
      )
    }
    if (found.revoked !== null) {
      throw new DomainError(
        'conflict',
        'identity.qualification-revoked',
        `${found.skill} was revoked before, by ${found.revoked.by}: ${found.revoked.reason}`,
      )
    }
    const revoked = { at: uow.at, by: uow.actor.name, reason }
    await setRevoked(uow.trx, found.id, revoked)
    return { ...found, revoked }
  })
}
