import type { Id, Instant } from '@throughline/kernel'
import type { StateRule } from '@throughline/model'

/** A node of the plant whose class has a rule for its state: what this module calls a machine. */
export interface Machine {
  readonly nodeId: Id<'EquipmentNode'>
  readonly name: string
  readonly path: string
  readonly className: string
  /** All versions of the rule of its class, by version. */
  readonly rules: readonly StateRule[]
  /** The node itself and all above it, nearest first: which calendar, reasons and scopes are its own. */
  readonly nodePath: readonly Id<'EquipmentNode'>[]
}

/** The machines of the plant, in memory; follows the plant's model and the rules. */
export interface Machines {
  /** By path. */
  list(): readonly Machine[]
  find(nodeId: string): Machine | undefined
  /** Those at or below a node, by path; the node may be a machine itself. */
  atOrBelow(nodeId: string): readonly Machine[]
  /** @throws DomainError `not-found` (`performance.machine-unknown`) */
  get(nodeId: string): Machine
}

/** The version that holds at an instant: the newest of those that have begun; undefined before the first. */
export function ruleAt(rules: readonly StateRule[], at: Instant): StateRule | undefined {
  let found: StateRule | undefined
  for (const rule of rules) {
    if (rule.effectiveFrom <= at && (found === undefined || rule.version > found.version)) found = rule
  }
  return found
}
