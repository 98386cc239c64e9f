import { Combobox, TextInput, useCombobox } from '@mantine/core'
import type { EquipmentNode } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'

interface ScopePickerProps {
  readonly label: string
  readonly nodes: readonly EquipmentNode[]
  /** Null = the whole plant. */
  readonly value: EquipmentNode['id'] | null
  readonly onPick: (nodeId: EquipmentNode['id'] | null) => void
  /** Where a place must be chosen: what the field says while none is, and the whole plant is no choice. */
  readonly none?: string
}

const wholePlant = 'whole-plant'
const mostOptions = 50

/** Where a role is held: the whole plant, or a node of the equipment hierarchy and everything below it. */
export function ScopePicker({ label, nodes, value, onPick, none }: ScopePickerProps): ReactElement {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const words = (typed ?? '').trim().toLowerCase().split(/\s+/)
  const fitting = nodes.filter(({ path }) => words.every((word) => path.includes(word)))
  const options = fitting.slice(0, mostOptions)
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        onPick(nodes.find((node) => node.id === id)?.id ?? null)
        setTyped(undefined)
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target>
        <TextInput
          aria-label={label}
          value={typed ?? (none !== undefined && value === null ? '' : scopeText(nodes, value))}
          placeholder={none}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
          }}
          onFocus={() => {
            setTyped('')
            combobox.openDropdown()
          }}
          onBlur={() => {
            setTyped(undefined)
            combobox.closeDropdown()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label="Scopes">
          {none === undefined ? <Combobox.Option value={wholePlant}>The whole plant</Combobox.Option> : null}
          {options.map((node) => (
            <Combobox.Option value={node.id} key={node.id}>
              <span className="option-name">{node.path}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
        {fitting.length > options.length ? (
          <Combobox.Footer>
            {options.length} of {fitting.length} shown: type more of its path
          </Combobox.Footer>
        ) : null}
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** Where a role is held, in words. */
export function scopeText(nodes: readonly EquipmentNode[], nodeId: string | null): string {
  if (nodeId === null) return 'The whole plant'
  return nodes.find((node) => node.id === nodeId)?.path ?? 'Equipment outside your scopes'
}
