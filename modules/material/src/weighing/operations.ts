import { DomainError, newId, toIso } from '@throughline/kernel'
import type { Weighing } from '@throughline/model'
import { confirmWeighing, listWeighings, weigh } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { AssetFinder } from '../assets.ts'
import { getAsset } from '../assets.ts'
import { splitOff } from '../lot/face.ts'
import { assertIssuable } from '../lot/issue.ts'
import { assertDivisible, assertEnough } from '../lot/rules.ts'
import { listLotsById } from '../lot/store.ts'
import { lotAt } from '../lot/stored-lot.ts'
import { takeLot } from '../lot/take.ts'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import { assertScale, assertSecondPerson, netOf } from './rules.ts'
import type { StoredWeighing } from './store.ts'
import { findWeighings, insertWeighing, lockWeighing, updateConfirmed } from './store.ts'

export function registerWeighing(platform: Platform, nodes: NodeFinder, assets: AssetFinder): void {
  platform.handle(weigh, async (uow, { lotId, scale, orderId, source, ...reading }) => {
    const lot = await takeLot(uow, lotId)
    const asset = await getAsset(uow, assets, scale)
    assertScale(asset)
    const problem = assets.problem(asset, uow.at, (at) => toIso(at).slice(0, 16).replace('T', ' '))
    if (problem !== undefined) throw new DomainError('conflict', 'material.scale-not-usable', problem, { scale })
    assertDivisible(lot, 'weighed out')
    assertIssuable(lotAt(lot, uow.at), uow.at, 'weighed out')
    const net = netOf({ ...reading, unit: lot.unit })
    assertEnough(lot, net)
    const weighing: StoredWeighing = {
      id: newId<'Weighing'>(uow.at),
      lotId,
      orderId,
      scale: asset.code,
      unit: lot.unit,
      ...reading,
      net,
      within: true,
      source,
      weighedBy: uow.actor.name,
      weighedById: uow.actor.id,
      weighedAt: uow.at,
      confirmedBy: null,
      confirmedById: null,
      confirmedAt: null,
      dispensedLotId: null,
    }
    await insertWeighing(uow.trx, weighing)
    return shown(weighing)
  })

  platform.handle(confirmWeighing, async (uow, { weighingId, code }) => {
    const weighing = await lockWeighing(uow.trx, weighingId)
    if (weighing === undefined) throw unknown(weighingId)
    const lot = await takeLot(uow, weighing.lotId)
    assertSecondPerson(weighing, uow.actor.id)
    // Quality may have stopped the lot since it was weighed.
    assertIssuable(lotAt(lot, uow.at), uow.at, 'weighed out')
    const { orderId, net, target } = weighing
    const { parts } = await splitOff(uow, lot, [{ code, quantity: net }], uow.at, {
      orderId,
      reason: `weighed out, target ${target} ${weighing.unit}`,
    })
    const confirmed: StoredWeighing = {
      ...weighing,
      confirmedBy: uow.actor.name,
      confirmedById: uow.actor.id,
      confirmedAt: uow.at,
      dispensedLotId: parts[0]?.id ?? null,
    }
    await updateConfirmed(uow.trx, confirmed)
    return shown(confirmed)
  })

  platform.handle(listWeighings, async (uow, asked) => {
    const found = await findWeighings(uow.trx, asked)
    if (uow.scopes === null) return found.map(shown)
    const lots = await listLotsById(uow.trx, [...new Set(found.map(({ lotId }) => lotId))])
    const seen = new Set(lots.filter(({ lastNodeId }) => isWithin(nodes, lastNodeId, uow.scopes)).map(({ id }) => id))
    return found.filter(({ lotId }) => seen.has(lotId)).map(shown)
  })
}

const shown = ({ weighedById: _, confirmedById: _id, ...weighing }: StoredWeighing): Weighing => weighing

const unknown = (id: string): DomainError =>
  new DomainError('not-found', 'material.weighing-unknown', `There is no weighing ${id}`, { id })
