import { compare, DomainError, zero } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import {
  countLot,
  disposeLot,
  getLot,
  listLots,
  mergeLots,
  moveLot,
  receiveLot,
  setLotStatus,
  splitLot,
  transformLot,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { effectiveDefinition } from '../definition/face.ts'
import { recordMovement } from '../movement/record.ts'
import type { NodeFinder } from '../nodes.ts'
import { assertNode, isWithin } from '../nodes.ts'
import { giveCodes, lotSeries, serialSeries } from './codes.ts'
import { splitOff } from './face.ts'
import { assertIssuable } from './issue.ts'
import { assertAlike, counted, merged, moved, transformed } from './making.ts'
import { assertPieces, newLot } from './new-lot.ts'
import {
  assertDivisible,
  assertEnough,
  assertHappened,
  assertHere,
  assertSeen,
  assertStatusWay,
  assertUsable,
  taken,
} from './rules.ts'
import { putStatus } from './status.ts'
import { findLots, insertLots, listPlaces, updateLots } from './store.ts'
import type { StoredLot } from './stored-lot.ts'
import { lotAt } from './stored-lot.ts'
import { getStoredLot, lockStoredLots, takeLot } from './take.ts'

/** Mounts what people ask and do with lots. */
export function registerLot(platform: Platform, nodes: NodeFinder): void {
  platform.handle(listLots, async (uow, asked) => {
    if (asked.nodeId !== undefined) await uow.assertWithin(asked.nodeId)
    const places =
      uow.scopes === null
        ? null
        : (await listPlaces(uow.trx, 'lot')).filter((place) => isWithin(nodes, place, uow.scopes))
    const { lots, total } = await findLots(uow.trx, { ...asked, places })
    return { lots: lots.map((lot) => lotAt(lot, uow.at)), total }
  })

  platform.handle(getLot, async (uow, asked) => {
    const lot = await getStoredLot(uow, asked)
    await uow.assertWithin(lot.lastNodeId)
    return lotAt(lot, uow.at)
  })

  platform.handle(receiveLot, async (uow, input) => {
    const { material, quantity, nodeId, certificate, supplier, supplierLot, at = uow.at } = input
    assertNode(nodes, nodeId)
    assertHappened(at, uow.at, [])
    const definition = await effectiveDefinition(uow, material)
    if (definition === undefined) throw notEffective(material)
    assertPieces(definition, quantity, true)
    if (input.outLifeUsedSeconds > 0 && definition.outLifeSeconds === null) throw ageless(material)
    const series = definition.control === 'serial' ? serialSeries(definition.code) : lotSeries
    const [code = ''] = await giveCodes(uow.trx, [input.code], series)
    const made = newLot(definition, { code, quantity, nodeId, at, place: input.place }, uow.at)
    const lot: StoredLot = {
      ...made,
      ...(definition.quarantineOnReceipt
        ? { status: 'quarantine' as const, statusReason: 'received, not yet looked at by quality' }
        : {}),
      expiresAt: input.expiresAt ?? made.expiresAt,
      outClock: made.outClock && { ...made.outClock, usedUs: Math.round(input.outLifeUsedSeconds * 1e6) },
      supplier,
      supplierLot,
      certificate: certificate && { number: certificate.number, document: certificate.document },
      certificateNeeded: definition.needsCertificate,
    }
    await insertLots(uow.trx, [lot])
    const reason = `${supplier}, lot ${supplierLot}`
    await recordMovement(uow, { kind: 'receive', at, ...placeOf(lot), to: [{ lotId: lot.id, quantity }], reason })
    return lotAt(lot, uow.at)
  })

  platform.handle(moveLot, async (uow, { lotId, nodeId, place, cold, at = uow.at }) => {
    assertNode(nodes, nodeId)
    const lot = await takeLot(uow, lotId)
    assertHappened(at, uow.at, [lot])
    assertHere(lot, 'moved')
    if (lot.containerId !== null) throw inContainer(lot)
    const { next, kind } = moved(lot, { nodeId, place, cold, at })
    await updateLots(uow.trx, [next])
    const line = [{ lotId, quantity: lot.quantity }]
    await recordMovement(uow, { kind, at, ...placeOf(next), from: line, to: line, reason: place })
    return lotAt(next, uow.at)
  })

  platform.handle(splitLot, async (uow, { lotId, parts, at = uow.at }) => {
    const lot = await takeLot(uow, lotId)
    assertHappened(at, uow.at, [lot])
    assertUsable(lot, 'split')
    const made = await splitOff(uow, lot, parts, at, {})
    return { rest: lotAt(made.rest, uow.at), parts: made.parts.map((part) => lotAt(part, uow.at)) }
  })

  platform.handle(mergeLots, async (uow, { lotIds, code, reason, at = uow.at }) => {
    const lots = await takeLots(uow, lotIds)
    assertHappened(at, uow.at, lots)
    for (const lot of lots) {
      assertUsable(lot, 'merged')
      assertDivisible(lot, 'merged')
      if (compare(lot.quantity, zero) <= 0) throw empty(lot)
    }
    assertAlike(lots)
    const [given = ''] = await giveCodes(uow.trx, [code], lotSeries)
    const whole = merged(lots, given, at, uow.at)
    await updateLots(
      uow.trx,
      lots.map((lot) => taken(lot, lot.quantity, 'consumed', `merged into ${given}`)),
    )
    await insertLots(uow.trx, [whole])
    const from = lots.map(({ id, quantity }) => ({ lotId: id, quantity }))
    const to = [{ lotId: whole.id, quantity: whole.quantity }]
    await recordMovement(uow, { kind: 'merge', at, ...placeOf(whole), from, to, reason })
    return lotAt(whole, uow.at)
  })

  platform.handle(transformLot, async (uow, { lotId, quantity, material, made, code, reason, at = uow.at }) => {
    const lot = await takeLot(uow, lotId)
    assertHappened(at, uow.at, [lot])
    assertUsable(lot, 'transformed')
    assertIssuable(lotAt(lot, uow.at), at, 'transformed')
    assertEnough(lot, quantity)
    const definition = await effectiveDefinition(uow, material)
    if (definition === undefined) throw notEffective(material)
    assertPieces(definition, made, true)
    const series = definition.control === 'serial' ? serialSeries(definition.code) : lotSeries
    const [given = ''] = await giveCodes(uow.trx, [code], series)
    const to = transformed(lot, definition, { code: given, quantity: made, at }, uow.at)
    const from = taken(lot, quantity, 'consumed', `made into ${given}`)
    await updateLots(uow.trx, [from])
    await insertLots(uow.trx, [to])
    await recordMovement(uow, {
      kind: 'transform',
      at,
      ...placeOf(lot),
      from: [{ lotId, quantity }],
      to: [{ lotId: to.id, quantity: made }],
      reason,
    })
    return { from: lotAt(from, uow.at), to: lotAt(to, uow.at) }
  })

  platform.handle(countLot, async (uow, { lotId, version, counted: found, reason, at = uow.at }) => {
    const lot = await takeLot(uow, lotId)
    assertHappened(at, uow.at, [lot])
    assertSeen(lot, version)
    assertHere(lot, 'counted')
    const { next, lines } = counted(lot, found)
    await updateLots(uow.trx, [next])
    await recordMovement(uow, { kind: 'count', at, ...placeOf(lot), ...lines, reason })
    return lotAt(next, uow.at)
  })

  platform.handle(setLotStatus, async (uow, { lotId, version, status, reason }) => {
    const lot = await takeLot(uow, lotId)
    assertSeen(lot, version)
    assertStatusWay(lot, status)
    const put = await putStatus(uow, lot, status, reason, uow.at)
    return { lot: lotAt(put.lot, uow.at), descendants: put.descendants }
  })

  platform.handle(disposeLot, async (uow, { lotId, quantity, reason, at = uow.at }) => {
    const lot = await takeLot(uow, lotId)
    assertHappened(at, uow.at, [lot])
    assertHere(lot, 'disposed of')
    assertEnough(lot, quantity)
    const next = taken(lot, quantity, 'disposed', reason)
    await updateLots(uow.trx, [next])
    await recordMovement(uow, { kind: 'dispose', at, ...placeOf(lot), from: [{ lotId, quantity }], reason })
    return lotAt(next, uow.at)
  })
}

const placeOf = ({ nodeId, lastNodeId }: StoredLot) => ({ nodeId, lastNodeId })

async function takeLots(uow: UnitOfWork, ids: readonly Lot['id'][]): Promise<StoredLot[]> {
  if (new Set(ids).size < ids.length) throw namedTwice()
  const lots = await lockStoredLots(uow, ids)
  for (const { lastNodeId } of lots) await uow.assertWithin(lastNodeId)
  return lots
}

const notEffective = (material: string): DomainError =>
  new DomainError(
    'not-found',
    'material.definition-not-in-force',
    `No version of a material ${material} is effective: draft it and have it released`,
    { material },
  )

const ageless = (material: string): DomainError =>
  new DomainError('invalid', 'material.out-life-unknown', `${material} has no out-life: leave out how much was used`)

const inContainer = ({ code, containerId }: StoredLot): DomainError =>
  new DomainError(
    'conflict',
    'material.lot-in-container',
    `${code} is in a container: move the container, or take the lot out of it first`,
    { containerId },
  )

const empty = ({ code }: StoredLot): DomainError =>
  new DomainError('conflict', 'material.lot-too-little', `Nothing is left of ${code}`)

const namedTwice = (): DomainError =>
  new DomainError('invalid', 'material.lot-named-twice', 'A lot is named twice: name each once')
