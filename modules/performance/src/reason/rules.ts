import type { Id } from '@throughline/kernel'
import type { Reason } from '@throughline/model'

type NodeId = Id<'EquipmentNode'>

/** The living stop reason that knows a machine's code, of the tree that lies nearest to the machine. */
export function reasonOfCode(reasons: readonly Reason[], path: readonly NodeId[], code: string): Reason | undefined {
  const spoken = code.trim()
  const knowing = reasons.filter((each) => each.kind === 'stop' && !each.retired && each.machineCodes.includes(spoken))
  for (const nodeId of path) {
    const found = knowing.find((each) => each.nodeId === nodeId)
    if (found !== undefined) return found
  }
  return undefined
}
