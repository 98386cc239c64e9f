import type { Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import { getKpis, getLosses, getShiftReport } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { timeTextIn } from '@throughline/platform'
import { listMachinesAsked } from '../kpi/machines-asked.ts'
import type { NodeFinder } from '../reason/place.ts'
import { nameOf, pathTo } from '../reason/place.ts'
import { listReasons } from '../reason/store.ts'
import type { Machines } from '../state-rule/machines.ts'
import { listStops } from '../stop/store.ts'
import type { ReportContents } from './contents.ts'
import { pdfOf } from './pdf.ts'
import { csvOf, xlsxOf } from './spreadsheet.ts'

type Input = ReturnType<(typeof getShiftReport)['input']['parse']>

const files = {
  pdf: { mediaType: 'application/pdf', write: pdfOf },
  xlsx: { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', write: xlsxOf },
  csv: { mediaType: 'text/csv; charset=utf-8', write: async (contents: ReportContents) => csvOf(contents) },
}

export function registerReport(platform: Platform, machines: Machines, nodes: NodeFinder): void {
  platform.handle(getShiftReport, async (uow, input) => {
    const contents = await contentsOf(platform, uow, machines, nodes, input)
    const { mediaType, write } = files[input.format]
    const begin = toIso(input.window.from).slice(0, 16).replace(':', '')
    return {
      fileName: `shift-${contents.node}-${begin}.${input.format}`.replaceAll(/[^A-Za-z0-9._-]/g, '_'),
      mediaType,
      content: (await write(contents)).toString('base64'),
    }
  })
}

async function contentsOf(
  platform: Platform,
  uow: UnitOfWork,
  machines: Machines,
  nodes: NodeFinder,
  { nodeId, window }: Input,
): Promise<ReportContents> {
  const asked = await listMachinesAsked(uow, machines, nodes, nodeId)
  const nodeIds = asked.map((machine) => machine.nodeId)
  // The report says what the pages say: it asks as its reader does.
  const { rows, total } = await platform.run(getKpis, uow.actor, { nodeId, window, by: 'machine' })
  const { steps, stopReasons, scrapReasons } = await platform.run(getLosses, uow.actor, { nodeId, window })
  const reasons = new Map((await listReasons(uow.trx)).map((reason) => [reason.id, reason.texts['en'] ?? reason.code]))
  const waitingFor = (cause: (typeof nodeIds)[number] | null): string | null =>
    cause === null ? null : `waits for ${nameOf(nodes, cause)}`
  const stops = await listStops(uow.trx, nodeIds, window.from, window.to, uow.at)
  return {
    node: nameOf(nodes, nodeId),
    ...{ window, rows, total, steps, stopReasons, scrapReasons },
    stops: stops
      .filter((stop) => !stop.minor)
      .map(({ nodeId: machine, from, to, state, reasonId, causedBy, comments }) => ({
        ...{ machine: nameOf(nodes, machine), from, to, state, comments: comments.map(({ text }) => text) },
        reason: reasonId === null ? waitingFor(causedBy) : (reasons.get(reasonId) ?? reasonId),
      })),
    made: uow.at,
    by: uow.actor.name,
    timeText: timeTextOf(nodes, nodeId),
  }
}

/** In the zone of the site; of the whole plant, UTC. */
function timeTextOf(nodes: NodeFinder, nodeId: Input['nodeId']): (at: Instant) => string {
  const zone = pathTo(nodes, nodeId)
    .map((each) => nodes.node(each)?.timeZone ?? null)
    .find((each) => each !== null)
  return timeTextIn(zone ?? 'UTC')
}
