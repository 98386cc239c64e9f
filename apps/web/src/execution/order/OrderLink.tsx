import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import { getOrder } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'

const codeStaysMs = 3_600_000

/** An order by its id, called by its code as soon as that is known. */
export function OrderLink({ orderId }: { readonly orderId: Order['id'] }): ReactElement {
  const { data } = useQuery({ ...ask(getOrder, { orderId }), staleTime: codeStaysMs, retry: false })
  return (
    <Link to="/orders/$code" params={{ code: data?.code ?? orderId }}>
      {data?.code ?? 'its order'}
    </Link>
  )
}
