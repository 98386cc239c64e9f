import { useQueryClient } from '@tanstack/react-query'
import type { EquipmentNode, Outage } from '@throughline/model'
import { beginOutage, endOutage, listOutages } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'

interface BeginOutageProps {
  /** Undefined = it is still to be chosen. */
  readonly node: EquipmentNode | undefined
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** Takes equipment out of service, with the reason that everybody reads who meets its closed gate. */
export function BeginOutage({ node, nodes, onClose }: BeginOutageProps): ReactElement {
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState<EquipmentNode['id'] | null>(null)
  const nodeId = node?.id ?? chosen
  return (
    <TaskDialog
      title={node === undefined ? 'Take equipment out of service' : `Take ${node.name} out of service`}
      verb="Take out of service"
      failure="It is still in service"
      check={() => (nodeId === null ? 'Choose the equipment.' : undefined)}
      reasonLabel="Why"
      onSave={async (reason) => {
        await client(beginOutage, { nodeId: nodeId ?? '', reason })
        await queryClient.invalidateQueries({ queryKey: [listOutages.name] })
      }}
      onClose={onClose}
    >
      <p>Nothing is begun there, or on what belongs to it. Orders with work in hand there are held until it is back.</p>
      {node === undefined ? (
        <div>
          <p className="performance-bar-label">Equipment</p>
          <ScopePicker label="Equipment" nodes={nodes} value={chosen} onPick={setChosen} none="Type part of its path" />
        </div>
      ) : null}
    </TaskDialog>
  )
}

interface EndOutageProps {
  readonly outage: Outage
  readonly name: string
  readonly onClose: () => void
}

/** Puts equipment back into service, with what was done to it. */
export function EndOutage({ outage, name, onClose }: EndOutageProps): ReactElement {
  const queryClient = useQueryClient()
  return (
    <TaskDialog
      title={`Put ${name} back into service`}
      verb="Put back into service"
      failure="It is still out of service"
      reasonLabel="What was done"
      onSave={async (reason) => {
        await client(endOutage, { nodeId: outage.nodeId, reason })
        await queryClient.invalidateQueries({ queryKey: [listOutages.name] })
      }}
      onClose={onClose}
    >
      <p>Out of service because: {outage.reason}. Orders that it holds go on then.</p>
    </TaskDialog>
  )
}
