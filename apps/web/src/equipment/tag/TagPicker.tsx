import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Tag } from '@throughline/model'
import { listTags } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'

interface TagPickerProps {
  readonly label: string
  readonly placeholder: string
  readonly onPick: (tag: Tag) => void
  /** Why nothing can be picked now. */
  readonly disabledReason?: string | undefined
  readonly accepts?: (tag: Tag) => boolean
}

const mostOptions = 30

/** Finds a tag by words of its path or description. */
export function TagPicker({ label, placeholder, onPick, disabledReason, accepts }: TagPickerProps): ReactElement {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [search, setSearch] = useState('')
  const { data, isFetching } = useQuery({
    ...ask(listTags, { search: search.trim(), limit: 200 }),
    enabled: combobox.dropdownOpened,
    placeholderData: (before) => before,
    staleTime: 30_000,
  })
  const fitting = (data?.tags ?? []).filter((tag) => accepts?.(tag) ?? true)
  const options = fitting.slice(0, mostOptions)
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(tagId) => {
        const picked = options.find((tag) => tag.id === tagId)
        if (picked === undefined) return
        setSearch('')
        combobox.closeDropdown()
        onPick(picked)
      }}
    >
      <Combobox.Target>
        <TextInput
          aria-label={label}
          placeholder={disabledReason ?? placeholder}
          value={search}
          disabled={disabledReason !== undefined}
          onChange={(event) => {
            setSearch(event.currentTarget.value)
            combobox.openDropdown()
            combobox.resetSelectedOption()
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label="Tags">
          {options.map((tag) => (
            <Combobox.Option value={tag.id} key={tag.id}>
              <span className="option-name">{tag.path}</span>
              {tag.description === '' ? null : <span className="option-about">{tag.description}</span>}
            </Combobox.Option>
          ))}
          {options.length === 0 ? (
            <Combobox.Empty>{isFetching ? 'Searching' : 'No tags match. Use other words.'}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
        {(data?.total ?? 0) > options.length ? (
          <Combobox.Footer>
            {options.length} of {data?.total} shown: type more of its path
          </Combobox.Footer>
        ) : null}
      </Combobox.Dropdown>
    </Combobox>
  )
}
