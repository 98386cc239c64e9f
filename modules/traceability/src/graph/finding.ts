import { findOrder, findRun } from '@throughline/execution'
import type { Id } from '@throughline/kernel'
import type { Deviation, Inspection, ThreadNode } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { GraphEdge, GraphNode } from './rules.ts'
import { runNodeOf } from './run.ts'
import { forgetEdges, putEdges, putNodes } from './store.ts'
import { lotNodes, toolNodes } from './words.ts'

type Uow = Pick<UnitOfWork, 'trx' | 'at'>

/** Says of an inspection what it was of, with what it was measured, and from which file it came. */
export async function hearInspection(uow: Uow, inspection: Inspection): Promise<void> {
  const { id, lotId, runId, gauge, passed, at, document, piece } = inspection
  const self: ThreadNode = { kind: 'inspection', id }
  const about = lotId === null ? await workOf(uow, runId, null) : await lotNodes(uow, [lotId])
  const gauges = gauge === null ? [] : await toolNodes(uow.trx, [gauge])
  const files: GraphNode[] = document === null ? [] : [fileOf(document)]
  const detail = passed === null ? 'not judged' : passed ? 'passed' : 'failed'
  const label = `Inspection of ${lotId === null ? piece : (about[0]?.label ?? piece)}`
  await putNodes(uow.trx, [...about, ...gauges, ...files, { ...self, label, detail, at, place: null }])
  await forgetEdges(uow.trx, id)
  const said = { at, until: at, quantity: null, shared: false, runId }
  await putEdges(uow.trx, id, [
    ...gauges.map((from): GraphEdge => ({ ...said, from, to: self, kind: 'used-tool' })),
    ...files.map((from): GraphEdge => ({ ...said, from, to: self, kind: 'documented-by' })),
    ...about.map((to): GraphEdge => ({ ...said, from: self, to, kind: 'measured-by' })),
  ])
}

/** Says of a deviation how it stands and what it concerns: pieces, or else an operation, or else an order. */
export async function hearDeviation(uow: Uow, deviation: Deviation): Promise<void> {
  const { id, code, lots, runId, orderId, nodeId, openedAt: at, state, closed } = deviation
  const self: ThreadNode = { kind: 'deviation', id }
  const pieces = await lotNodes(
    uow,
    lots.map(({ lotId }) => lotId),
  )
  const about = pieces.length > 0 ? pieces : await workOf(uow, runId, orderId)
  const detail = state === 'open' ? 'open' : (closed?.disposition ?? 'void')
  const place = nodeId ?? about[0]?.place ?? null
  await putNodes(uow.trx, [...about, { ...self, label: code, detail, at, place }])
  await forgetEdges(uow.trx, id)
  const said = { at, until: at, quantity: null, shared: false, runId }
  await putEdges(
    uow.trx,
    id,
    about.map((to): GraphEdge => ({ ...said, from: self, to, kind: 'concerned-by' })),
  )
}

const fileOf = (sha256: string): GraphNode => ({
  ...{ kind: 'document', id: sha256, label: `Original ${sha256.slice(0, 12)}`, detail: 'file with what was measured' },
  ...{ at: null, place: null },
})

/** The operation that it is about, or the order as a whole. */
async function workOf(
  { trx }: Uow,
  runId: Id<'OperationRun'> | null,
  orderId: Id<'Order'> | null,
): Promise<GraphNode[]> {
  const run = runId === null ? undefined : await findRun(trx, runId)
  if (run !== undefined) return [await runNodeOf({ trx }, run)]
  const order = orderId === null ? undefined : await findOrder(trx, orderId)
  if (order === undefined) return []
  const { id, code, product, siteId } = order
  return [{ kind: 'order', id, label: code, detail: product, at: null, place: siteId }]
}
