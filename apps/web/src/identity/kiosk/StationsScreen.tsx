import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Station } from '@throughline/model'
import { closeSession, getCurrentStation, listStations, retireStation } from '@throughline/model'
import { DataTable, EmptyState, formatDuration, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask, nodesQuery } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from '../access/AccessTabs.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { InForce } from '../access/InForce.tsx'
import { useDenial } from '../access/may.ts'
import { ReasonDialog } from '../access/ReasonDialog.tsx'
import { scopeText } from '../access/ScopePicker.tsx'
import { useSignOut } from '../session/use-sign-out.ts'
import '../access/access.css'
import { RegisterStationDialog } from './RegisterStationDialog.tsx'
import { ScreenSize } from './ScreenSize.tsx'

/** Terminals where badge and PIN work, and boards on the wall; the device at hand becomes one here. */
export function StationsScreen(): ReactElement {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const stations = useQuery(ask(listStations, {}))
  const here = useQuery(ask(getCurrentStation, {}))
  const nodes = useQuery(nodesQuery)
  const [isRegistering, setRegistering] = useState(false)
  const [retiring, setRetiring] = useState<Station | undefined>(undefined)
  const mayNotWrite = denial('identity.station.write', 'set up stations')
  const refresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: [listStations.name] })
    await queryClient.invalidateQueries({ queryKey: [getCurrentStation.name] })
  }
  const leaving = useSignOut(async () => {
    await client(closeSession, {})
    return '/wall'
  })
  const registered = stations.data?.filter(({ state }) => state === 'registered').length
  const known = registered === undefined ? '' : `${registered} registered; `
  return (
    <>
      <ScreenHead
        title="Stations"
        answer={
          here.data === undefined
            ? undefined
            : here.data === null
              ? `${known}this device is none`
              : `${known}this device is ${here.data.name}`
        }
        actions={
          <>
            {here.data?.kind === 'wall' ? (
              <Button variant="default" loading={leaving.isPending} onClick={() => leaving.mutate()}>
                Sign out and open the board
              </Button>
            ) : here.data ? (
              <Button variant="default" renderRoot={(props) => <Link to="/kiosk" {...props} />}>
                Open the station
              </Button>
            ) : null}
            <GuardedButton reason={mayNotWrite} onClick={() => setRegistering(true)}>
              Make this device a station
            </GuardedButton>
          </>
        }
      />
      <AccessTabs />
      <div className="access">
        {leaving.isError ? <ProblemNotice what="You are still signed in" error={leaving.error} /> : null}
        {stations.isError ? <ProblemNotice what="The stations could not be listed" error={stations.error} /> : null}
        {stations.data === undefined ? null : (
          <DataTable
            caption="Stations"
            rows={stations.data}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                title="No stations"
                reason="At a terminal people sign in with badge and PIN; a wall board shows its machines without anybody."
              />
            }
            columns={[
              { key: 'name', head: 'Station', cell: ({ name }) => <span className="access-person">{name}</span> },
              { key: 'node', head: 'Equipment', cell: ({ nodeId }) => scopeText(nodes.data ?? [], nodeId) },
              {
                key: 'kind',
                head: 'Kind',
                tight: true,
                cell: ({ kind }) => (kind === 'wall' ? 'Wall board' : 'Terminal'),
              },
              {
                key: 'idle',
                head: 'Locks after',
                tight: true,
                cell: ({ kind, idleTimeoutMs }) => (kind === 'wall' ? 'never' : formatDuration(idleTimeoutMs)),
              },
              {
                key: 'state',
                head: 'State',
                tight: true,
                cell: ({ state }) => <InForce holds={state === 'registered'} yes="Registered" no="Retired" />,
              },
              {
                key: 'at',
                head: 'Registered',
                tight: true,
                cell: ({ registeredAt }) => (
                  <span className="tl-figure">{formatInstant(registeredAt, 'record', timeZone)}</span>
                ),
              },
              {
                key: 'retire',
                head: 'Action',
                tight: true,
                cell: (station) =>
                  station.state === 'retired' ? null : (
                    <GuardedButton
                      variant="default"
                      size="compact-sm"
                      reason={mayNotWrite}
                      aria-label={`Retire ${station.name}`}
                      onClick={() => setRetiring(station)}
                    >
                      Retire
                    </GuardedButton>
                  ),
              },
            ]}
          />
        )}
        <ScreenSize />
      </div>
      {isRegistering ? (
        <RegisterStationDialog nodes={nodes.data ?? []} onClose={() => setRegistering(false)} onDone={refresh} />
      ) : null}
      {retiring === undefined ? null : (
        <ReasonDialog
          title="Retire a station"
          confirm="Retire"
          failure="The station was not retired"
          onConfirm={async (reason) => {
            await client(retireStation, { stationId: retiring.id, reason })
            await refresh()
          }}
          onClose={() => setRetiring(undefined)}
        >
          <p>
            {retiring.kind === 'wall'
              ? `${retiring.name} shows nothing more, at once.`
              : `Nobody can sign in at ${retiring.name} any more, and whoever works there is signed out.`}
          </p>
        </ReasonDialog>
      )}
    </>
  )
}
