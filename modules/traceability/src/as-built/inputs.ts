import type { AsBuilt, OperationRun } from '@throughline/model'
import type { Facts } from './facts.ts'
import { toolAt } from './rules.ts'

type Run = AsBuilt['runs'][number]
type Going = Pick<Facts, 'lots' | 'genealogy'>

/** Each lot that went in during an operation, one by one, that whoever asks may see. */
export function materialsOf({ lots, genealogy }: Going, runId: Run['id']): Run['materials'] {
  const known = new Map(lots.map((lot) => [lot.id, lot]))
  return genealogy.edges
    .flatMap(({ from, kind, quantity, at, runId: within }) => {
      const lot = within === runId && kind === 'built-into' ? known.get(from) : undefined
      return lot === undefined ? [] : [{ code: lot.code, material: lot.material, unit: lot.unit, quantity, at }]
    })
    .sort((a, b) => a.at - b.at)
}

/** Time that people put in, side by side counted for each; null = somebody is still at it. */
export function labourOf({ labour }: Pick<OperationRun, 'labour'>): number | null {
  let sum = 0
  for (const { from, to } of labour) {
    if (to === null) return null
    sum += to - from
  }
  return sum / 1000
}

/** What was weighed out and went in, with the scale as it stood then and the operation that it went into. */
export function weighingsOf({ weighings, lots, genealogy, tools }: Going & Pick<Facts, 'weighings' | 'tools'>) {
  const known = new Map(lots.map((lot) => [lot.id, lot]))
  return weighings.flatMap((weighing): AsBuilt['weighings'] => {
    const dispensed = known.get(weighing.dispensedLotId ?? weighing.lotId)
    if (dispensed === undefined) return []
    const { scale, weighedAt } = weighing
    const use = genealogy.edges.find(({ from, runId }) => from === dispensed.id && runId !== null)
    return [
      {
        ...weighing,
        lotCode: known.get(weighing.lotId)?.code ?? weighing.lotId,
        ...{ dispensedCode: dispensed.code, material: dispensed.material, runId: use?.runId ?? null },
        tool: toolAt(scale, weighedAt, tools.get(scale.toLowerCase())),
      },
    ]
  })
}
