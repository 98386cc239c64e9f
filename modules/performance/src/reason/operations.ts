import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId, plusMs } from '@throughline/kernel'
import type { Reason } from '@throughline/model'
import { listReasons, retireReason, setReason, suggestReasons } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { Machines } from '../state-rule/machines.ts'
import type { NodeFinder } from './place.ts'
import { concerns, isWithin, pathTo } from './place.ts'
import { assertFits, assertRetirable, isChoosable, isJudgedAnew } from './rules.ts'
import {
  countChoices,
  getReason,
  insertReason,
  listUses,
  lockReasons,
  listReasons as readReasons,
  updateReason,
} from './store.ts'

/** How far back the suggestion looks. */
const latelyMs = 90 * 86_400_000

export function registerReason(platform: Platform, nodes: NodeFinder, machines: Machines): void {
  platform.handle(listReasons, async (uow, { nodeId, kind }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const all = await readReasons(uow.trx)
    const path = nodeId === undefined ? undefined : pathTo(nodes, nodeId)
    return all
      .filter((reason) => kind === undefined || reason.kind === kind)
      .filter((reason) =>
        path === undefined
          ? concerns(nodes, reason.nodeId, uow.scopes)
          : !reason.retired && path.includes(reason.nodeId),
      )
  })

  platform.handle(suggestReasons, async (uow, { nodeId, limit }) => {
    const machine = machines.find(nodeId)
    const path = pathTo(nodes, nodeId)
    const alike = machines.list().filter((each) => each.className === machine?.className)
    const visible = alike.filter((each) => isWithin(nodes, each.nodeId, uow.scopes))
    const others = visible.map((each) => each.nodeId).filter((each) => each !== nodeId)
    const [all, given] = await Promise.all([
      readReasons(uow.trx),
      countChoices(uow.trx, nodeId, others, plusMs(uow.at, -latelyMs)),
    ])
    const offered = new Set(all.filter((each) => isChoosable(each, 'stop', path, all)).map((each) => each.id))
    return given.filter(({ reasonId }) => offered.has(reasonId)).slice(0, limit)
  })

  platform.handle(setReason, async (uow, { reasonId, ...draft }) => {
    if (nodes.node(draft.nodeId) === undefined) throw nodeUnknown(draft.nodeId)
    await lockReasons(uow.trx)
    const all = await readReasons(uow.trx)
    const before = reasonId === null ? undefined : await getReason(uow.trx, reasonId)
    assertFits(draft, before, all)
    if (before === undefined) {
      const reason: Reason = { ...draft, id: newId<'Reason'>(uow.at), retired: false }
      await insertReason(uow.trx, reason)
      return reason
    }
    const reason = { ...before, ...draft }
    await updateReason(uow.trx, reason)
    if (isJudgedAnew(before, reason)) await tellJudgedAnew(uow, reason)
    return reason
  })

  platform.handle(retireReason, async (uow, { reasonId }) => {
    const { nodeId } = await getReason(uow.trx, reasonId)
    await uow.assertWithin(nodeId)
    await lockReasons(uow.trx)
    const reason = await getReason(uow.trx, reasonId)
    assertRetirable(reason, await readReasons(uow.trx))
    const retired = { ...reason, retired: true }
    await updateReason(uow.trx, retired)
    return retired
  })
}

/** Every stop with this reason counts otherwise from now on, also those of finished shifts. */
async function tellJudgedAnew(uow: UnitOfWork, reason: Reason): Promise<void> {
  for (const { nodeId, from, to } of await listUses(uow.trx, reason.id)) {
    const cause = `The reason ${reason.code} now counts as ${reason.category ?? 'a mere group'} (${uow.actor.name})`
    uow.emit('performance.past-changed', { nodeId, from, to: to ?? (Math.max(uow.at, from + 1) as Instant), cause })
  }
}

const nodeUnknown = (nodeId: Id<'EquipmentNode'>): DomainError =>
  new DomainError('not-found', 'performance.node-unknown', `There is no equipment node ${nodeId}`, { nodeId })
