import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouteContext } from '@tanstack/react-router'
import { systemClock } from '@throughline/kernel'
import type { EquipmentNode, ThreadNode } from '@throughline/model'
import { listPersons, startRecallDrill } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { localHint, localInstant } from '../../performance/window/window-choice.ts'
import { scannedSubject } from '../scanned-subject.ts'
import { codesOf } from './recall-words.ts'

type Source = 'lot' | 'equipment' | 'tool' | 'person'

/** What a link to this form has filled in. */
export interface RecallFrom {
  readonly kind: Source
  readonly id: string
  readonly label: string
}

interface StartRecallProps {
  readonly nodes: readonly EquipmentNode[]
  readonly timeZone: string | undefined
  readonly from: RecallFrom | undefined
  readonly onClose: () => void
}

const sources: readonly { readonly value: Source; readonly label: string }[] = [
  { value: 'lot', label: 'Lots or serials' },
  { value: 'equipment', label: 'A machine, in a time' },
  { value: 'tool', label: 'A tool or gauge, in a time' },
  { value: 'person', label: 'A person, in a time' },
]

/** Asks what is suspect, and finds every piece that it reached. */
export function StartRecall({ nodes, timeZone, from, onClose }: StartRecallProps): ReactElement {
  const navigate = useNavigate()
  const [source, setSource] = useState<Source>(from?.kind ?? 'lot')
  const [lots, setLots] = useState(from?.kind === 'lot' ? from.label : '')
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(
    from?.kind === 'equipment' ? (nodes.find(({ id }) => id === from.id)?.id ?? null) : null,
  )
  const [tool, setTool] = useState(from?.kind === 'tool' ? from.id : '')
  const [person, setPerson] = useState(from?.kind === 'person' ? from.id : '')
  const [ends, setEnds] = useState({ from: '', to: '' })
  const ids: Readonly<Record<Source, string>> = { lot: '', equipment: nodeId ?? '', tool: tool.trim(), person }
  const window = {
    from: localInstant(ends.from, timeZone),
    to: ends.to.trim() === '' ? systemClock.now() : localInstant(ends.to, timeZone),
  }

  function problem(): string | undefined {
    if (source === 'lot') return codesOf(lots).length === 0 ? 'Give at least one lot or serial.' : undefined
    if (ids[source] === '') return `Choose ${missing[source]}.`
    if (window.from === undefined || window.to === undefined) return 'Give the times such as 2026-11-22 14:05.'
    return window.from < window.to ? undefined : 'The end must come after the beginning.'
  }

  async function save(reason: string): Promise<void> {
    const drill = await client(startRecallDrill, { from: await suspect(), reason })
    await navigate({ to: '/recalls/$drillId', params: { drillId: drill.id } })
  }

  async function suspect() {
    if (source === 'lot') {
      // A scanner writes what the symbol says, which may be more than the lot's number.
      const scanned = await Promise.all(codesOf(lots).map((code) => scannedSubject(code)))
      return { lots: scanned.map(({ code }) => code) }
    }
    const node: ThreadNode = { kind: source, id: ids[source] }
    return { node, window: { from: window.from ?? 0, to: window.to ?? 0 } }
  }

  return (
    <TaskDialog
      title="Start a recall drill"
      verb="Find the pieces"
      failure="The drill was not started"
      check={problem}
      onSave={save}
      onClose={onClose}
    >
      <p>It changes nothing in the plant. What it finds, and how long that took, is kept as a record.</p>
      <NativeSelect
        label="What is suspect"
        value={source}
        data={[...sources]}
        onChange={({ currentTarget: { value } }) =>
          setSource(sources.find((each) => each.value === value)?.value ?? source)
        }
      />
      {source === 'lot' ? (
        <Textarea
          label="Lots or serials"
          description="Scan or paste them, one a line"
          rows={4}
          data-autofocus
          value={lots}
          onChange={({ currentTarget: { value } }) => setLots(value)}
        />
      ) : null}
      {source === 'equipment' ? (
        <div>
          <p className="performance-bar-label">Machine</p>
          <ScopePicker label="Machine" nodes={nodes} value={nodeId} onPick={setNodeId} none="Type part of its path" />
        </div>
      ) : null}
      {source === 'tool' ? (
        <TextInput
          label="Tool or gauge"
          description="Its code, as on its label"
          maxLength={120}
          value={tool}
          onChange={({ currentTarget: { value } }) => setTool(value)}
        />
      ) : null}
      {source === 'person' ? <PersonField from={from} value={person} onChange={setPerson} /> : null}
      {source === 'lot' ? null : (
        <>
          <TextInput
            label="From"
            description={localHint(timeZone)}
            value={ends.from}
            onChange={({ currentTarget: { value } }) => setEnds({ ...ends, from: value })}
          />
          <TextInput
            label="To"
            description="Empty: until now"
            value={ends.to}
            onChange={({ currentTarget: { value } }) => setEnds({ ...ends, to: value })}
          />
        </>
      )}
    </TaskDialog>
  )
}

const missing: Readonly<Record<Source, string>> = {
  lot: 'a lot',
  equipment: 'the machine',
  tool: 'the tool or gauge',
  person: 'the person',
}

interface PersonFieldProps {
  readonly from: RecallFrom | undefined
  readonly value: string
  readonly onChange: (id: string) => void
}

/** Who it was: out of all people for those who may see them, else out of a genealogy. */
function PersonField({ from, value, onChange }: PersonFieldProps): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const mayList = session.permissions.includes('identity.person.read')
  const { data } = useQuery({ ...ask(listPersons, {}), enabled: mayList, staleTime: 60_000 })
  const known = from?.kind === 'person' ? [{ value: from.id, label: from.label }] : []
  const listed = (data ?? []).map(({ id, printedName }) => ({ value: id as string, label: printedName }))
  return (
    <NativeSelect
      label="Person"
      description={mayList ? undefined : 'You may not list people: begin at a person in a genealogy.'}
      value={value}
      data={[
        { value: '', label: 'Choose' },
        ...known.filter((each) => listed.every((person) => person.value !== each.value)),
        ...listed,
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
