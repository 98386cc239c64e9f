import type { TagDirectory } from '@throughline/equipment'
import type { ThreadNode } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { GraphEdge } from './rules.ts'
import { edgesOf, lotNode, returnsOf } from './rules.ts'
import { hearRun } from './run.ts'
import { putEdges, putNodes, putReturns, settleReturns, updateDetail } from './store.ts'
import { lotNodes, toolNodes } from './words.ts'

const heard = 'traceability.graph'

/** Hears what happens in the plant and keeps the graph; heard twice, or in another order, it says the same. */
export function followPlant(platform: Platform, directory: TagDirectory): void {
  platform.on('material.moved', heard, async (uow, event) => {
    const lots = [...event.from, ...event.to].map(({ lotId }) => lotId)
    await putNodes(uow.trx, await lotNodes(uow, lots, event.nodeId))
    const edges = edgesOf(event)
    const returns = returnsOf(event)
    await putEdges(uow.trx, event.movementId, edges)
    await putReturns(uow.trx, event.movementId, returns)
    await settleReturns(uow.trx, [...edges.filter(({ kind }) => kind === 'built-into'), ...returns])
  })

  platform.on('material.lot-status-changed', heard, async (uow, { lotId }) => {
    await putNodes(uow.trx, await lotNodes(uow, [lotId], null))
  })

  platform.on('execution.run-changed', heard, (uow, { runId }) => hearRun(uow, directory, runId))
  platform.on('execution.step-recorded', heard, (uow, { runId }) => hearRun(uow, directory, runId))

  platform.on('quality.inspection-recorded', heard, async (uow, event) => {
    const inspection: ThreadNode = { kind: 'inspection', id: event.inspectionId }
    const detail = event.passed === null ? 'not judged' : event.passed ? 'passed' : 'failed'
    const lots = event.lotId === null ? [] : await lotNodes(uow, [event.lotId], null)
    const gauges = event.gauge === null ? [] : await toolNodes(uow.trx, [event.gauge])
    const of = lots[0]?.label ?? 'an operation'
    await putNodes(uow.trx, [
      ...[...lots, ...gauges],
      { ...inspection, label: `Inspection of ${of}`, detail, at: event.at, place: null },
    ])
    const said = { at: event.at, until: event.at, quantity: null, shared: false, runId: event.runId }
    const about = event.lotId !== null ? [lotNode(event.lotId)] : runNode(event.runId)
    await putEdges(uow.trx, event.inspectionId, [
      ...gauges.map((gauge): GraphEdge => ({ ...said, from: gauge, to: inspection, kind: 'used-tool' })),
      ...about.map((to): GraphEdge => ({ ...said, from: inspection, to, kind: 'measured-by' })),
    ])
  })

  platform.on('quality.deviation-opened', heard, async (uow, event) => {
    const deviation: ThreadNode = { kind: 'deviation', id: event.deviationId }
    const lots = await lotNodes(uow, event.lots, null)
    const place = lots[0]?.place ?? null
    await putNodes(uow.trx, [...lots, { ...deviation, label: event.code, detail: 'open', at: event.at, place }])
    const about = lots.length > 0 ? lots : runNode(event.runId)
    const said = { at: event.at, until: event.at, quantity: null, shared: false, runId: event.runId }
    await putEdges(
      uow.trx,
      event.deviationId,
      about.map((to): GraphEdge => ({ ...said, from: deviation, to, kind: 'concerned-by' })),
    )
  })

  platform.on('quality.deviation-closed', heard, (uow, { deviationId, disposition }) =>
    updateDetail(uow.trx, { kind: 'deviation', id: deviationId }, disposition ?? 'void'),
  )
}

const runNode = (id: string | null): ThreadNode[] => (id === null ? [] : [{ kind: 'run', id }])
