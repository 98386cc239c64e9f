import type { Id } from '@throughline/kernel'
import type { ProductStandard } from '@throughline/model'

/** The standard of a product on one machine: its own before that of its class; undefined = there is none. */
export function standardFor(
  standards: readonly ProductStandard[],
  machine: { readonly nodeId: Id<'EquipmentNode'>; readonly className: string },
  product: string | null,
): ProductStandard | undefined {
  const fitting = standards.filter((each) => each.className === machine.className && each.product === product)
  return fitting.find((each) => each.nodeId === machine.nodeId) ?? fitting.find((each) => each.nodeId === null)
}
