import { NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { listOrders, OrderState } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import '../making.css'
import { MakingTabs } from '../version/MakingTabs.tsx'
import { CreateOrder } from './CreateOrder.tsx'
import { ImportOrders } from './ImportOrders.tsx'
import { OrderTable } from './OrderTable.tsx'
import { listAnswer, openStates, orderStateWords } from './order-words.ts'

const route = getRouteApi('/app/orders')

/** The orders of the plant: those with something left to do, unless asked otherwise. */
export function OrderListScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { tree, nodes } = useNodes()
  const denial = useDenial()
  const now = useNow(30_000)
  const [task, setTask] = useState<'create' | 'import' | undefined>(undefined)
  const show = search.state ?? 'open'
  const text = search.search?.trim() ?? ''
  const { data, error } = useQuery({
    ...ask(listOrders, {
      ...(show === 'all' ? {} : { state: show === 'open' ? [...openStates] : [show] }),
      ...(search.held === undefined ? {} : { held: search.held === 'yes' }),
      ...(text === '' ? {} : { search: text.slice(0, 60) }),
    }),
    placeholderData: keepPreviousData,
    refetchInterval: makingRefreshMs,
  })
  const isNarrowed = show !== 'open' || search.held !== undefined || text !== ''
  const mayNot = denial('execution.order.write', 'create orders')
  return (
    <>
      <ScreenHead
        title="Orders"
        answer={data === undefined ? undefined : <strong>{listAnswer(data.orders, data.total, now)}</strong>}
        actions={
          <>
            <GuardedButton reason={mayNot} onClick={() => setTask('create')}>
              Create an order
            </GuardedButton>
            <GuardedButton variant="default" reason={mayNot} onClick={() => setTask('import')}>
              Import CSV
            </GuardedButton>
          </>
        }
      />
      <MakingTabs />
      <div className="performance">
        <search className="access-filter">
          <TextInput
            label="Search"
            placeholder="Order, product or reference"
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
            label="State"
            value={show}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: (before) => ({ ...before, state: stateOf(value) }) })
            }
            data={[
              { value: 'open', label: 'Not closed' },
              { value: 'all', label: 'All' },
              ...OrderState.options.map((value) => ({ value: value as string, label: orderStateWords[value] })),
            ]}
          />
          <NativeSelect
            label="Held"
            value={search.held ?? ''}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: (before) => ({ ...before, held: heldOf(value) }) })
            }
            data={[
              { value: '', label: 'Held or not' },
              { value: 'yes', label: 'Held' },
              { value: 'no', label: 'Not held' },
            ]}
          />
        </search>
        {error === null ? null : <ProblemNotice what="The orders could not be read" error={error} />}
        {data === undefined ? null : (
          <>
            {data.total > data.orders.length ? (
              <p className="screen-note">
                The {data.orders.length} most urgent of {data.total} are shown. Search, or choose a state, for the
                others.
              </p>
            ) : null}
            <OrderTable
              orders={data.orders}
              tree={tree}
              empty={
                <EmptyState
                  title={isNarrowed ? 'No order fits.' : 'No order is to be done.'}
                  reason={isNarrowed ? 'Take back a filter.' : 'Create one, or import a list.'}
                />
              }
            />
          </>
        )}
      </div>
      {task === 'create' ? <CreateOrder nodes={nodes} onClose={() => setTask(undefined)} /> : null}
      {task === 'import' ? <ImportOrders nodes={nodes} onClose={() => setTask(undefined)} /> : null}
    </>
  )
}

const stateOf = (value: string) => (value === 'all' ? 'all' : OrderState.options.find((state) => state === value))
const heldOf = (value: string) => (['yes', 'no'] as const).find((each) => each === value)
