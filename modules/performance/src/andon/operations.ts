import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { AndonCall } from '@throughline/model'
import { acknowledgeCall, callHelp, listCalls, resolveCall } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin, nameOf } from '../reason/place.ts'
import { getStoredStop } from '../stop/store.ts'
import { assertAnswered, assertUnanswered } from './rules.ts'
import { findOpenCall, insertCall, listCallsBetween, takeCall, updateCall } from './store.ts'

export function registerAndon(platform: Platform, nodes: NodeFinder): void {
  platform.handle(callHelp, async (uow, { nodeId, kind, text, stopId }) => {
    if (nodes.node(nodeId) === undefined) throw nodeUnknown(nodeId)
    if (stopId !== null) await assertOfMachine(uow, nodes, nodeId, stopId)
    const open = await findOpenCall(uow.trx, nodeId, kind)
    if (open !== undefined) return open
    const call: AndonCall = {
      id: newId<'AndonCall'>(uow.at),
      nodeId,
      kind,
      text,
      stopId,
      state: 'called',
      calledAt: uow.at,
      calledBy: uow.actor.name,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      resolution: null,
    }
    await insertCall(uow.trx, call)
    uow.emit('performance.andon-changed', { nodeId, callId: call.id })
    return call
  })

  platform.handle(acknowledgeCall, async (uow, { callId }) => {
    const call = await take(uow, callId)
    assertUnanswered(call)
    return await put(uow, {
      ...call,
      state: 'acknowledged',
      acknowledgedAt: uow.at,
      acknowledgedBy: uow.actor.name,
    })
  })

  platform.handle(resolveCall, async (uow, { callId, resolution }) => {
    const call = await take(uow, callId)
    assertAnswered(call)
    return await put(uow, { ...call, state: 'resolved', resolvedAt: uow.at, resolvedBy: uow.actor.name, resolution })
  })

  platform.handle(listCalls, async (uow, { nodeId, window: { from, to }, onlyOpen }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const scopes = nodeId === undefined ? uow.scopes : [nodeId]
    const calls = await listCallsBetween(uow.trx, from, to)
    return calls
      .filter((call) => isWithin(nodes, call.nodeId, scopes))
      .filter((call) => !onlyOpen || call.state !== 'resolved')
  })
}

async function take(uow: UnitOfWork, id: Id<'AndonCall'>): Promise<AndonCall> {
  const call = await takeCall(uow.trx, id)
  await uow.assertWithin(call.nodeId)
  return call
}

async function put(uow: UnitOfWork, call: AndonCall): Promise<AndonCall> {
  await updateCall(uow.trx, call)
  uow.emit('performance.andon-changed', { nodeId: call.nodeId, callId: call.id })
  return call
}

async function assertOfMachine(
  uow: UnitOfWork,
  nodes: NodeFinder,
  nodeId: Id<'EquipmentNode'>,
  stopId: Id<'Stop'>,
): Promise<void> {
  const stop = await getStoredStop(uow.trx, stopId)
  if (stop.nodeId === nodeId) return
  const message = `This stop is not one of ${nameOf(nodes, nodeId)}`
  throw new DomainError('invalid', 'performance.andon-stop-elsewhere', message, {
    fields: [{ path: 'stopId', message }],
  })
}

const nodeUnknown = (nodeId: Id<'EquipmentNode'>): DomainError =>
  new DomainError('not-found', 'performance.node-unknown', `There is no equipment node ${nodeId}`, { nodeId })
