import type { RecordRef } from '@throughline/model'
import type { Facts } from './facts.ts'
import { photoHashes } from './files.ts'
import { toolAt, toolsOf } from './rules.ts'

/**
 * Every record that is shown, as the ledger names it: `always` = there is one; `perhaps` = only of what was released, which
 * a draft is not.
 */
export function recordsOf(facts: Omit<Facts, 'records' | 'unrecorded'>): { always: RecordRef[]; perhaps: RecordRef[] } {
  const { lots, definition, bom, order, workDefinition, runs, inspections, deviations, movements, containers } = facts
  const shown = new Set(lots.map(({ id }) => id))
  const edges = facts.genealogy.edges.filter(({ from, to }) => shown.has(from) && shown.has(to))
  const definitions = unique([workDefinition, ...runs.map((run) => run.definition)].flatMap((each) => each?.id ?? []))
  const instructions = unique(runs.flatMap(({ instruction }) => instruction?.id ?? []))
  const materials = [definition, bom].flatMap((each) => each?.id ?? [])
  const tools = [
    ...runs.flatMap((run) => toolsOf(run, facts.tools)),
    ...inspections.flatMap(({ gauge, at }) =>
      gauge === null ? [] : [toolAt(gauge, at, facts.tools.get(gauge.toLowerCase()))],
    ),
    ...facts.weighings.map(({ scale, weighedAt }) => toolAt(scale, weighedAt, facts.tools.get(scale.toLowerCase()))),
  ]
  const earned = [...facts.qualifications.values()].flat()
  return {
    always: [
      ...named(
        'material.lot',
        lots.map(({ id }) => id),
      ),
      ...named('material.definition', definition === undefined ? [] : [definition.id]),
      ...named('material.bom', bom === undefined ? [] : [bom.id]),
      ...named(
        'execution.order',
        unique([...(order === undefined ? [] : [order.id]), ...runs.map(({ run }) => run.orderId)]),
      ),
      ...named('execution.work_definition', definitions),
      ...named('execution.instruction', instructions),
      ...named(
        'execution.run',
        runs.map(({ run }) => run.id),
      ),
      ...named(
        'execution.step_entry',
        runs.flatMap(({ entries }) => entries.map(({ id }) => id)),
      ),
      ...named('execution.media', unique(photoHashes(facts))),
      ...named(
        'execution.gate_override',
        runs.flatMap(({ overrides }) => overrides.map(({ id }) => id)),
      ),
      ...named(
        'material.weighing',
        facts.weighings.map(({ id }) => id),
      ),
      ...named(
        'traceability.reading_seal',
        facts.seals.map(({ id }) => id),
      ),
      ...named(
        'quality.inspection',
        inspections.map(({ id }) => id),
      ),
      ...named(
        'quality.deviation',
        deviations.map(({ id }) => id),
      ),
      ...named('equipment.asset', unique(tools.flatMap(({ asset }) => asset?.id ?? []))),
      ...named(
        'equipment.calibration',
        unique(
          tools.flatMap(({ calibration, doubtedBy }) => [calibration, doubtedBy].flatMap((each) => each?.id ?? [])),
        ),
      ),
      ...named('identity.qualification', unique(earned.map(({ id }) => id))),
      ...named(
        'material.movement',
        unique([...movements.map(({ id }) => id), ...edges.map(({ movementId }) => movementId)]),
      ),
      ...named(
        'material.container',
        containers.map(({ id }) => id),
      ),
    ],
    perhaps: [
      ...named('material.release', materials),
      ...named('execution.release', [...definitions, ...instructions]),
    ],
  }
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)]
const named = (kind: string, ids: readonly string[]): RecordRef[] => ids.map((id) => ({ kind, id }))
