import { useQuery } from '@tanstack/react-query'
import type { Decimal } from '@throughline/kernel'
import { multiply, sum } from '@throughline/kernel'
import type { BillOfMaterial, Lot, Order } from '@throughline/model'
import { listBoms } from '@throughline/model'
import { ask } from '../../door/queries.ts'

/** What an order takes of a material by the lines that hold always; undefined = nothing, or nothing that is sure. */
export function askedAmount(
  bom: Pick<BillOfMaterial, 'lines'> | undefined,
  { quantity }: Pick<Order, 'quantity'>,
  { material, unit }: Pick<Lot, 'material' | 'unit'>,
): Decimal | undefined {
  const lines = bom?.lines.filter((line) => line.material === material) ?? []
  const isSure = lines.every(
    ({ effectiveFrom, effectiveTo, firstSerial, lastSerial, unit: per }) =>
      per === unit && [effectiveFrom, effectiveTo, firstSerial, lastSerial].every((bound) => bound === null),
  )
  return lines.length === 0 || !isSure ? undefined : multiply(sum(lines.map((line) => line.quantity)), quantity)
}

/** The same, by the version of the bill of material that the order keeps. */
export function useAskedAmount(order: Order | undefined, lot: Lot | undefined): Decimal | undefined {
  const { data } = useQuery({
    ...ask(listBoms, { product: order?.product ?? '' }),
    enabled: order !== undefined,
    staleTime: 60_000,
  })
  if (order === undefined || lot === undefined) return undefined
  return askedAmount(
    data?.find(({ id }) => id === order.bomId),
    order,
    lot,
  )
}
