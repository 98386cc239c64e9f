import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { EquipmentQualification } from '@throughline/model'
import { disqualifyEquipment, listQualifiedEquipment } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { HeldAnswer, HeldList } from '../../identity/qualification/HeldList.tsx'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { EquipmentTabs } from '../asset/EquipmentTabs.tsx'
import { QualifyEquipment } from './QualifyEquipment.tsx'
import '../../performance/performance.css'

const route = getRouteApi('/app/special-processes')

/** On which equipment special processes may be done, and until when; the soonest to end first. */
export function SpecialProcessScreen(): ReactElement {
  const { search = '', show = 'held' } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const queryClient = useQueryClient()
  const { tree, nodes } = useNodes()
  const now = useNow(30_000)
  const [granting, setGranting] = useState(false)
  const [revoking, setRevoking] = useState<EquipmentQualification | undefined>(undefined)
  const { data, error } = useQuery(ask(listQualifiedEquipment, {}))
  const mayNot = denial('equipment.calibration.write', 'qualify equipment')
  const pathOf = (each: EquipmentQualification): string => tree.byId(each.nodeId)?.path ?? 'outside your scopes'
  const nameOf = (each: EquipmentQualification): string => `${each.process} of ${pathOf(each)}`
  return (
    <>
      <ScreenHead
        title="Special processes"
        answer={data === undefined ? undefined : <HeldAnswer data={data} now={now} />}
        actions={
          granting ? undefined : (
            <GuardedButton reason={mayNot} onClick={() => setGranting(true)}>
              Qualify equipment
            </GuardedButton>
          )
        }
      />
      <EquipmentTabs />
      <div className="performance">
        {granting ? <QualifyEquipment known={data ?? []} nodes={nodes} onClose={() => setGranting(false)} /> : null}
        <HeldList
          kind="equipment.qualification"
          {...{ data, error, now, search, show, mayNot, nameOf }}
          onSearch={(next) => void navigate({ search: (before) => ({ ...before, search: next }), replace: true })}
          onShow={(next) => void navigate({ search: (before) => ({ ...before, show: next }) })}
          columns={[
            {
              key: 'where',
              head: 'Equipment',
              cell: (row) => {
                const node = tree.byId(row.nodeId)
                return node === undefined ? (
                  'outside your scopes'
                ) : (
                  <Link to="/equipment/$" params={{ _splat: node.path }}>
                    {node.path}
                  </Link>
                )
              },
            },
            { key: 'process', head: 'Process', cell: ({ process }) => process },
          ]}
          textOf={(row) => [pathOf(row), row.process]}
          zoneOf={({ nodeId }) => tree.timeZoneOf(nodeId)}
          givenBy={({ grantedBy }) => `signed by ${grantedBy}`}
          words={{
            caption: 'Equipment qualified for special processes, the soonest to end first',
            unread: 'The qualifications of equipment could not be read',
            placeholder: 'Equipment or process',
            all: 'All, ended and withdrawn too',
            none: 'No equipment is qualified for a special process yet.',
            why: 'An operation that is a special process is done on equipment that is qualified for it, and nowhere else.',
            until: 'Valid until',
            revoke: 'Withdraw',
            revoked: 'Withdrawn',
          }}
          onRevoke={setRevoking}
        />
      </div>
      {revoking === undefined ? null : (
        <ReasonDialog
          title={`Withdraw ${nameOf(revoking)}`}
          confirm="Withdraw"
          failure="The qualification was not withdrawn"
          onClose={() => setRevoking(undefined)}
          onConfirm={async (reason) => {
            await client(disqualifyEquipment, { qualificationId: revoking.id, reason })
            await queryClient.invalidateQueries({ queryKey: [listQualifiedEquipment.name] })
          }}
        >
          <p>From now on {revoking.process} cannot be begun there, nor on what belongs to it.</p>
        </ReasonDialog>
      )}
    </>
  )
}
