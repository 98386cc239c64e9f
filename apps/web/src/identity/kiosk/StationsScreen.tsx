import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { EquipmentNode, Station } from '@throughline/model'
import { getCurrentStation, listStations, registerStation, retireStation } from '@throughline/model'
import { DataTable, EmptyState, formatDuration, formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
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
import { ReasonedEnd } from '../access/ReasonedEnd.tsx'
import { scopeText } from '../access/ScopePicker.tsx'
import '../access/access.css'
import { ScreenSize } from './ScreenSize.tsx'

/** Terminals where badge and PIN work; the device at hand becomes one here. */
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
  const registered = (stations.data ?? []).filter(({ state }) => state === 'registered').length
  return (
    <>
      <ScreenHead
        title="Stations"
        answer={
          here.data === undefined
            ? undefined
            : here.data === null
              ? `${registered} registered; this device is none of them`
              : `${registered} registered; this device is ${here.data.name}`
        }
        actions={
          <>
            {here.data ? (
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
        {stations.isError ? <ProblemNotice what="The stations could not be listed" error={stations.error} /> : null}
        {stations.data === undefined ? null : (
          <DataTable
            caption="Stations"
            rows={stations.data}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No stations" reason="At a station people sign in with badge and PIN." />}
            columns={[
              { key: 'name', head: 'Station', cell: ({ name }) => <span className="access-person">{name}</span> },
              { key: 'node', head: 'Equipment', cell: ({ nodeId }) => scopeText(nodes.data ?? [], nodeId) },
              {
                key: 'idle',
                head: 'Locks after',
                tight: true,
                cell: ({ idleTimeoutMs }) => formatDuration(idleTimeoutMs),
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
        <RegisterDialog nodes={nodes.data ?? []} onClose={() => setRegistering(false)} onDone={refresh} />
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
          <p>Nobody can sign in at {retiring.name} any more, and whoever works there is signed out.</p>
        </ReasonDialog>
      )}
    </>
  )
}

interface RegisterDialogProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
  readonly onDone: () => Promise<unknown>
}

const idleChoices = [
  { value: '60000', label: '1 minute' },
  { value: '300000', label: '5 minutes' },
  { value: '900000', label: '15 minutes' },
  { value: '3600000', label: '1 hour' },
]

function RegisterDialog({ nodes, onClose, onDone }: RegisterDialogProps): ReactElement {
  const [name, setName] = useState('')
  const [path, setPath] = useState('')
  const nodeId = nodes.find((node) => node.path === path.trim())?.id ?? null
  const [idle, setIdle] = useState('300000')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const register = useMutation({
    mutationFn: () => client(registerStation, { name, nodeId: nodeId ?? '', idleTimeoutMs: Number(idle), reason }),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const isWhole = name.trim() !== '' && nodeId !== null && reason.trim().length >= 3
    setMissing(!isWhole)
    if (isWhole) register.mutate()
  }

  return (
    <Modal opened onClose={onClose} title="Make this device a station" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="access-form" onSubmit={onSubmit}>
        <p>This browser keeps the proof of the station. Sign out of your own account when you are done.</p>
        <TextInput
          label="Name"
          description="As people on the floor call it."
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Equipment"
          description="Its path; the station shows what it measures."
          list="station-nodes"
          autoComplete="off"
          spellCheck={false}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <datalist id="station-nodes">
          {nodes.map((node) => (
            <option key={node.id} value={node.path} />
          ))}
        </datalist>
        <NativeSelect
          label="Locks itself when unused for"
          data={idleChoices}
          value={idle}
          onChange={(event) => setIdle(event.currentTarget.value)}
        />
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={
            missing
              ? 'Give a name, the path of a piece of equipment, and a reason of 3 characters at least.'
              : undefined
          }
          save={register}
          failure="This device is no station"
          verb="Make it a station"
          onCancel={onClose}
        />
      </form>
    </Modal>
  )
}
