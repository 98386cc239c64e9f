import { newId } from '@throughline/kernel'
import type { ShiftResult } from '@throughline/model'
import { listShiftResults } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { kpiValuesOf } from '../kpi/value.ts'
import type { Machines } from '../state-rule/machines.ts'
import { coverageOf } from '../time-model/elements.ts'
import { ShiftResultRecorder } from './recorder.ts'
import { insertDue, listVersions } from './store.ts'
import type { StoredResult } from './stored-result.ts'

/**
 * Mounts what is asked of recorded results, and makes the one who records them: `open()` it once the machines are known,
 * `close()` it at the end.
 */
export function registerShiftResult(platform: Platform, machines: Machines): ShiftResultRecorder {
  platform.handle(listShiftResults, async (uow, { nodeId, window, onlyRestated }) => {
    const nodeIds = machines.atOrBelow(nodeId).map((machine) => machine.nodeId)
    const versions = await listVersions(uow.trx, nodeIds, window.from, window.to)
    const restated = new Set(versions.filter(({ version }) => version > 1).map(shiftKey))
    return versions.filter((result) => !onlyRestated || restated.has(shiftKey(result))).map(toShiftResult)
  })

  platform.on('performance.past-changed', 'performance.shift-result', async (uow, { nodeId, from, to, cause }) => {
    const affected = machines.atOrBelow(nodeId)
    await insertDue(
      uow.trx,
      affected.map((machine) => ({
        ...{ id: newId(uow.at), nodeId: machine.nodeId, from, to, cause, heardAt: uow.at },
      })),
    )
  })

  return new ShiftResultRecorder(platform, machines)
}

const shiftKey = ({ nodeId, from }: StoredResult): string => `${nodeId} ${from}`

function toShiftResult(result: StoredResult): ShiftResult {
  const { id, nodeId, date, name, from, to, version, cause, asOf, inputHash, elements } = result
  const base = { elements, allTimeUs: elements.calendarUs, firstPq: elements.pq }
  return {
    ...{ id, nodeId, shift: { date, name, from, to }, version, cause, asOf, inputHash, elements },
    kpis: kpiValuesOf(base),
    coverage: coverageOf(elements),
  }
}
