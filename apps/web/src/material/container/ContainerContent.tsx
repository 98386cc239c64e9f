import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { DomainError } from '@throughline/kernel'
import type { Container } from '@throughline/model'
import { getLot, listContainers, packContainer, resolveScan } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { useMakingRefresh } from '../../execution/form/making-queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { lotStatusWords } from '../lot/lot-words.ts'
import { containerKindWords, ssccText } from './container-words.ts'
import './container.css'

interface ContainerContentProps {
  readonly container: Container
  /** Why the reader may not pack. */
  readonly mayNot: string | undefined
}

/** What is in a container: packed and taken out by scan. */
export function ContainerContent({ container, mayNot }: ContainerContentProps): ReactElement {
  const refresh = useMakingRefresh()
  const { data: all } = useQuery(ask(listContainers, {}))
  const inside = all?.filter(({ parentId }) => parentId === container.id) ?? []
  const takeOut = useMutation({
    mutationFn: (what: { takeOut?: string[]; takeOutContainers?: string[] }) =>
      client(packContainer, { containerId: container.id, ...what }),
    onSettled: refresh,
  })
  const closed = container.state === 'open' ? mayNot : 'It is not open.'
  return (
    <section className="performance-panel" aria-labelledby="container-content">
      <h2 id="container-content">What is in it</h2>
      {container.state === 'open' && mayNot === undefined ? <PackByScan container={container} /> : null}
      {takeOut.isError ? <ProblemNotice what="It was not taken out" error={takeOut.error} /> : null}
      {container.lots.length + inside.length === 0 ? (
        <EmptyState title="It is empty." {...(container.state === 'open' ? { reason: 'Scan what goes in.' } : {})} />
      ) : null}
      <ul className="making-list container-list">
        {container.lots.map((lotId) => (
          <li key={lotId} className="making-item">
            <LotLine lotId={lotId} />
            <GuardedButton
              variant="default"
              h={44}
              reason={closed}
              onClick={() => takeOut.mutate({ takeOut: [lotId] })}
            >
              Take out
            </GuardedButton>
          </li>
        ))}
        {inside.map(({ id, sscc, kind }) => (
          <li key={id} className="making-item">
            <span className="container-line">
              {containerKindWords[kind]}{' '}
              <Link to="/containers/$sscc" params={{ sscc }}>
                {ssccText(sscc)}
              </Link>
            </span>
            <GuardedButton
              variant="default"
              h={44}
              reason={closed}
              onClick={() => takeOut.mutate({ takeOutContainers: [id] })}
            >
              Take out
            </GuardedButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function LotLine({ lotId }: { readonly lotId: string }): ReactElement {
  const { data, isError } = useQuery(ask(getLot, { lotId }))
  if (data === undefined)
    return <span className="tl-dim">{isError ? 'A lot outside your scopes' : 'A lot is being read'}</span>
  return (
    <span className="container-line">
      <Link to="/lots/$code" params={{ code: data.code }}>
        {data.code}
      </Link>
      <span className="machine-sub">
        {data.material}, {piecesText(data.quantity, data.unit)}, {lotStatusWords[data.status].toLowerCase()}
      </span>
    </span>
  )
}

/** A scanner types into it and ends with Enter: the lot or container is packed. */
function PackByScan({ container }: { readonly container: Container }): ReactElement {
  const refresh = useMakingRefresh()
  const [scanned, setScanned] = useState('')
  const pack = useMutation({
    mutationFn: async () => {
      const { lot, containerId, unknown } = await client(resolveScan, { scanned: scanned.trim() })
      if (lot !== null) await client(packContainer, { containerId: container.id, putIn: [lot.id] })
      else if (containerId !== null) {
        await client(packContainer, { containerId: container.id, putInContainers: [containerId] })
      } else {
        throw new DomainError(
          'not-found',
          'material.scan-not-packed',
          unknown ?? 'This is a gauge or tool: scan the label of a lot or container',
        )
      }
    },
    onSuccess: () => setScanned(''),
    onSettled: refresh,
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (scanned.trim() !== '') pack.mutate()
  }

  return (
    <form className="access-filter" onSubmit={onSubmit}>
      <TextInput
        label="Scan what goes in"
        placeholder="Put the cursor here and scan a label"
        value={scanned}
        maxLength={500}
        autoComplete="off"
        onChange={({ currentTarget: { value } }) => setScanned(value)}
      />
      <Button type="submit" variant="default" loading={pack.isPending}>
        Put in
      </Button>
      {pack.isError ? <ProblemNotice what="It was not packed" error={pack.error} /> : null}
    </form>
  )
}
