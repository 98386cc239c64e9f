import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { Container } from '@throughline/model'
import { closeContainer, listContainers, makeContainer, moveContainer, packContainer } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { taken } from '../lot/rules.ts'
import { listLotsInContainers, listPlaces, lockLotRows, updateLots } from '../lot/store.ts'
import type { StoredLot } from '../lot/stored-lot.ts'
import { changed } from '../lot/stored-lot.ts'
import { lockStoredLots } from '../lot/take.ts'
import { recordMovement } from '../movement/record.ts'
import type { NodeFinder } from '../nodes.ts'
import { assertNode, isWithin } from '../nodes.ts'
import { takeNumbers } from '../number/store.ts'
import {
  assertInside,
  assertOpen,
  assertPackable,
  assertPrefix,
  assertReady,
  assertStackable,
  assertWay,
  ssccOf,
} from './rules.ts'
import {
  findContainers,
  insertContainer,
  listContainersById,
  listLotsIn,
  listWithin,
  lockPacking,
  updateContainers,
} from './store.ts'
import type { StoredContainer } from './stored-container.ts'

type ContainerId = Id<'Container'>

export function registerContainer(platform: Platform, nodes: NodeFinder, companyPrefix: string): void {
  assertPrefix(companyPrefix)

  platform.handle(listContainers, async (uow, { nodeId, sscc }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const places =
      uow.scopes === null
        ? null
        : (await listPlaces(uow.trx, 'container')).filter((place) => isWithin(nodes, place, uow.scopes))
    return await show(uow, await findContainers(uow.trx, { nodeId, sscc, places }))
  })

  platform.handle(makeContainer, async (uow, { kind, nodeId }) => {
    assertNode(nodes, nodeId)
    const [serial = 0] = await takeNumbers(uow.trx, `sscc:${companyPrefix}`, 1)
    const container: StoredContainer = {
      id: newId<'Container'>(uow.at),
      sscc: ssccOf(companyPrefix, serial),
      kind,
      parentId: null,
      nodeId,
      lastNodeId: nodeId,
      state: 'open',
      stateReason: '',
      madeAt: uow.at,
    }
    await insertContainer(uow.trx, container)
    uow.emit('material.container-changed', { containerId: container.id })
    return { ...shown(container), lots: [] }
  })

  platform.handle(packContainer, async (uow, asked) => {
    const { containerId, putIn, takeOut, putInContainers, takeOutContainers } = asked
    const container = await takeContainer(uow, containerId)
    assertOpen(container)
    const named = [...putIn, ...takeOut]
    if (new Set(named).size < named.length) throw namedTwice()
    const lots = await lockStoredLots(uow, named)
    for (const { lastNodeId } of lots) await uow.assertWithin(lastNodeId)
    const [adding, leaving] = [lots.slice(0, putIn.length), lots.slice(putIn.length)]
    for (const lot of adding) assertPackable(lot, container)
    for (const lot of leaving) assertInside(lot.code, lot.containerId, container)
    const here = { nodeId: container.nodeId, lastNodeId: container.lastNodeId }
    await updateLots(uow.trx, [
      ...adding.map((lot) => changed(lot, { ...here, containerId })),
      ...leaving.map((lot) => changed(lot, { containerId: null })),
    ])
    await tellMove(uow, adding, here, `into container ${container.sscc}`)
    await tellMove(uow, leaving, here, `out of container ${container.sscc}`)
    await stack(uow, container, putInContainers, takeOutContainers)
    return await showOne(uow, containerId)
  })

  platform.handle(moveContainer, async (uow, { containerId, nodeId, place }) => {
    assertNode(nodes, nodeId)
    const container = await takeContainer(uow, containerId)
    assertInPlant(container)
    if (container.parentId !== null) throw standsInAnother(container)
    await bring(uow, container, { nodeId, lastNodeId: nodeId }, place)
    return await showOne(uow, containerId)
  })

  platform.handle(closeContainer, async (uow, { containerId, state, reason }) => {
    const container = await takeContainer(uow, containerId)
    assertWay(container, state)
    const inside = await listWithin(uow.trx, containerId)
    const lots = await lockLotRows(
      uow.trx,
      (
        await listLotsInContainers(
          uow.trx,
          inside.map(({ id }) => id),
        )
      ).map(({ id }) => id),
    )
    if (state === 'emptied' && (lots.length > 0 || inside.length > 1)) throw notEmpty(container)
    if (state === 'closed') assertReady(lots, 'closed', uow.at)
    if (state === 'shipped') {
      if (container.parentId !== null) throw standsInAnother(container)
      const open = inside.find((each) => each.state === 'open')
      if (open !== undefined) assertWay(open, 'shipped')
      assertReady(lots, 'shipped', uow.at)
      await ship(uow, container, lots, reason)
    }
    const gone = state === 'shipped' ? { nodeId: null } : {}
    const also = state === 'shipped' ? inside : [container]
    await updateContainers(
      uow.trx,
      also.map((each) => ({ ...each, ...gone, state, stateReason: reason })),
    )
    for (const { id } of also) uow.emit('material.container-changed', { containerId: id })
    return await showOne(uow, containerId)
  })
}

