import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Container } from '@throughline/model'
import { listContainers } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { containerKindWords, ssccText } from './container-words.ts'

/** A container by its id, called by its number as soon as that is known. */
export function ContainerLink({ containerId }: { readonly containerId: Container['id'] }): ReactElement {
  const { data } = useQuery({ ...ask(listContainers, {}), staleTime: 30_000 })
  const container = data?.find(({ id }) => id === containerId)
  if (container === undefined) return <>{data === undefined ? 'a container' : 'a container outside your scopes'}</>
  const { sscc, kind, state } = container
  return (
    <>
      {containerKindWords[kind].toLowerCase()}{' '}
      <Link to="/containers/$sscc" params={{ sscc }}>
        {ssccText(sscc)}
      </Link>
      {state === 'open' ? '' : `, ${state}`}
    </>
  )
}
