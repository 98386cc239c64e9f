import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Stop, StopComment } from '@throughline/model'
import { explainStop, getStop, listStops, mergeStops, reclassifyStop, splitStop } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin, pathTo } from '../reason/place.ts'
import { assertChoosable } from '../reason/rules.ts'
import { getReason, listReasons } from '../reason/store.ts'
import {
  assertInside,
  assertNeighbours,
  assertOtherReason,
  assertSeen,
  assertStands,
  assertUnexplained,
  nameOf,
} from './rules.ts'
import { changed, halvesOf, wholeOf } from './shape.ts'
import {
  findStops,
  getStopAt,
  getStoredStop,
  insertComment,
  insertStops,
  listStopMachines,
  listSuccessors,
  lockMachine,
  updateStops,
} from './store.ts'
import type { StoredStop } from './stored-stop.ts'

/** Mounts what people ask and say of stops. */
export function registerStop(platform: Platform, nodes: NodeFinder): void {
  platform.handle(listStops, async (uow, { nodeId, window: { from, to }, show, includeMinor, limit }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const scopes = nodeId === undefined ? uow.scopes : [nodeId]
    const machines = (await listStopMachines(uow.trx)).filter((each) => isWithin(nodes, each, scopes))
    return await findStops(uow.trx, { nodeIds: machines, from, to, at: uow.at, show, includeMinor, limit })
  })

  platform.handle(getStop, async (uow, { stopId }) => {
    const stop = await getStopAt(uow.trx, stopId, uow.at)
    await uow.assertWithin(stop.nodeId)
    return stop
  })

  platform.handle(explainStop, async (uow, { stopId, version, reasonId, comment }) => {
    const stop = await takeStop(uow, stopId, version)
    assertUnexplained(stop, stop.reasonId === null ? null : await getReason(uow.trx, stop.reasonId))
    const reason = await choose(uow, nodes, stop, reasonId)
    await say(uow, stop.id, comment)
    return await put(uow, changed(stop, { reasonId, reasonBy: 'person' }, uow), `explained as ${reason.code}`)
  })

  platform.handle(reclassifyStop, async (uow, { stopId, version, reasonId, why }) => {
    const stop = await takeStop(uow, stopId, version)
    const reason = await choose(uow, nodes, stop, reasonId)
    assertOtherReason(stop, reason)
    const before = stop.reasonId === null ? 'unexplained' : (await getReason(uow.trx, stop.reasonId)).code
    await say(uow, stop.id, why)
    const next = changed(stop, { reasonId, reasonBy: 'person' }, uow)
    return await put(uow, next, `reclassified from ${before} to ${reason.code}: ${why}`)
  })

  platform.handle(splitStop, async (uow, { stopId, version, at, why }) => {
    const stop = await takeStop(uow, stopId, version)
    assertInside(stop, at, uow.at)
    await say(uow, stop.id, why)
    const [first, second] = halvesOf(stop, at, uow)
    await replace(uow, [stop], [first, second], `split: ${why}`)
    return { first: await show(uow, first.id), second: await show(uow, second.id) }
  })

  platform.handle(mergeStops, async (uow, { stops: named, why }) => {
    const found = []
    for (const { stopId } of named) found.push(await visible(uow, stopId))
    assertNeighbours(found.sort(byTime))
    const taken = []
    for (const { stopId, version } of named) taken.push(await takeStop(uow, stopId, version))
    assertNeighbours(taken.sort(byTime))
    const [first, ...others] = taken as [StoredStop, ...StoredStop[]]
    const whole = wholeOf([first, ...others], uow)
    await replace(uow, taken, [whole], `merged: ${why}`)
    await say(uow, whole.id, why)
    return await show(uow, whole.id)
  })
}

const byTime = (a: StoredStop, b: StoredStop): number => a.from - b.from || (a.id < b.id ? -1 : 1)

/** @throws DomainError `not-found`, `forbidden` */
async function visible(uow: UnitOfWork, id: Id<'Stop'>): Promise<StoredStop> {
  const stop = await getStoredStop(uow.trx, id)
  await uow.assertWithin(stop.nodeId)
  return stop
}

/** The stop as the person saw it; nobody else changes the stops of its machine until this work ends. */
async function takeStop(uow: UnitOfWork, id: Id<'Stop'>, version: number): Promise<StoredStop> {
  const { nodeId } = await visible(uow, id)
  await lockMachine(uow.trx, nodeId)
  const stop = await getStoredStop(uow.trx, id)
  assertStands(stop, stop.replacedAt === null ? [] : await listSuccessors(uow.trx, id))
  assertSeen(stop, version)
  return stop
}

async function choose(uow: UnitOfWork, nodes: NodeFinder, stop: StoredStop, reasonId: Id<'Reason'>) {
  const reason = await getReason(uow.trx, reasonId)
  assertChoosable(reason, 'stop', pathTo(nodes, stop.nodeId), await listReasons(uow.trx))
  return reason
}

async function put(uow: UnitOfWork, stop: StoredStop, cause: string): Promise<Stop> {
  await updateStops(uow.trx, [stop])
  tell(uow, stop, cause)
  return await show(uow, stop.id)
}

async function replace(
  uow: UnitOfWork,
  old: readonly StoredStop[],
  fresh: readonly StoredStop[],
  cause: string,
): Promise<void> {
  await updateStops(
    uow.trx,
    old.map((stop) => changed(stop, { replacedAt: uow.at }, uow)),
  )
  await insertStops(uow.trx, fresh)
  const [first] = fresh
  const last = fresh.at(-1)
  if (first !== undefined && last !== undefined) tell(uow, { ...first, to: last.to }, cause)
}

function tell(uow: UnitOfWork, { nodeId, from, to }: StoredStop, cause: string): void {
  uow.emit('performance.past-changed', {
    nodeId,
    from,
    // What began this very moment lasts for one.
    to: to ?? (Math.max(uow.at, from + 1) as Instant),
    cause: `${nameOf({ from })} was ${cause} (${uow.actor.name})`,
  })
}

const show = (uow: UnitOfWork, id: Id<'Stop'>): Promise<Stop> => getStopAt(uow.trx, id, uow.at)

async function say(uow: UnitOfWork, stopId: Id<'Stop'>, text: string): Promise<void> {
  if (text.trim() === '') return
  const comment: StopComment = { id: newId<'StopComment'>(uow.at), text, at: uow.at, by: uow.actor.name, photo: null }
  await insertComment(uow.trx, stopId, comment)
}
