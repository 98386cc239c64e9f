import { Link } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import type { PlantTree } from '../node/plant-tree.ts'
import { HeldOrders } from './HeldOrders.tsx'
import { BeginOutage, EndOutage } from './OutageForms.tsx'
import { heldByOutage, outageOver } from './outage-words.ts'
import { useHeldOrders } from './use-held.ts'
import { useOpenOutages } from './use-outages.ts'
import '../../performance/performance.css'

interface NodeOutageProps {
  readonly node: EquipmentNode
  readonly tree: PlantTree
}

/** Where equipment is out of service, or what it belongs to: since when, why, by whom, and which orders wait for it. */
export function NodeOutage({ node, tree }: NodeOutageProps): ReactElement | null {
  const open = useOpenOutages()
  const denial = useDenial()
  const [ending, setEnding] = useState(false)
  const outage = outageOver(open ?? [], tree.pathTo(node.id))
  const { orders } = useHeldOrders(outage !== undefined)
  if (outage === undefined) return null
  const at = tree.byId(outage.nodeId)
  const isOwn = outage.nodeId === node.id
  return (
    <section className="performance-panel" aria-labelledby="node-outage">
      <div className="performance-panel-head">
        <h2 id="node-outage">Out of service</h2>
        {isOwn ? (
          <GuardedButton
            reason={denial('equipment.asset.write', 'put equipment back into service')}
            onClick={() => setEnding(true)}
          >
            Put back into service
          </GuardedButton>
        ) : null}
      </div>
      <p>
        {isOwn || at === undefined ? null : (
          <>
            It belongs to{' '}
            <Link className="making-place" to="/equipment/$" params={{ _splat: at.path }}>
              {at.name}
            </Link>
          </>
        )}
        <strong>{outage.reason}</strong>
        <span className="machine-sub">
          {outage.by}, since {formatInstant(outage.since, 'record', tree.timeZoneOf(outage.nodeId))}
        </span>
      </p>
      <p>
        <HeldOrders orders={orders === undefined || at === undefined ? undefined : heldByOutage(orders, at.path)} />
      </p>
      {ending ? <EndOutage outage={outage} name={node.name} onClose={() => setEnding(false)} /> : null}
    </section>
  )
}

/** The button that takes equipment out of service; nothing while it is. */
export function TakeOutOfService({ node, tree }: NodeOutageProps): ReactElement | null {
  const open = useOpenOutages()
  const denial = useDenial()
  const [beginning, setBeginning] = useState(false)
  if (open === undefined || outageOver(open, tree.pathTo(node.id)) !== undefined) return null
  return (
    <>
      <GuardedButton
        variant="default"
        reason={denial('equipment.asset.write', 'take equipment out of service')}
        onClick={() => setBeginning(true)}
      >
        Take out of service
      </GuardedButton>
      {beginning ? <BeginOutage node={node} nodes={[]} onClose={() => setBeginning(false)} /> : null}
    </>
  )
}
