import { DomainError, newId } from '@throughline/kernel'
import type { Outage } from '@throughline/model'
import { beginOutage, endOutage, listOutages } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { getNode } from '../node/store.ts'
import { insertOutage, listOutagesBy, lockOutage, setEnded } from './store.ts'

/** Equipment that is taken out of service, and comes back. */
export function registerOutage(platform: Platform): void {
  platform.handle(listOutages, async (uow, { nodeId, openOnly }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    return listOutagesBy(uow.trx, openOnly, nodeId === undefined ? uow.scopes : [nodeId])
  })

  platform.handle(beginOutage, async (uow, { nodeId, reason }) => {
    const { path } = await getNode(uow.trx, nodeId)
    const outage: Outage = {
      ...{ id: newId<'Outage'>(uow.at), nodeId, since: uow.at, reason, by: uow.actor.name, ended: null },
    }
    if (!(await insertOutage(uow.trx, outage))) {
      throw new DomainError('conflict', 'equipment.outage-open', `${path} is out of service already`, { path })
    }
    uow.emit('equipment.outage-changed', { nodeId, path, inService: false, reason, at: uow.at })
    return outage
  })

  platform.handle(endOutage, async (uow, { nodeId, reason }) => {
    const { path } = await getNode(uow.trx, nodeId)
    const found = await lockOutage(uow.trx, nodeId)
    if (found === undefined) {
      throw new DomainError('conflict', 'equipment.outage-none', `${path} is in service: there is nothing to end`, {
        path,
      })
    }
    const ended = { at: uow.at, by: uow.actor.name, reason }
    await setEnded(uow.trx, found.id, ended)
    uow.emit('equipment.outage-changed', { nodeId, path, inService: true, reason, at: uow.at })
    return { ...found, ended }
  })
}
