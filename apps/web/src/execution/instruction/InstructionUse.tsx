import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { WorkInstruction } from '@throughline/model'
import { listOrders, listWorkDefinitions } from '@throughline/model'
import { DataTable, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import { openStates, orderStateWords } from '../order/order-words.ts'
import { versionStateWords } from '../version/version-words.ts'
import './instruction.css'

interface InstructionUseProps {
  readonly code: string
  readonly versions: readonly WorkInstruction[]
}

/** Which routings name the instruction, and by which version the open orders work. */
export function InstructionUse({ code, versions }: InstructionUseProps): ReactElement {
  const definitions = useQuery(ask(listWorkDefinitions, {}))
  const orders = useQuery({
    ...ask(listOrders, { state: [...openStates], limit: 2000 }),
    refetchInterval: makingRefreshMs,
  })
  const users = definitions.data?.filter(({ operations }) => operations.some((each) => each.instruction === code)) ?? []
  const running = orders.data?.orders.filter(({ instructions }) => instructions[code] !== undefined) ?? []
  const error = definitions.error ?? orders.error
  return (
    <section className="instruction-use" aria-labelledby="instruction-use">
      <h2 id="instruction-use">Where it is used</h2>
      {error === null ? null : <ProblemNotice what="Its use could not be read" error={error} />}
      {definitions.data === undefined ? null : (
        <DataTable
          caption="Work definitions that name it"
          rows={users}
          rowKey={({ id }) => id}
          empty={<EmptyState title="No work definition names it." />}
          columns={[
            {
              key: 'definition',
              head: 'Work definition',
              cell: (definition) => (
                <Link to="/work-definitions/$code" params={{ code: definition.code }}>
                  {definition.code}
                </Link>
              ),
            },
            { key: 'product', head: 'Product', cell: ({ product }) => product },
            {
              key: 'operation',
              head: 'Operation',
              cell: ({ operations }) =>
                operations
                  .filter((each) => each.instruction === code)
                  .map(({ sequence, name }) => `${sequence} ${name}`)
                  .join(', '),
            },
            { key: 'version', head: 'Version', align: 'right', tight: true, cell: ({ version }) => version },
            { key: 'state', head: 'State', tight: true, cell: ({ state }) => versionStateWords[state] },
          ]}
        />
      )}
      {orders.data === undefined ? null : (
        <DataTable
          caption="Open orders that follow it"
          rows={running}
          rowKey={({ id }) => id}
          empty={<EmptyState title="No open order follows it." />}
          columns={[
            {
              key: 'order',
              head: 'Open order',
              cell: (order) => (
                <Link to="/orders/$code" params={{ code: order.code }}>
                  {order.code}
                </Link>
              ),
            },
            { key: 'product', head: 'Product', cell: ({ product }) => product },
            { key: 'state', head: 'State', tight: true, cell: ({ state }) => orderStateWords[state] },
            {
              key: 'version',
              head: 'Follows version',
              align: 'right',
              tight: true,
              cell: ({ instructions }) => versions.find(({ id }) => id === instructions[code])?.version ?? '—',
            },
          ]}
        />
      )}
    </section>
  )
}
