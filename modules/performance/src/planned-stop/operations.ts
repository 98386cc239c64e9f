import type { Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { PlannedStop } from '@throughline/model'
import { cancelPlannedStop, listPlannedStops, planStop } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { pathTo } from '../reason/place.ts'
import type { Machines } from '../state-rule/machines.ts'
import { markChanged } from '../watch/progress-store.ts'
import { getPlannedStop, insertPlannedStop, listPlannedStopsOf, markCancelled } from './store.ts'

/** A longer one is a calendar. */
const mostUs = 366 * 86_400e6

export function registerPlannedStop(platform: Platform, nodes: NodeFinder, machines: Machines): void {
  platform.handle(listPlannedStops, (uow, { nodeId, window }) =>
    listPlannedStopsOf(uow.trx, pathTo(nodes, nodeId), window.from, window.to),
  )

  platform.handle(planStop, async (uow, input) => {
    if (nodes.node(input.nodeId) === undefined) throw nodeUnknown(input.nodeId)
    assertSpan(input)
    const stop: PlannedStop = {
      ...input,
      id: newId<'PlannedStop'>(uow.at),
      cancelledReason: null,
      recordedBy: uow.actor.name,
    }
    await insertPlannedStop(uow, stop)
    await tell(uow, machines, stop, `planned stop "${stop.label}"`)
    return stop
  })

  platform.handle(cancelPlannedStop, async (uow, { plannedStopId, reason }) => {
    const stop = await getPlannedStop(uow, plannedStopId)
    await uow.assertWithin(stop.nodeId)
    if (stop.cancelledReason !== null) throw cancelledBefore(stop)
    await markCancelled(uow, stop.id, reason)
    await tell(uow, machines, stop, `planned stop "${stop.label}" cancelled: ${reason}`)
    return { ...stop, cancelledReason: reason }
  })
}

/** What has begun already is judged anew; for one to come it is noted when the machines will be. */
async function tell(uow: UnitOfWork, machines: Machines, stop: PlannedStop, cause: string): Promise<void> {
  const nodeIds = machines.atOrBelow(stop.nodeId).map(({ nodeId }) => nodeId)
  await markChanged(uow.trx, nodeIds, { from: Math.min(stop.from, uow.at), to: Math.min(stop.to, uow.at) }, cause)
}

function assertSpan({ label, from, to }: { label: string; from: Instant; to: Instant }): void {
  if (from >= to) {
    throw new DomainError(
      'invalid',
      'performance.planned-stop-empty',
      `"${label}" ends before it begins: give a later end`,
    )
  }
  if (to - from <= mostUs) return
  throw new DomainError(
    'invalid',
    'performance.planned-stop-too-long',
    `"${label}" is longer than a year: say with the calendar when a node does not work`,
  )
}

const cancelledBefore = ({ label, cancelledReason }: PlannedStop): DomainError =>
  new DomainError(
    'conflict',
    'performance.planned-stop-cancelled',
    `"${label}" was cancelled before: ${cancelledReason}`,
  )

const nodeUnknown = (nodeId: string): DomainError =>
  new DomainError('not-found', 'performance.node-unknown', `There is no equipment node ${nodeId}`, { nodeId })
