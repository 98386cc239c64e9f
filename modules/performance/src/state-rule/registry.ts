import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import { listClasses, listNodes } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { Machine, Machines } from './machines.ts'
import { listRuleVersions } from './store.ts'

type NodeId = Id<'EquipmentNode'>

/** Holds the machines in memory; `load` reads them anew, after the model or a rule changed. */
export class MachineRegistry implements Machines {
  readonly #directory: TagDirectory
  #machines: readonly Machine[] = []
  #byNode = new Map<string, Machine>()
  /** How many versions of rules there were at the last load. */
  rules = 0

  constructor(directory: TagDirectory) {
    this.#directory = directory
  }

  async load(platform: Platform): Promise<void> {
    const actor = systemActor('performance')
    const [nodes, classes, rules] = [
      await platform.run(listNodes, actor, {}),
      await platform.run(listClasses, actor, {}),
      await listRuleVersions(platform.db),
    ]
    this.rules = rules.length
    const classNames = new Map<string, string>(classes.map((version) => [version.id, version.name]))
    const rulesOf = Map.groupBy(rules, (rule) => rule.className)
    const byId = new Map(nodes.map((node) => [node.id, node]))
    this.#machines = nodes.flatMap((node): Machine[] => {
      const className = node.classId === null ? undefined : classNames.get(node.classId)
      const ofClass = className === undefined ? undefined : rulesOf.get(className)
      if (className === undefined || ofClass === undefined) return []
      const { id: nodeId, name, path } = node
      return [{ nodeId, name, path, className, rules: ofClass, nodePath: pathTo(byId, node) }]
    })
    this.#byNode = new Map(this.#machines.map((machine) => [machine.nodeId, machine]))
  }

  list(): readonly Machine[] {
    return this.#machines
  }

  find(nodeId: string): Machine | undefined {
    return this.#byNode.get(nodeId)
  }

  atOrBelow(nodeId: string): readonly Machine[] {
    return this.#machines.filter((machine) => machine.nodePath.includes(nodeId as NodeId))
  }

  get(nodeId: string): Machine {
    const machine = this.find(nodeId)
    if (machine !== undefined) return machine
    const node = this.#directory.node(nodeId as NodeId)
    throw new DomainError(
      'not-found',
      'performance.machine-unknown',
      node === undefined
        ? `There is no equipment node ${nodeId}`
        : `${node.path} has no state rule: set one for its class with performance.state-rule.set`,
      { nodeId },
    )
  }
}

function pathTo(byId: ReadonlyMap<NodeId, EquipmentNode>, node: EquipmentNode): NodeId[] {
  const path: NodeId[] = []
  for (let next: EquipmentNode | undefined = node; next !== undefined; ) {
    path.push(next.id)
    next = next.parentId === null ? undefined : byId.get(next.parentId)
  }
  return path
}