/** Puts containers into another one, or takes them out of it. */
async function stack(
  uow: UnitOfWork,
  container: StoredContainer,
  putIn: readonly ContainerId[],
  takeOut: readonly ContainerId[],
): Promise<void> {
  if (new Set([...putIn, ...takeOut]).size < putIn.length + takeOut.length) throw namedTwice()
  const here = { nodeId: container.nodeId, lastNodeId: container.lastNodeId }
  const above = await listAbove(uow, container)
  for (const child of await getContainers(uow, putIn)) {
    await uow.assertWithin(child.lastNodeId)
    assertStackable(child, container, above)
    if (child.nodeId !== container.nodeId) await bring(uow, child, here, `into container ${container.sscc}`)
    await updateContainers(uow.trx, [{ ...child, ...here, parentId: container.id }])
    uow.emit('material.container-changed', { containerId: child.id })
  }
  for (const child of await getContainers(uow, takeOut)) {
    assertInside(`Container ${child.sscc}`, child.parentId, container)
    await updateContainers(uow.trx, [{ ...child, parentId: null }])
    uow.emit('material.container-changed', { containerId: child.id })
  }
}

/** Brings a container with all that is in it to a place. */
async function bring(
  uow: UnitOfWork,
  container: StoredContainer,
  here: Pick<StoredContainer, 'nodeId' | 'lastNodeId'>,
  reason: string,
): Promise<void> {
  const inside = await listWithin(uow.trx, container.id)
  const found = await listLotsInContainers(
    uow.trx,
    inside.map(({ id }) => id),
  )
  const lots = await lockLotRows(
    uow.trx,
    found.map(({ id }) => id),
  )
  await updateContainers(
    uow.trx,
    inside.map((each) => ({ ...each, ...here })),
  )
  await updateLots(
    uow.trx,
    lots.map((lot) => changed(lot, here)),
  )
  await tellMove(uow, lots, here, reason === '' ? `in container ${container.sscc}` : reason)
}

async function ship(
  uow: UnitOfWork,
  container: StoredContainer,
  lots: readonly StoredLot[],
  reason: string,
): Promise<void> {
  if (lots.length === 0) return
  await updateLots(
    uow.trx,
    // It stays on record in which container it left.
    lots.map((lot) => ({ ...taken(lot, lot.quantity, 'shipped', reason), containerId: lot.containerId })),
  )
  const place = { nodeId: container.nodeId, lastNodeId: container.lastNodeId }
  const from = lots.map(({ id, quantity }) => ({ lotId: id, quantity }))
  await recordMovement(uow, {
    kind: 'ship',
    at: uow.at,
    ...place,
    from,
    reason: `container ${container.sscc}: ${reason}`,
  })
}

async function tellMove(
  uow: UnitOfWork,
  lots: readonly StoredLot[],
  here: Pick<StoredContainer, 'nodeId' | 'lastNodeId'>,
  reason: string,
): Promise<void> {
  if (lots.length === 0) return
  const lines = lots.map(({ id, quantity }) => ({ lotId: id, quantity }))
  await recordMovement(uow, { kind: 'move', at: uow.at, ...here, from: lines, to: lines, reason })
}

/** The container, its packing held; only for somebody who may work at its place. */
async function takeContainer(uow: UnitOfWork, id: ContainerId): Promise<StoredContainer> {
  await lockPacking(uow.trx)
  const [container] = await getContainers(uow, [id])
  if (container === undefined) throw unknown(id)
  await uow.assertWithin(container.lastNodeId)
  return container
}

async function getContainers(uow: UnitOfWork, ids: readonly ContainerId[]): Promise<StoredContainer[]> {
  const found = new Map((await listContainersById(uow.trx, ids)).map((each) => [each.id, each]))
  return ids.map((id) => {
    const container = found.get(id)
    if (container === undefined) throw unknown(id)
    return container
  })
}

/** The container itself and what it stands in, up to the top. */
async function listAbove(uow: UnitOfWork, container: StoredContainer): Promise<string[]> {
  const above: string[] = []
  for (let next: StoredContainer | undefined = container; next !== undefined && !above.includes(next.id); ) {
    above.push(next.id)
    next = next.parentId === null ? undefined : (await listContainersById(uow.trx, [next.parentId]))[0]
  }
  return above
}

async function showOne(uow: UnitOfWork, id: ContainerId): Promise<Container> {
  const [container] = await show(uow, await getContainers(uow, [id]))
  if (container === undefined) throw unknown(id)
  return container
}

/** Containers with what is in them. */
async function show(uow: UnitOfWork, containers: readonly StoredContainer[]): Promise<Container[]> {
  const lots = await listLotsIn(
    uow.trx,
    containers.map(({ id }) => id),
  )
  return containers.map((container) => ({ ...shown(container), lots: lots.get(container.id) ?? [] }))
}

const shown = ({ lastNodeId: _, stateReason: _reason, ...container }: StoredContainer): Omit<Container, 'lots'> =>
  container

function assertInPlant({ sscc, state }: StoredContainer): void {
  if (state !== 'shipped') return
  throw new DomainError('conflict', 'material.container-state', `Container ${sscc} is shipped: it is no longer here`)
}

const unknown = (id: string): DomainError =>
  new DomainError('not-found', 'material.container-unknown', `There is no container ${id}`, { id })

const namedTwice = (): DomainError =>
  new DomainError('invalid', 'material.lot-named-twice', 'Something is named twice: name each once')

const standsInAnother = ({ sscc }: StoredContainer): DomainError =>
  new DomainError(
    'conflict',
    'material.container-packed',
    `Container ${sscc} stands in another one: take it out of there, or do this with the whole`,
  )

const notEmpty = ({ sscc }: StoredContainer): DomainError =>
  new DomainError('conflict', 'material.container-not-empty', `Something is in container ${sscc}: take it out first`)
