import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Order } from '@throughline/model'
import { getOrder } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { orderStateWords } from './order-words.ts'

interface OrderLinkProps {
  readonly orderId: Order['id']
  /** Whether it also says how far the order is. */
  readonly withState?: boolean
}

/** An order by its id, called by its code as soon as that is known. */
export function OrderLink({ orderId, withState = false }: OrderLinkProps): ReactElement {
  const { data } = useQuery({ ...ask(getOrder, { orderId }), retry: false })
  return (
    <>
      <Link to="/orders/$code" params={{ code: data?.code ?? orderId }}>
        {data?.code ?? 'its order'}
      </Link>
      {withState && data !== undefined ? `, ${orderStateWords[data.state].toLowerCase()}` : null}
    </>
  )
}
