import type { Instant } from '@throughline/kernel'
import { DomainError, fromMs, newId } from '@throughline/kernel'
import type { WorkCalendar } from '@throughline/model'
import { listCalendars, listShifts, setCalendar } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { concerns, pathTo } from '../reason/place.ts'
import type { Machines } from '../state-rule/machines.ts'
import { markChanged } from '../watch/progress-store.ts'
import { assertCalendar, shiftsBetween } from './rules.ts'
import { insertCalendar, listCalendarVersions, nextCalendarVersion } from './store.ts'

const dayMs = 86_400_000
/** Longer windows hold more shifts than anybody reads, and working them out takes its time. */
const mostDays = 400

export function registerCalendar(platform: Platform, nodes: NodeFinder, machines: Machines): void {
  platform.handle(listCalendars, async (uow) =>
    (await listCalendarVersions(uow.trx)).filter(({ nodeId }) => concerns(nodes, nodeId, uow.scopes)),
  )

  platform.handle(setCalendar, async (uow, input) => {
    if (nodes.node(input.nodeId) === undefined) throw nodeUnknown(input.nodeId)
    assertCalendar(input)
    const calendar: WorkCalendar = {
      ...input,
      id: newId<'WorkCalendar'>(uow.at),
      version: await nextCalendarVersion(uow, input.nodeId),
      recordedBy: uow.actor.name,
    }
    await insertCalendar(uow, calendar)
    const begins = fromMs(Date.parse(`${input.validFrom}T00:00:00Z`) - dayMs)
    const nodeIds = machines.atOrBelow(input.nodeId).map(({ nodeId }) => nodeId)
    const changed = { from: Math.min(begins, uow.at), to: uow.at }
    await markChanged(uow.trx, nodeIds, changed, `calendar changed: ${input.reason}`)
    return calendar
  })

  platform.handle(listShifts, async (uow, { nodeId, window }) => {
    if (nodes.node(nodeId) === undefined) throw nodeUnknown(nodeId)
    assertListable(window.from, window.to)
    return shiftsBetween(await listCalendarVersions(uow.trx), pathTo(nodes, nodeId), window.from, window.to)
  })
}

function assertListable(from: Instant, to: Instant): void {
  if (to - from <= mostDays * dayMs * 1000) return
  throw new DomainError('invalid', 'performance.window-too-long', `Ask for ${mostDays} days of shifts at most`)
}

const nodeUnknown = (nodeId: string): DomainError =>
  new DomainError('not-found', 'performance.node-unknown', `There is no equipment node ${nodeId}`, { nodeId })
