import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Outage } from '@throughline/model'
import { listOutages } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { EquipmentTabs } from '../asset/EquipmentTabs.tsx'
import { DoubtedGauges } from './DoubtedGauges.tsx'
import { HeldOrders } from './HeldOrders.tsx'
import { BeginOutage, EndOutage } from './OutageForms.tsx'
import { heldByOutage } from './outage-words.ts'
import { useHeldOrders } from './use-held.ts'
import '../../performance/performance.css'

const refreshMs = 10_000

/** Equipment that is out of service and gauges that are doubted, with the orders that wait for them; and what came back. */
export function OutageListScreen(): ReactElement {
  const { tree, nodes } = useNodes()
  const denial = useDenial()
  const [beginning, setBeginning] = useState(false)
  const [ending, setEnding] = useState<Outage | undefined>(undefined)
  const { data, error } = useQuery({ ...ask(listOutages, {}), refetchInterval: refreshMs })
  const { orders, error: ordersError } = useHeldOrders()
  const open = data?.filter(({ ended }) => ended === null)
  const past = data?.filter(({ ended }) => ended !== null)
  const pathOf = ({ nodeId }: Outage): string | undefined => tree.byId(nodeId)?.path
  const time = (at: Outage['since'], nodeId: string): string => formatInstant(at, 'record', tree.timeZoneOf(nodeId))
  return (
    <>
      <ScreenHead
        title="Out of service"
        answer={
          open === undefined ? undefined : (
            <strong>{open.length === 0 ? 'All equipment is in service' : `${open.length} out of service`}</strong>
          )
        }
        actions={
          <GuardedButton
            reason={denial('equipment.asset.write', 'take equipment out of service')}
            onClick={() => setBeginning(true)}
          >
            Take equipment out of service
          </GuardedButton>
        }
      />
      <EquipmentTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The equipment could not be read" error={error} />}
        {ordersError === null ? null : <ProblemNotice what="The held orders could not be read" error={ordersError} />}
        {open === undefined ? null : (
          <DataTable
            caption="Equipment out of service"
            rows={open}
            rowKey={({ id }) => id}
            empty={<EmptyState title="Nothing is out of service." />}
            columns={[
              {
                key: 'where',
                head: 'Equipment',
                cell: (outage) => <Where path={pathOf(outage)} />,
              },
              {
                key: 'why',
                head: 'Why',
                cell: ({ reason, by, since, nodeId }) => (
                  <>
                    <strong>{reason}</strong>
                    <span className="machine-sub">
                      {by}, since {time(since, nodeId)}
                    </span>
                  </>
                ),
              },
              {
                key: 'orders',
                head: 'Orders',
                cell: (outage) => {
                  const path = pathOf(outage)
                  return (
                    <HeldOrders
                      orders={orders === undefined || path === undefined ? undefined : heldByOutage(orders, path)}
                    />
                  )
                },
              },
              {
                key: 'acts',
                head: <span className="tl-hidden">What can be done</span>,
                tight: true,
                cell: (outage) => (
                  <span className="access-actions">
                    <GuardedButton
                      variant="default"
                      size="compact-sm"
                      reason={denial('equipment.asset.write', 'put equipment back into service')}
                      aria-label={`Put back into service: ${pathOf(outage) ?? 'equipment outside your scopes'}`}
                      onClick={() => setEnding(outage)}
                    >
                      Put back
                    </GuardedButton>
                    <RecordTrailLink kind="equipment.outage" id={outage.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
        <DoubtedGauges />
        {past === undefined || past.length === 0 ? null : (
          <section aria-labelledby="past-outages">
            <h2 id="past-outages">Back in service</h2>
            <DataTable
              caption="Equipment that is back in service, the newest first"
              rows={past}
              rowKey={({ id }) => id}
              columns={[
                { key: 'where', head: 'Equipment', cell: (outage) => <Where path={pathOf(outage)} /> },
                {
                  key: 'why',
                  head: 'Was out because',
                  cell: ({ reason, by, since, nodeId }) => (
                    <>
                      {reason}
                      <span className="machine-sub">
                        {by}, {time(since, nodeId)}
                      </span>
                    </>
                  ),
                },
                {
                  key: 'back',
                  head: 'Came back after',
                  cell: ({ ended, nodeId }) =>
                    ended === null ? null : (
                      <>
                        {ended.reason}
                        <span className="machine-sub">
                          {ended.by}, {time(ended.at, nodeId)}
                        </span>
                      </>
                    ),
                },
              ]}
            />
          </section>
        )}
      </div>
      {beginning ? <BeginOutage node={undefined} nodes={nodes} onClose={() => setBeginning(false)} /> : null}
      {ending === undefined ? null : (
        <EndOutage outage={ending} name={tree.byId(ending.nodeId)?.name ?? 'it'} onClose={() => setEnding(undefined)} />
      )}
    </>
  )
}

function Where({ path }: { readonly path: string | undefined }): ReactElement {
  if (path === undefined) return <span>outside your scopes</span>
  return (
    <Link to="/equipment/$" params={{ _splat: path }}>
      {path}
    </Link>
  )
}
