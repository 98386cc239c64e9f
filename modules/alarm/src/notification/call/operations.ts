import { DomainError } from '@throughline/kernel'
import { listAlarmCalls } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { isWithin } from '../../nodes.ts'
import type { NotificationOptions } from '../notification.ts'
import { plannedCalls } from '../roster/rules.ts'
import { listAllRosters } from '../roster/store.ts'
import { cancelCallsFor, insertCalls, isWaiting, listCalledNodes, listCalls } from './store.ts'
import { answeredNote } from './words.ts'

export function registerCall(platform: Platform, { nodes }: NotificationOptions): void {
  platform.handle(listAlarmCalls, async (uow, { window, occurrenceId, limit }) => {
    const { scopes } = uow
    const nodeIds =
      scopes === null ? null : (await listCalledNodes(uow.trx)).filter((nodeId) => isWithin(nodes, nodeId, scopes))
    return await listCalls(uow.trx, { ...window, occurrenceId, nodeIds, limit })
  })

  platform.on('alarm.occurred', 'alarm.notification', async (uow, alarm) => {
    if (alarm.hidden) return
    const rosters = await listAllRosters(uow.trx)
    if (rosters.length === 0) return
    if (!(await isWaiting(uow.trx, alarm.occurrenceId))) return
    if (nodes.node(alarm.nodeId) === undefined) throw nodeNotLoaded(alarm.nodeId)
    const responsible = rosters.filter(({ nodeId }) => isWithin(nodes, alarm.nodeId, [nodeId]))
    await insertCalls(uow, alarm, plannedCalls(responsible, alarm, uow.at))
  })

  platform.on('alarm.answered', 'alarm.notification', async (uow, { occurrenceId, by, at }) => {
    await cancelCallsFor(uow, occurrenceId, answeredNote(by, at))
  })
}

/** Right after a start the plant's model is not in memory yet: the event is told again a moment later, and nobody is forgotten. */
const nodeNotLoaded = (nodeId: string): DomainError =>
  new DomainError(
    'unavailable',
    'alarm.node-not-loaded',
    `Equipment node ${nodeId} is not known yet: who is called is decided once it is`,
  )
