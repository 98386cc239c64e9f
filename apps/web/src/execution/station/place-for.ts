import type { EquipmentNode, OperationRun } from '@throughline/model'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'

/** Where a run would be done by somebody who stands at a place: there, or at the first place inside it that will do. */
export function placeFor(
  run: Pick<OperationRun, 'nodeId' | 'candidates'>,
  nodeId: string,
  tree: PlantTree,
): EquipmentNode['id'] | undefined {
  const will = run.nodeId === null ? run.candidates : [run.nodeId]
  return tree.within(nodeId).find(({ id }) => will.includes(id))?.id
}
