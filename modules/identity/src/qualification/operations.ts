import { DomainError, newId } from '@throughline/kernel'
import type { Qualification } from '@throughline/model'
import { grantQualification, listQualifications, revokeQualification } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { assertNotDisabled } from '../person/rules.ts'
import { findPersonById } from '../person/store.ts'
import { insertQualification, listNamed, lockQualification, setRevoked } from './store.ts'

export function mountQualificationOperations(platform: Platform): void {
  platform.handle(listQualifications, (uow, want) => listNamed(uow.trx, want))

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
