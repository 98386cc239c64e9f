import { DomainError, newId } from '@throughline/kernel'
import type { EquipmentQualification } from '@throughline/model'
import { disqualifyEquipment, listQualifiedEquipment, qualifyEquipment } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { getNode } from '../node/store.ts'
import { assertQualifiable } from './rules.ts'
import { findQualification, insertQualification, listQualifications, lockQualification, setRevoked } from './store.ts'

export function registerEquipmentQualification(platform: Platform): void {
  platform.handle(listQualifiedEquipment, async (uow, { nodeId, process }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    return listQualifications(uow.trx, process, nodeId === undefined ? uow.scopes : [nodeId])
  })

  platform.handle(qualifyEquipment, async (uow, { signature: _, ...input }) => {
    await uow.assertWithin(input.nodeId)
    assertQualifiable(await getNode(uow.trx, input.nodeId), input)
    const qualification: EquipmentQualification = {
      ...input,
      id: newId<'EquipmentQualification'>(uow.at),
      grantedBy: uow.actor.name,
      grantedAt: uow.at,
      revoked: null,
    }
    await insertQualification(uow.trx, qualification)
    await uow.sign({ kind: 'equipment.qualification', id: qualification.id })
    return qualification
  })

  platform.handle(disqualifyEquipment, async (uow, { qualificationId, reason }) => {
    const found = await lockQualification(uow.trx, qualificationId)
    if (found === undefined) {
      throw new DomainError(
        'not-found',
        'equipment.qualification-unknown',
        `There is no qualification ${qualificationId} of equipment`,
      )
    }
    await uow.assertWithin(found.nodeId)
    if (found.revoked !== null) {
      throw new DomainError(
        'conflict',
        'equipment.qualification-revoked',
        `${found.process} was revoked before, by ${found.revoked.by}: ${found.revoked.reason}`,
      )
    }
    const revoked = { at: uow.at, by: uow.actor.name, reason }
    await setRevoked(uow.trx, found.id, revoked)
    return { ...found, revoked }
  })

  platform.callRecords('equipment.qualification', {
    read: 'equipment.model.read',
    title: async (db, id) => {
      const found = await findQualification(db, id)
      return found && `Qualification of ${(await getNode(db, found.nodeId)).path} for ${found.process}`
    },
  })
}
