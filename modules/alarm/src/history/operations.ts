import { listAlarmHistory } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { listNodesWithAlarms } from '../kpi/store.ts'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import { listTransitions } from './store.ts'

export function registerHistory(platform: Platform, nodes: NodeFinder): void {
  platform.handle(listAlarmHistory, async (uow, { nodeId, window, limit, ...want }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const tops = nodeId === undefined ? uow.scopes : [nodeId]
    const nodeIds = (await listNodesWithAlarms(uow.trx)).filter((each) => isWithin(nodes, each, tops))
    const { from, to } = window
    const found = await listTransitions(uow.trx, { ...want, nodeIds, from, to, limit })
    return { transitions: found.slice(0, limit), more: found.length > limit }
  })
}
