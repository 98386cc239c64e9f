import { Button, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { DomainError } from '@throughline/kernel'
import { LotStatus, listContainers, listLots, resolveScan } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import '../../execution/making.css'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { MaterialTabs } from '../definition/MaterialTabs.tsx'
import { LotTable } from './LotTable.tsx'
import { lotStatusWords } from './lot-words.ts'
import { ReceiveLot } from './ReceiveLot.tsx'

const route = getRouteApi('/app/lots')

/** The lots and serials of the plant, found by code, by scan or by status. */
export function LotListScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const { tree, nodes } = useNodes()
  const [receiving, setReceiving] = useState(false)
  const text = search.search?.trim() ?? ''
  const filter = {
    ...(search.status === undefined ? {} : { status: search.status }),
    ...(text === '' ? {} : { search: text.slice(0, 60) }),
  }
  const { data, error } = useQuery({
    ...ask(listLots, filter),
    placeholderData: keepPreviousData,
    refetchInterval: makingRefreshMs,
  })
  const waiting = useQuery({
    ...ask(listLots, { status: 'quarantine', limit: 1 }),
    refetchInterval: makingRefreshMs,
  })
  const blocked = useQuery({ ...ask(listLots, { status: 'blocked', limit: 1 }), refetchInterval: makingRefreshMs })
  const isNarrowed = search.status !== undefined || text !== ''
  return (
    <>
      <ScreenHead
        title="Lots"
        answer={
          data === undefined ? undefined : (
            <>
              <span>
                {data.total} {data.total === 1 ? 'lot or serial' : 'lots and serials'}
                {isNarrowed ? ' fit' : ''}
              </span>
              <strong>
                {waiting.data?.total ?? 0} in quarantine, {blocked.data?.total ?? 0} blocked
              </strong>
            </>
          )
        }
        actions={
          <>
            <GuardedButton reason={denial('material.receive', 'receive lots')} onClick={() => setReceiving(true)}>
              Receive a lot
            </GuardedButton>
            <GuardedButton
              variant="default"
              reason={denial('material.weigh', 'weigh material out')}
              onClick={() => void navigate({ to: '/weigh' })}
            >
              Weigh out
            </GuardedButton>
          </>
        }
      />
      <MaterialTabs />
      <div className="performance">
        <search className="access-filter">
          <TextInput
            label="Search"
            placeholder="Beginning of a lot, serial or supplier’s lot"
            value={search.search ?? ''}
            maxLength={60}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, search: value === '' ? undefined : value }),
                replace: true,
              })
            }
          />
          <NativeSelect
            label="Status"
            value={search.status ?? ''}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, status: LotStatus.options.find((each) => each === value) }),
              })
            }
            data={[
              { value: '', label: 'Any' },
              ...LotStatus.options.map((value) => ({ value: value as string, label: lotStatusWords[value] })),
            ]}
          />
        </search>
        <ScanField />
        {error === null ? null : <ProblemNotice what="The lots could not be read" error={error} />}
        {data === undefined ? null : (
          <>
            {data.total > data.lots.length ? (
              <p className="screen-note">
                The newest {data.lots.length} of {data.total} are shown. Search for the others.
              </p>
            ) : null}
            <LotTable
              caption="Lots and serials"
              lots={data.lots}
              tree={tree}
              empty={
                <EmptyState
                  title={isNarrowed ? 'No lot fits.' : 'No lot yet.'}
                  reason={isNarrowed ? 'Take back a filter.' : 'Receive the first one.'}
                />
              }
            />
          </>
        )}
      </div>
      {receiving ? <ReceiveLot nodes={nodes} onClose={() => setReceiving(false)} /> : null}
    </>
  )
}

/** A scanner types into it and ends with Enter: the lot, container or gauge opens. */
function ScanField(): ReactElement {
  const navigate = route.useNavigate()
  const [scanned, setScanned] = useState('')
  const resolve = useMutation({
    mutationFn: async () => {
      const { lot, unknown, assetCode, containerId } = await client(resolveScan, { scanned: scanned.trim() })
      if (lot !== null) return { lot: lot.code }
      if (assetCode !== null) return { asset: assetCode }
      const container = (await client(listContainers, {})).find(({ id }) => id === containerId)
      if (container !== undefined) return { sscc: container.sscc }
      throw new DomainError('not-found', 'material.scan-unknown', unknown ?? 'The container lies outside your scopes')
    },
    onSuccess: (found) => {
      if (found.lot !== undefined) return navigate({ to: '/lots/$code', params: { code: found.lot } })
      return found.asset === undefined
        ? navigate({ to: '/containers/$sscc', params: { sscc: found.sscc } })
        : navigate({ to: '/gauges-and-tools/$code', params: { code: found.asset } })
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (scanned.trim() !== '') resolve.mutate()
  }

  return (
    <form className="access-filter" onSubmit={onSubmit}>
      <TextInput
        label="Scan"
        placeholder="Put the cursor here and scan a label"
        value={scanned}
        maxLength={500}
        autoComplete="off"
        onChange={({ currentTarget: { value } }) => setScanned(value)}
      />
      <Button type="submit" variant="default" loading={resolve.isPending}>
        Open
      </Button>
      {resolve.isError ? <ProblemNotice what="The scan was not found" error={resolve.error} /> : null}
    </form>
  )
}
