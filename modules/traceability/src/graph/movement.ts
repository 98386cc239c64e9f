import type { Id } from '@throughline/kernel'
import { listContainersById } from '@throughline/material'
import type { Container, Lot, ThreadNode } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { GraphEdge, GraphNode, Moved } from './rules.ts'
import { edgesOf, lotNode, returnsOf } from './rules.ts'
import { forgetEdges, putCausedEdges, putNodes, putReturns, settleReturns } from './store.ts'
import { lotNodes } from './words.ts'

type Uow = Pick<UnitOfWork, 'trx' | 'at'>

/** Says what became of what by these movements, and what is true now of each lot that they moved. */
export async function hearMovements(
  uow: Uow,
  movements: readonly (Moved & { readonly movementId: Id<'MaterialMovement'> })[],
): Promise<void> {
  await hearLots(
    uow,
    movements.flatMap(({ from, to }) => [...from, ...to].map(({ lotId }) => lotId)),
  )
  const edges = movements.flatMap((moved) => edgesOf(moved).map((edge) => ({ ...edge, cause: moved.movementId })))
  await putCausedEdges(uow.trx, edges)
  for (const moved of movements) await putReturns(uow.trx, moved.movementId, returnsOf(moved))
  await settleReturns(uow.trx, [...edges.filter(({ kind }) => kind === 'built-into'), ...movements.flatMap(returnsOf)])
}

/** Says of lots how they stand, in which container they are, and by what certificate they came. */
export async function hearLots(uow: Uow, ids: readonly Id<'Lot'>[]): Promise<void> {
  const nodes = await lotNodes(uow, ids)
  const lots = nodes.map(({ lot }) => lot)
  const inside = await containerNodes(
    uow,
    lots.flatMap(({ containerId }) => containerId ?? []),
  )
  await putNodes(uow.trx, [...nodes, ...inside, ...lots.flatMap((lot) => certificateOf(lot) ?? [])])
  await forgetEdges(uow.trx, ...lots.map(({ id }) => id))
  const madeAt = new Map(inside.map(({ id, at }) => [id, at]))
  await putCausedEdges(
    uow.trx,
    lots.flatMap((lot) => {
      const said = { ...plain, cause: lot.id, to: lotNode(lot.id) }
      const certificate = certificateOf(lot)
      const { containerId, madeAt: at } = lot
      return [
        ...(containerId === null
          ? []
          : [
              {
                ...said,
                from: containerNode(containerId),
                kind: 'packed-in' as const,
                at: madeAt.get(containerId) ?? at,
              },
            ]),
        ...(certificate === undefined
          ? []
          : [{ ...said, from: certificate, kind: 'documented-by' as const, at, until: at }]),
      ]
    }),
  )
}

/** Says of containers how they stand, and in which one each is. */
export async function hearContainers(uow: Uow, ids: readonly Id<'Container'>[]): Promise<void> {
  const containers = await listContainersById(uow.trx, ids)
  const around = containers.flatMap(({ parentId }) => parentId ?? [])
  await putNodes(uow.trx, await containerNodes(uow, [...ids, ...around]))
  await forgetEdges(uow.trx, ...ids)
  await putCausedEdges(
    uow.trx,
    containers.flatMap(({ id, parentId, madeAt }) =>
      parentId === null
        ? []
        : [
            {
              ...plain,
              cause: id,
              from: containerNode(parentId),
              to: containerNode(id),
              kind: 'packed-in' as const,
              at: madeAt,
            },
          ],
    ),
  )
}

const plain: Pick<GraphEdge, 'until' | 'quantity' | 'shared' | 'runId'> = {
  ...{ until: null, quantity: null, shared: false, runId: null },
}

const containerNode = (id: Container['id']): ThreadNode => ({ kind: 'container', id })

async function containerNodes({ trx }: Uow, ids: readonly Id<'Container'>[]): Promise<GraphNode[]> {
  if (ids.length === 0) return []
  const found = await listContainersById(trx, [...new Set(ids)])
  return found.map(({ id, sscc, kind, state, madeAt, lastNodeId }) => ({
    ...{ kind: 'container', id, label: sscc, detail: `${kind}, ${state}`, at: madeAt, place: lastNodeId },
  }))
}

/** The supplier's certificate: its file, or where there is none its number. */
function certificateOf({ certificate, supplier, code }: Lot): GraphNode | undefined {
  if (certificate === null) return undefined
  const { number, document } = certificate
  const id = document ?? `certificate ${supplier ?? ''} ${number}`
  const detail = supplier === null ? `certificate of ${code}` : `certificate of ${supplier}`
  return { kind: 'document', id: id.slice(0, 200), label: number, detail, at: null, place: null }
}
