import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { systemClock } from '@throughline/kernel'
import type { Deviation, EquipmentNode } from '@throughline/model'
import { openDeviation } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { localHint, localInstant } from '../../performance/window/window-choice.ts'
import { severityWords } from './deviation-words.ts'

interface OpenDeviationProps {
  readonly nodes: readonly EquipmentNode[]
  readonly timeZone: string | undefined
  readonly onClose: () => void
}

/** Opens a deviation by hand, with what it concerns. */
export function OpenDeviation({ nodes, timeZone, onClose }: OpenDeviationProps): ReactElement {
  const navigate = useNavigate()
  const [severity, setSeverity] = useState<Deviation['severity']>('minor')
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(null)
  const [text, setText] = useState({ title: '', description: '', about: '', at: '', orderCode: '', lots: '' })
  const at = text.at.trim() === '' ? systemClock.now() : localInstant(text.at, timeZone)
  const change = (key: keyof typeof text) => (event: { readonly currentTarget: { readonly value: string } }) => {
    const { value } = event.currentTarget
    setText((before) => ({ ...before, [key]: value }))
  }

  async function save(): Promise<void> {
    const opened = await client(openDeviation, {
      ...{ title: text.title.trim(), description: text.description.trim(), about: text.about.trim(), severity },
      ...{ at: at ?? 0, nodeId, orderCode: text.orderCode.trim() === '' ? null : text.orderCode.trim() },
      lots: codesOf(text.lots),
    })
    await navigate({ to: '/deviations/$code', params: { code: opened.code } })
  }

  return (
    <TaskDialog
      title="Open a deviation"
      verb="Open"
      failure="The deviation was not opened"
      reason="none"
      check={() =>
        text.title.trim() === ''
          ? 'Say in a few words what happened.'
          : text.description.trim() === ''
            ? 'Describe what happened and what was approved.'
            : at === undefined
              ? 'Give the time such as 2026-11-22 14:05, or leave it empty.'
              : undefined
      }
      onSave={save}
      onClose={onClose}
    >
      <TextInput label="What happened" maxLength={200} data-autofocus value={text.title} onChange={change('title')} />
      <Textarea
        label="Description"
        rows={3}
        maxLength={4000}
        value={text.description}
        onChange={change('description')}
      />
      <NativeSelect
        label="Severity"
        value={severity}
        onChange={({ currentTarget: { value } }) => setSeverity(value as Deviation['severity'])}
        data={Object.entries(severityWords).map(([value, label]) => ({ value, label }))}
      />
      <TextInput
        label="When it happened"
        description={`${localHint(timeZone)}; empty: now`}
        value={text.at}
        onChange={change('at')}
      />
      <TextInput label="Step, parameter or gate" maxLength={200} value={text.about} onChange={change('about')} />
      <div>
        <p className="performance-bar-label">Where</p>
        <ScopePicker label="Where" nodes={nodes} value={nodeId} onPick={setNodeId} />
      </div>
      <TextInput label="Order" maxLength={60} value={text.orderCode} onChange={change('orderCode')} />
      <TextInput
        label="Lots and serials"
        description="With spaces between. None of them can be released while it is open."
        value={text.lots}
        onChange={change('lots')}
      />
    </TaskDialog>
  )
}

/** Codes as people type them in one line. */
export const codesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((code) => code !== '')
