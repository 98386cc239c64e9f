import { useQuery } from '@tanstack/react-query'
import type { Order } from '@throughline/model'
import { listOrders } from '@throughline/model'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'

/** Every order that is held, with its holds. */
export function useHeldOrders(enabled = true): {
  readonly orders: readonly Order[] | undefined
  readonly error: Error | null
} {
  const { data, error } = useQuery({
    ...ask(listOrders, { held: true, limit: 2000 }),
    enabled,
    refetchInterval: makingRefreshMs,
  })
  return { orders: data?.orders, error }
}
