import { getLosses } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { gatherCells } from '../kpi/gather.ts'
import { listMachinesAsked } from '../kpi/machines-asked.ts'
import type { NodeFinder } from '../reason/place.ts'
import { nameOf } from '../reason/place.ts'
import { listReasons } from '../reason/store.ts'
import type { Machines } from '../state-rule/machines.ts'
import { sumElements } from '../time-model/elements.ts'
import { loadJudgement } from '../time-model/load.ts'
import { machineLossesOf, scrapReasonsOf, stepsOf, stopReasonsOf } from './rules.ts'

export function registerLoss(platform: Platform, machines: Machines, nodes: NodeFinder): void {
  platform.handle(getLosses, async (uow, { nodeId, window }) => {
    const asked = await listMachinesAsked(uow, machines, nodes, nodeId)
    const judgement = await loadJudgement(uow.trx, asked)
    const cells = await gatherCells({ db: uow.trx, machines: asked, window, now: uow.at, judgement })
    const reasons = new Map((await listReasons(uow.trx)).map((reason) => [reason.id, reason]))
    const { pbtUs, idealGoodUs } = sumElements(cells.map((cell) => cell.elements))
    return {
      pbtUs,
      idealGoodUs,
      steps: stepsOf(cells),
      stopReasons: stopReasonsOf(cells, reasons, (each) => nameOf(nodes, each)),
      scrapReasons: scrapReasonsOf(cells, reasons),
      machines: machineLossesOf(cells),
    }
  })
}
