import { Modal, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { EquipmentNode, Station } from '@throughline/model'
import { registerStation } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ReasonedEnd } from '../access/ReasonedEnd.tsx'

interface RegisterStationDialogProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
  readonly onDone: () => Promise<unknown>
}

const kindChoices: { value: Station['kind']; label: string }[] = [
  { value: 'terminal', label: 'Terminal: people work here, with badge and PIN' },
  { value: 'wall', label: 'Wall board: only shows, nobody signs in here' },
]

const idleChoices = [
  { value: '60000', label: '1 minute' },
  { value: '300000', label: '5 minutes' },
  { value: '900000', label: '15 minutes' },
  { value: '3600000', label: '1 hour' },
]

/** Makes the device at hand a terminal, or a board on the wall. */
export function RegisterStationDialog({ nodes, onClose, onDone }: RegisterStationDialogProps): ReactElement {
  const [kind, setKind] = useState<Station['kind']>('terminal')
  const [name, setName] = useState('')
  const [path, setPath] = useState('')
  const nodeId = nodes.find((node) => node.path === path.trim())?.id ?? null
  const [idle, setIdle] = useState('300000')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const register = useMutation({
    mutationFn: () =>
      client(registerStation, { name, nodeId: nodeId ?? '', kind, idleTimeoutMs: Number(idle), reason }),
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
        <NativeSelect
          label="What it is"
          data={kindChoices}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value === 'wall' ? 'wall' : 'terminal')}
        />
        <TextInput
          label="Name"
          description="As people on the floor call it."
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Equipment"
          description={
            kind === 'wall'
              ? 'Its path; the board shows its machines, and whoever stands before it can read them.'
              : 'Its path; the station shows what it measures.'
          }
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
        {kind === 'wall' ? null : (
          <NativeSelect
            label="Locks itself when unused for"
            data={idleChoices}
            value={idle}
            onChange={(event) => setIdle(event.currentTarget.value)}
          />
        )}
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
