import { getAlarmKpis } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import { readPhilosophy } from '../philosophy/store.ts'
import { alarmKpis, judgedWindow } from './rules.ts'
import { listLongStanding, listNodesWithAlarms, readStreams } from './store.ts'

export function registerKpi(platform: Platform, nodes: NodeFinder): void {
  platform.handle(getAlarmKpis, async (uow, { nodeId, window: asked, operators }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const window = judgedWindow(asked, uow.at)
    const tops = nodeId === undefined ? uow.scopes : [nodeId]
    const within =
      tops === null ? null : (await listNodesWithAlarms(uow.trx)).filter((each) => isWithin(nodes, each, tops))
    const { targets } = await readPhilosophy(uow.trx)
    const evidence = {
      ...(await readStreams(uow.trx, within, window)),
      standing: await listLongStanding(uow.trx, within, window, targets.staleAfterHours),
    }
    return alarmKpis(evidence, { window, operators, targets })
  })
}
