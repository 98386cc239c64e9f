import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'

type NodeId = Id<'EquipmentNode'>

/** Whether equipment is fit to be worked at, as far as anybody knows. */
export interface MachineCondition {
  /** Null = nobody knows: then it is in nobody's way, and said. */
  readonly fit: boolean | null
  /** In words: `down since 08:12: hydraulic pressure low`. */
  readonly words: string
}

/** The program that a machine has loaded. */
export interface LoadedProgram {
  readonly name: string
  readonly sha256: string
}

export interface ExecutionOptions {
  readonly directory: TagDirectory
  /** What equipment is doing; absent = not known here. */
  readonly machineState?: (nodeId: NodeId) => Promise<MachineCondition>
  /** Which program a machine has loaded; undefined = not known. Absent = not known of any. */
  readonly loadedProgram?: (nodeId: NodeId) => Promise<LoadedProgram | undefined>
  /** What the numbers of orders begin with. Default `WO-`. */
  readonly orderPrefix?: string
}
