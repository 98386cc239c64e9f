import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Lot } from '@throughline/model'
import { getLot } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'

interface LotLinkProps {
  readonly lotId: Lot['id']
  readonly withMaterial?: boolean
}

/** A lot by its id, called by its code as soon as that is known. */
export function LotLink({ lotId, withMaterial = false }: LotLinkProps): ReactElement {
  const { data } = useQuery({ ...ask(getLot, { lotId }), retry: false, staleTime: 60_000 })
  return (
    <>
      <Link to="/lots/$code" params={{ code: data?.code ?? lotId }}>
        {data?.code ?? 'its lot'}
      </Link>
      {withMaterial && data !== undefined ? `, ${data.material}` : null}
    </>
  )
}
