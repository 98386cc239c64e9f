import type { Id } from '@throughline/kernel'
import type { LossReason, LossStep, Reason } from '@throughline/model'
import type { CellPortion } from '../kpi/gather.ts'
import { sumElements } from '../time-model/elements.ts'

type NodeId = Id<'EquipmentNode'>

const labels: Readonly<Record<LossStep['id'], string>> = {
  setup: 'Set-up',
  down: 'Failures',
  waiting: 'Waiting',
  unknown: 'Not known',
  'minor-stops': 'Minor stops',
  speed: 'Speed',
  scrap: 'Scrap',
  rework: 'Rework',
}

/**
 * From the planned busy time down to the ideal time of good parts, step by step; nothing is left over. Speed is what is left
 * of the production time: below 0 the machine was faster than its ideal cycle. Production time in which nothing counted parts
 * is not known, like time without data; parts that were counted over time without data are taken from that.
 */
export function stepsOf(cells: readonly CellPortion[]): LossStep[] {
  const sum = sumElements(cells.map((cell) => cell.elements))
  let scrapUs = 0
  for (const { elements } of cells) {
    const { idealUs, idealGoodUs, sq, rq } = elements
    // One cell is of one product: its scrap and rework cost the same by the part.
    scrapUs += rq === 0 ? idealUs - idealGoodUs : Math.round(((idealUs - idealGoodUs) * sq) / (sq + rq))
  }
  const counted = countedMinor(cells)
  const us: Record<LossStep['id'], number> = {
    setup: sum.austUs,
    down: sum.adotUs,
    waiting: sum.adetUs,
    unknown: sum.unknownUs + sum.uncountedUs - sum.unknownIdealUs,
    'minor-stops': counted,
    speed: sum.aptUs - sum.uncountedUs - counted - (sum.idealUs - sum.unknownIdealUs),
    scrap: scrapUs,
    rework: sum.idealUs - sum.idealGoodUs - scrapUs,
  }
  return (Object.keys(labels) as LossStep['id'][]).map((id) => ({
    id,
    label: labels[id],
    us: us[id],
    share: sum.pbtUs === 0 ? null : us[id] / sum.pbtUs,
  }))
}

/** Minor stops of machines that nothing counts lie in their uncounted time already. */
const countedMinor = (cells: readonly CellPortion[]): number =>
  cells.reduce((us, { elements }) => us + (elements.uncountedUs === 0 ? elements.minorStopUs : 0), 0)

/** What stops took of the planned busy time, by reason, the most first. Without a reason they wait for the machine of the line
 * that caused them, or are unexplained. */
export function stopReasonsOf(
  cells: readonly CellPortion[],
  reasons: ReadonlyMap<string, Reason>,
  nameOf: (nodeId: NodeId) => string,
): LossReason[] {
  const losses = cells.flatMap((cell) => cell.stopLosses.map((loss) => ({ ...loss, quantity: 0 })))
  return byReason(losses, reasons, (causedBy) => (causedBy ? `Waits for ${nameOf(causedBy)}` : 'Unexplained')).sort(
    (a, b) => b.us - a.us || b.count - a.count,
  )
}

/** What was scrapped, by reason, the most parts first. */
export function scrapReasonsOf(cells: readonly CellPortion[], reasons: ReadonlyMap<string, Reason>): LossReason[] {
  const losses = cells.flatMap((cell) => cell.scrapLosses)
  return byReason(losses, reasons, () => 'No reason given').sort((a, b) => b.quantity - a.quantity || b.us - a.us)
}

function byReason(
  losses: readonly Omit<LossReason, 'label'>[],
  reasons: ReadonlyMap<string, Reason>,
  without: (causedBy: NodeId | undefined) => string,
): LossReason[] {
  const groups = Map.groupBy(losses, ({ reasonId, causedBy }) => `${reasonId} ${causedBy}`)
  return [...groups.values()].map((group) => {
    const { reasonId = null, causedBy } = group[0] ?? {}
    return {
      reasonId,
      ...(causedBy === undefined ? {} : { causedBy }),
      label: reasonId === null ? without(causedBy) : (reasons.get(reasonId)?.texts['en'] ?? reasonId),
      us: group.reduce((us, loss) => us + loss.us, 0),
      count: group.reduce((count, loss) => count + loss.count, 0),
      quantity: group.reduce((quantity, loss) => quantity + loss.quantity, 0),
    }
  })
}

/** Machines by what they lost of their planned busy time, the most first. */
export function machineLossesOf(cells: readonly CellPortion[]): { nodeId: NodeId; lossUs: number }[] {
  return [...Map.groupBy(cells, (cell) => cell.nodeId)]
    .map(([nodeId, own]) => {
      const { pbtUs, idealGoodUs } = sumElements(own.map((cell) => cell.elements))
      return { nodeId, lossUs: pbtUs - idealGoodUs }
    })
    .sort((a, b) => b.lossUs - a.lossUs)
}
