import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { Container, listContainers, makeContainer } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../../execution/form/making-queries.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { MaterialTabs } from '../definition/MaterialTabs.tsx'
import { containerKindWords, containerStateWords, ssccText } from './container-words.ts'
import '../../execution/making.css'
import '../../performance/performance.css'

const route = getRouteApi('/app/containers')

/** Boxes, totes, trays and pallets, and what is in them. */
export function ContainerListScreen(): ReactElement {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const { tree, nodes } = useNodes()
  const [making, setMaking] = useState(false)
  const { data, error } = useQuery({ ...ask(listContainers, {}), refetchInterval: makingRefreshMs })
  const inPlant = data?.filter((each) => each.state === 'open' || each.state === 'closed') ?? []
  return (
    <>
      <ScreenHead
        title="Containers"
        answer={
          data === undefined ? undefined : (
            <>
              <strong>{inPlant.length} in the plant</strong>
              <span>{inPlant.filter((each) => each.state === 'open').length} open</span>
            </>
          )
        }
        actions={
          <GuardedButton reason={denial('material.move', 'begin containers')} onClick={() => setMaking(true)}>
            Begin a container
          </GuardedButton>
        }
      />
      <MaterialTabs />
      <div className="performance">
        <search className="access-filter">
          <NativeSelect
            label="State"
            value={state ?? ''}
            data={[
              { value: '', label: 'In the plant' },
              ...Container.shape.state.options.map((value) => ({
                ...{ value: value as string, label: containerStateWords[value] },
              })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: { state: Container.shape.state.options.find((each) => each === value) } })
            }
          />
        </search>
        {error === null ? null : <ProblemNotice what="The containers could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Containers"
            rows={state === undefined ? inPlant : data.filter((each) => each.state === state)}
            rowKey={({ id }) => id}
            empty={<EmptyState title="No container here." reason="Begin one, and pack lots into it by scan." />}
            columns={[
              {
                key: 'sscc',
                head: 'SSCC',
                cell: ({ sscc }) => (
                  <Link to="/containers/$sscc" params={{ sscc }} className="tl-figure">
                    {ssccText(sscc)}
                  </Link>
                ),
              },
              { key: 'kind', head: 'Kind', tight: true, cell: ({ kind }) => containerKindWords[kind] },
              { key: 'state', head: 'State', tight: true, cell: (row) => containerStateWords[row.state] },
              { key: 'lots', head: 'Lots', align: 'right', tight: true, cell: ({ lots }) => lots.length },
              {
                key: 'where',
                head: 'Where',
                cell: ({ nodeId, parentId }) => (
                  <>
                    {nodeId === null ? 'nowhere in the plant' : (tree.byId(nodeId)?.path ?? 'outside your scopes')}
                    {parentId === null ? null : (
                      <span className="machine-sub">
                        in {ssccText(data.find(({ id }) => id === parentId)?.sscc ?? 'another container')}
                      </span>
                    )}
                  </>
                ),
              },
              {
                key: 'made',
                head: 'Begun',
                tight: true,
                cell: ({ madeAt, nodeId }) =>
                  formatInstant(madeAt, 'day-minute', nodeId === null ? undefined : tree.timeZoneOf(nodeId)),
              },
            ]}
          />
        )}
      </div>
      {making ? (
        <BeginContainer
          nodes={nodes}
          onClose={() => setMaking(false)}
          onBegun={(sscc) => void navigate({ to: '/containers/$sscc', params: { sscc } })}
        />
      ) : null}
    </>
  )
}

interface BeginContainerProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
  readonly onBegun: (sscc: string) => void
}

function BeginContainer({ nodes, onClose, onBegun }: BeginContainerProps): ReactElement {
  const [kind, setKind] = useState<Container['kind']>('box')
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(null)
  return (
    <TaskDialog
      title="Begin a container"
      verb="Begin"
      failure="The container was not begun"
      reason="none"
      check={() => (nodeId === null ? 'Choose where it stands.' : undefined)}
      onSave={async () => onBegun((await client(makeContainer, { kind, nodeId: nodeId ?? '' })).sscc)}
      onClose={onClose}
    >
      <p>It gets the next SSCC of the plant.</p>
      <NativeSelect
        label="Kind"
        value={kind}
        data={Container.shape.kind.options.map((value) => ({
          ...{ value: value as string, label: containerKindWords[value] },
        }))}
        onChange={({ currentTarget: { value } }) => setKind(Container.shape.kind.parse(value))}
      />
      <div>
        <p className="performance-bar-label">Where it stands</p>
        <ScopePicker
          label="Where it stands"
          nodes={nodes}
          value={nodeId}
          onPick={setNodeId}
          none="Type part of its path"
        />
      </div>
    </TaskDialog>
  )
}
