import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { Container, closeContainer, listContainers, moveContainer } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
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
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { LabelPanel } from '../lot/LabelPanel.tsx'
import { ContainerContent } from './ContainerContent.tsx'
import { containerKindWords, containerStateWords, nextStates, ssccText } from './container-words.ts'
import '../../execution/making.css'
import '../../performance/performance.css'

const route = getRouteApi('/app/containers/$sscc')

/** One container: where it is, what is in it, and its label. */
export function ContainerScreen(): ReactElement {
  const { sscc } = route.useParams()
  const denial = useDenial()
  const { tree, nodes } = useNodes()
  const [task, setTask] = useState<'move' | 'state' | undefined>(undefined)
  const { data, error } = useQuery({ ...ask(listContainers, { sscc }), refetchInterval: makingRefreshMs })
  const container = data?.find((each) => each.sscc === sscc)
  const mayNot = denial('material.move', 'move and pack containers')
  const close = (): void => setTask(undefined)
  return (
    <>
      <ScreenHead
        above={<Link to="/containers">Containers</Link>}
        title={`${container === undefined ? 'Container' : containerKindWords[container.kind]} ${ssccText(sscc)}`}
        answer={
          container === undefined ? undefined : (
            <>
              <strong>{containerStateWords[container.state]}</strong>
              <span>
                {container.nodeId === null
                  ? 'nowhere in the plant'
                  : (tree.byId(container.nodeId)?.path ?? 'outside your scopes')}
              </span>
              <RecordTrailLink kind="material.container" id={container.id} />
            </>
          )
        }
        actions={
          container === undefined || nextStates[container.state].length === 0 ? undefined : (
            <>
              <GuardedButton reason={mayNot} onClick={() => setTask('state')}>
                {container.state === 'open' ? 'Close it' : 'Ship it or open it'}
              </GuardedButton>
              <GuardedButton variant="default" reason={mayNot} onClick={() => setTask('move')}>
                Move it
              </GuardedButton>
            </>
          )
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The container could not be read" error={error} />}
        {data !== undefined && container === undefined ? (
          <EmptyState title="There is no such container" reason="It may lie outside your scopes." />
        ) : null}
        {container === undefined ? null : (
          <>
            <ContainerContent container={container} mayNot={mayNot} />
            <LabelPanel subject={{ containerId: container.id }} name={container.sscc} />
          </>
        )}
      </div>
      {container === undefined || task === undefined ? null : task === 'move' ? (
        <MoveContainer container={container} nodes={nodes} onClose={close} />
      ) : (
        <ChangeState container={container} onClose={close} />
      )}
    </>
  )
}

interface ContainerTaskProps {
  readonly container: Container
  readonly onClose: () => void
}

function MoveContainer({
  container,
  nodes,
  onClose,
}: ContainerTaskProps & { readonly nodes: readonly EquipmentNode[] }): ReactElement {
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(container.nodeId)
  const [place, setPlace] = useState('')
  return (
    <TaskDialog
      title={`Move ${ssccText(container.sscc)}`}
      verb="Move"
      failure="The container was not moved"
      reason="none"
      check={() => (nodeId === null ? 'Choose where it goes.' : undefined)}
      onSave={() => client(moveContainer, { containerId: container.id, nodeId: nodeId ?? '', place: place.trim() })}
      onClose={onClose}
    >
      <p>All that is in it moves with it.</p>
      <div>
        <p className="performance-bar-label">To</p>
        <ScopePicker label="To" nodes={nodes} value={nodeId} onPick={setNodeId} none="Type part of its path" />
      </div>
      <TextInput
        label="Place there"
        description="Such as shelf 3; may stay empty"
        value={place}
        maxLength={100}
        onChange={({ currentTarget: { value } }) => setPlace(value)}
      />
    </TaskDialog>
  )
}

function ChangeState({ container, onClose }: ContainerTaskProps): ReactElement {
  const choices = nextStates[container.state]
  const [state, setState] = useState<Container['state']>(choices[0] ?? 'closed')
  return (
    <TaskDialog
      title={`State of ${ssccText(container.sscc)}`}
      verb="Set the state"
      failure="The state was not set"
      onSave={(reason) => client(closeContainer, { containerId: container.id, state, reason })}
      onClose={onClose}
    >
      <NativeSelect
        label="State"
        value={state}
        data={choices.map((value) => ({ value: value as string, label: containerStateWords[value] }))}
        onChange={({ currentTarget: { value } }) => setState(Container.shape.state.parse(value))}
      />
      {state === 'shipped' || state === 'emptied' ? <p>This has no way back.</p> : null}
    </TaskDialog>
  )
}
