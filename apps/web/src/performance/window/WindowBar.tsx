import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { EquipmentNode } from '@throughline/model'
import type { FormEvent, ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import type { ContextSearch, ShownWindow, WindowName } from './window-choice.ts'
import { localHint, localInstant, localText, searchOf, windowNames, windowText } from './window-choice.ts'

const words: Readonly<Record<WindowName, string>> = {
  shift: 'This shift',
  'last-shift': 'Last shift',
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  custom: 'From … to …',
}

interface WindowBarProps {
  readonly nodes: readonly EquipmentNode[]
  readonly node: EquipmentNode | undefined
  readonly search: ContextSearch
  readonly shown: ShownWindow | undefined
  readonly timeZone: string | undefined
  readonly onChange: (search: Pick<ContextSearch, 'node' | 'window' | 'from' | 'to'>) => void
  readonly children?: ReactNode
}

/** Where and when: the context of a page, kept in its address. */
export function WindowBar(props: WindowBarProps): ReactElement {
  const { nodes, node, search, shown, timeZone, onChange, children } = props
  const name = search.window ?? 'shift'
  const context = { node: search.node, window: search.window, from: search.from, to: search.to }
  return (
    <div className="performance-bar">
      <div className="performance-place">
        <span className="performance-bar-label">Where</span>
        <ScopePicker
          label="Where"
          nodes={nodes}
          value={node?.id ?? null}
          onPick={(id) => onChange({ ...context, node: nodes.find((one) => one.id === id)?.path })}
        />
      </div>
      <NativeSelect
        label="Window"
        value={name}
        data={windowNames.map((value) => ({ value, label: words[value] }))}
        onChange={(event) => {
          const next = event.currentTarget.value as WindowName
          const kept = next === 'custom' && shown !== undefined ? searchOf(shown.window) : {}
          onChange({ node: search.node, window: next, from: undefined, to: undefined, ...kept })
        }}
      />
      {children}
      {name === 'custom' && shown !== undefined ? (
        <CustomWindow
          key={`${search.from} ${search.to}`}
          shown={shown}
          timeZone={timeZone}
          onChange={(ends) => onChange({ ...context, ...ends })}
        />
      ) : null}
      {shown === undefined ? null : (
        <p className="performance-window">
          {name === 'custom' ? null : <strong>{shown.label}</strong>} {windowText(shown.window, timeZone)}
          {shown.note === undefined ? null : <span className="performance-window-note"> {shown.note}</span>}
        </p>
      )}
    </div>
  )
}

interface CustomWindowProps {
  readonly shown: ShownWindow
  readonly timeZone: string | undefined
  readonly onChange: (ends: Pick<ContextSearch, 'window' | 'from' | 'to'>) => void
}

function CustomWindow({ shown, timeZone, onChange }: CustomWindowProps): ReactElement {
  const [from, setFrom] = useState(localText(shown.window.from, timeZone))
  const [to, setTo] = useState(localText(shown.window.to, timeZone))
  const [problem, setProblem] = useState<string | undefined>(undefined)

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const ends = { from: localInstant(from, timeZone), to: localInstant(to, timeZone) }
    if (ends.from === undefined || ends.to === undefined) setProblem('Give both ends, such as 2026-11-22 14:05.')
    else if (ends.from >= ends.to) setProblem('The end must come after the beginning.')
    else onChange(searchOf({ from: ends.from, to: ends.to }))
  }

  return (
    <form className="performance-custom" onSubmit={onSubmit}>
      <TextInput
        label="From"
        description={localHint(timeZone)}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput label="To" value={to} error={problem} onChange={(event) => setTo(event.currentTarget.value)} />
      <Button type="submit" variant="default">
        Show
      </Button>
    </form>
  )
}
