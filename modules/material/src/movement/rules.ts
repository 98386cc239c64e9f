import type { Decimal, Id } from '@throughline/kernel'
import { add, subtract, sum, zero } from '@throughline/kernel'
import type { Lot, MaterialMovement } from '@throughline/model'

type Part =
  | 'received'
  | 'produced'
  | 'transferredIn'
  | 'transferredOut'
  | 'consumed'
  | 'disposed'
  | 'shipped'
  | 'counted'

/** What one material was given against what became of it. */
export type Balance = Readonly<Record<Part | 'remaining' | 'unaccounted', Decimal>> & Pick<Lot, 'material' | 'unit'>

export type BalancedLot = Pick<Lot, 'id' | 'material' | 'unit' | 'quantity'>
type Movement = Pick<MaterialMovement, 'kind' | 'from' | 'to'>

/** Where what was taken or added stands in the balance, and with which sign; the other kinds must neither add nor take. */
const parts: Readonly<Partial<Record<MaterialMovement['kind'], { readonly of: Part; readonly sign: 1 | -1 }>>> = {
  receive: { of: 'received', sign: 1 },
  produce: { of: 'produced', sign: 1 },
  consume: { of: 'consumed', sign: -1 },
  return: { of: 'consumed', sign: -1 },
  dispose: { of: 'disposed', sign: -1 },
  ship: { of: 'shipped', sign: -1 },
  count: { of: 'counted', sign: 1 },
}

/**
 * One line for each material of the lots, by code. What remains and no movement explains is unaccounted for, exactly.
 *
 * @param movements all that happened to the lots
 * @param drawn lots of which only what these movements took is counted: stock that an order drew from
 */
export function balanceOf(
  lots: readonly BalancedLot[],
  movements: readonly Movement[],
  drawn: readonly BalancedLot[] = [],
): Balance[] {
  const lines = [
    ...lots.map((lot) => balanceOfLot(lot, movements)),
    ...drawn.map((lot) => balanceOfDraw(lot, movements)),
  ]
  const byMaterial = Map.groupBy(lines, ({ material, unit }) => `${material.toLowerCase()} ${unit}`)
  return [...byMaterial.values()].map(together).sort((a, b) => (a.material < b.material ? -1 : 1))
}

function balanceOfLot(lot: BalancedLot, movements: readonly Movement[]): Balance {
  const totals = emptyTotals()
  for (const movement of movements) {
    const [out, into] = [on(movement.from, lot.id), on(movement.to, lot.id)]
    if (movement.kind === 'split' || movement.kind === 'merge' || movement.kind === 'transform') {
      totals.transferredOut = add(totals.transferredOut, out)
      totals.transferredIn = add(totals.transferredIn, into)
    }
    const part = parts[movement.kind]
    if (part === undefined) continue
    const net = part.sign === 1 ? subtract(into, out) : subtract(out, into)
    totals[part.of] = add(totals[part.of], net)
  }
  const given = sum([totals.received, totals.produced, totals.transferredIn, totals.counted])
  const gone = sum([totals.consumed, totals.disposed, totals.shipped, totals.transferredOut])
  const unaccounted = subtract(subtract(given, gone), lot.quantity)
  return { material: lot.material, unit: lot.unit, ...totals, remaining: lot.quantity, unaccounted }
}

function balanceOfDraw(lot: BalancedLot, movements: readonly Movement[]): Balance {
  const { consumed } = balanceOfLot(lot, movements)
  return {
    material: lot.material,
    unit: lot.unit,
    ...emptyTotals(),
    transferredIn: consumed,
    consumed,
    remaining: zero,
    unaccounted: zero,
  }
}

function together(balances: readonly Balance[]): Balance {
  const total = (of: (balance: Balance) => Decimal): Decimal => sum(balances.map(of))
  return {
    material: balances[0]?.material ?? '',
    unit: balances[0]?.unit ?? '',
    received: total(({ received }) => received),
    produced: total(({ produced }) => produced),
    transferredIn: total(({ transferredIn }) => transferredIn),
    transferredOut: total(({ transferredOut }) => transferredOut),
    consumed: total(({ consumed }) => consumed),
    disposed: total(({ disposed }) => disposed),
    shipped: total(({ shipped }) => shipped),
    counted: total(({ counted }) => counted),
    remaining: total(({ remaining }) => remaining),
    unaccounted: total(({ unaccounted }) => unaccounted),
  }
}

const on = (lines: Movement['from'], lotId: Id<'Lot'>): Decimal =>
  sum(lines.filter((line) => line.lotId === lotId).map(({ quantity }) => quantity))

const emptyTotals = (): Record<Part, Decimal> => ({
  received: zero,
  produced: zero,
  transferredIn: zero,
  transferredOut: zero,
  consumed: zero,
  disposed: zero,
  shipped: zero,
  counted: zero,
})
