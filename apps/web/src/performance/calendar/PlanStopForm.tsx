import { NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { EquipmentNode, PlannedStop } from '@throughline/model'
import { planStop } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import { localHint, localInstant } from '../window/window-choice.ts'

export const plannedKinds: Readonly<Record<PlannedStop['kind'], string>> = {
  maintenance: 'Maintenance',
  'no-order': 'No order',
  trial: 'Trial',
  meeting: 'Meeting',
  other: 'Other',
}

interface PlanStopFormProps {
  readonly node: EquipmentNode
  readonly timeZone: string | undefined
  readonly onDone: () => Promise<void>
  readonly onClose: () => void
}

/** Plans that equipment will not produce for some time. */
export function PlanStopForm({ node, timeZone, onDone, onClose }: PlanStopFormProps): ReactElement {
  const [kind, setKind] = useState<PlannedStop['kind']>('maintenance')
  const [label, setLabel] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const ends = { from: localInstant(from, timeZone), to: localInstant(to, timeZone) }
  const save = useMutation({
    mutationFn: () =>
      client(planStop, { nodeId: node.id, kind, label: label.trim(), from: ends.from ?? 0, to: ends.to ?? 0 }),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong =
      label.trim() === ''
        ? 'Say what it is for.'
        : ends.from === undefined || ends.to === undefined
          ? 'Give both ends, such as 2026-11-22 14:05.'
          : ends.from >= ends.to
            ? 'The end must come after the beginning.'
            : undefined
    setProblem(wrong)
    if (wrong === undefined) save.mutate()
  }

  return (
    <Dialog title={`Plan a stop of ${node.name}`} onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <NativeSelect
          label="Kind"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as PlannedStop['kind'])}
          data={Object.entries(plannedKinds).map(([value, word]) => ({ value, label: word }))}
        />
        <TextInput
          label="What for"
          value={label}
          maxLength={200}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label="From"
          description={localHint(timeZone)}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput label="To" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <FormEnd problem={problem} save={save} failure="The stop was not planned" verb="Plan" onCancel={onClose} />
      </form>
    </Dialog>
  )
}
