import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { EquipmentQualification } from '@throughline/model'
import { disqualifyEquipment, listQualifiedEquipment } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { InForce } from '../../identity/access/InForce.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { endsSoon, standing, standingWords } from '../../identity/qualification/qualification-words.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
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
  const held = data?.filter((each) => standing(each, now) === 'holds') ?? []
  const soon = held.filter((each) => endsSoon(each, now)).length
  const words = search.trim().toLowerCase()
  const rows = data?.filter(
    (each) =>
      (show === 'all' || standing(each, now) === 'holds' || standing(each, now) === 'later') &&
      [pathOf(each), each.process as string].some((text) => text.toLowerCase().includes(words)),
  )
  return (
    <>
      <ScreenHead
        title="Special processes"
        answer={
          data === undefined ? undefined : (
            <>
              <span>{held.length} in force</span>
              <strong>
                {soon === 0 ? 'none ends within 30 days' : `${soon} ${soon === 1 ? 'ends' : 'end'} within 30 days`}
              </strong>
            </>
          )
        }
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
        <search className="access-filter">
          <TextInput
            label="Search"
            placeholder="Equipment or process"
            value={search}
            maxLength={60}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, search: value === '' ? undefined : value }),
                replace: true,
              })
            }
          />
          <NativeSelect
            label="Which"
            value={show}
            data={[
              { value: 'held', label: 'In force or to come' },
              { value: 'all', label: 'All, ended and withdrawn too' },
            ]}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: (before) => ({ ...before, show: value === 'all' ? 'all' : undefined }) })
            }
          />
        </search>
        {error === null ? null : (
          <ProblemNotice what="The qualifications of equipment could not be read" error={error} />
        )}
        {rows === undefined ? null : (
          <DataTable
            caption="Equipment qualified for special processes, the soonest to end first"
            rows={rows}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                title={data?.length === 0 ? 'No equipment is qualified for a special process yet.' : 'None fits.'}
                reason="An operation that is a special process is done on equipment that is qualified for it, and nowhere else."
              />
            }
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
              {
                key: 'state',
                head: 'State',
                cell: (row) => (
                  <>
                    <InForce
                      holds={standing(row, now) === 'holds'}
                      yes={standingWords.holds}
                      no={row.revoked === null ? standingWords[standing(row, now)] : 'Withdrawn'}
                    />
                    {row.revoked === null ? null : (
                      <span className="access-sub">
                        by {row.revoked.by}: {row.revoked.reason}
                      </span>
                    )}
                  </>
                ),
              },
              {
                key: 'until',
                head: 'Valid until',
                tight: true,
                cell: (row) => (
                  <>
                    {row.validTo === null
                      ? 'without end'
                      : formatInstant(row.validTo, 'record', tree.timeZoneOf(row.nodeId))}
                    {endsSoon(row, now) ? <span className="access-sub">within 30 days</span> : null}
                  </>
                ),
              },
              {
                key: 'evidence',
                head: 'Evidence',
                cell: ({ evidence, grantedBy, validFrom, nodeId }) => (
                  <>
                    {evidence}
                    <span className="access-sub">
                      since {formatInstant(validFrom, 'day', tree.timeZoneOf(nodeId))}, signed by {grantedBy}
                    </span>
                  </>
                ),
              },
              {
                key: 'acts',
                head: <span className="tl-hidden">What can be done</span>,
                tight: true,
                cell: (row) => (
                  <span className="access-actions">
                    {row.revoked === null && standing(row, now) !== 'over' ? (
                      <GuardedButton
                        variant="default"
                        size="compact-sm"
                        reason={mayNot}
                        aria-label={`Withdraw ${row.process} of ${pathOf(row)}`}
                        onClick={() => setRevoking(row)}
                      >
                        Withdraw
                      </GuardedButton>
                    ) : null}
                    <RecordTrailLink kind="equipment.qualification" id={row.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
      </div>
      {revoking === undefined ? null : (
        <ReasonDialog
          title={`Withdraw ${revoking.process} of ${pathOf(revoking)}`}
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
