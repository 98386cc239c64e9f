import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { listTags } from '@throughline/model'
import type { ReactElement } from 'react'
import { useRef, useState } from 'react'
import { ask, nodesQuery } from '../door/queries.ts'
import type { FoundKind } from './record-search.ts'
import { useFoundRecords } from './record-search.ts'

const mostOfEach = 8

const groups: readonly { readonly kind: FoundKind; readonly label: string }[] = [
  { kind: 'order', label: 'Orders' },
  { kind: 'lot', label: 'Lots and serials' },
  { kind: 'deviation', label: 'Deviations' },
  { kind: 'material', label: 'Materials' },
]

/** Finds equipment, tags, orders, lots, deviations and materials by words; `/` jumps here from anywhere. */
export function SearchBox(): ReactElement {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const words = text.trim().toLowerCase()
  useHotkeys([['/', () => input.current?.focus()]])
  const nodes = useQuery({ ...nodesQuery, enabled: words !== '' })
  const tags = useQuery({
    ...ask(listTags, { search: words, limit: mostOfEach }),
    enabled: words !== '',
    placeholderData: (before) => before,
    staleTime: 30_000,
  })
  const foundNodes = (nodes.data ?? [])
    .filter((node) => holds(`${node.path} ${node.description}`, words))
    .slice(0, mostOfEach)
  const foundTags = tags.data?.tags ?? []
  const records = useFoundRecords(words)
  const isEmpty = foundNodes.length + foundTags.length + records.found.length === 0

  function onPick(value: string): void {
    setText('')
    combobox.closeDropdown()
    input.current?.blur()
    const kind = value.slice(0, value.indexOf(':'))
    const key = value.slice(kind.length + 1)
    if (kind === 'node') void navigate({ to: '/equipment/$', params: { _splat: key } })
    else if (kind === 'order') void navigate({ to: '/orders/$code', params: { code: key } })
    else if (kind === 'lot') void navigate({ to: '/lots/$code', params: { code: key } })
    else if (kind === 'deviation') void navigate({ to: '/deviations/$code', params: { code: key } })
    else if (kind === 'material') void navigate({ to: '/materials/$code', params: { code: key } })
    else void navigate({ to: '/trend', search: { tags: key, last: '1h' } })
  }

  return (
    <search className="search-box">
      <Combobox store={combobox} onOptionSubmit={onPick}>
        <Combobox.Target>
          <TextInput
            ref={input}
            aria-label="Search"
            placeholder="Search orders, lots, equipment, tags"
            value={text}
            rightSection={<kbd className="search-key">/</kbd>}
            onChange={(event) => {
              setText(event.currentTarget.value)
              combobox.openDropdown()
              combobox.updateSelectedOptionIndex()
            }}
            onFocus={() => words !== '' && combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={(event) => {
              if (event.key === 'Escape') input.current?.blur()
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={words === ''}>
          <Combobox.Options mah={420} style={{ overflowY: 'auto' }} aria-label="Found">
            {groups.map(({ kind, label }) => {
              const ofKind = records.found.filter((each) => each.kind === kind)
              if (ofKind.length === 0) return null
              return (
                <Combobox.Group label={label} key={kind}>
                  {ofKind.map(({ code, about }) => (
                    <Combobox.Option value={`${kind}:${code}`} key={code}>
                      <span className="option-name">{code}</span>
                      <span className="option-about">{about}</span>
                    </Combobox.Option>
                  ))}
                </Combobox.Group>
              )
            })}
            {foundNodes.length === 0 ? null : (
              <Combobox.Group label="Equipment">
                {foundNodes.map((node) => (
                  <Combobox.Option value={`node:${node.path}`} key={node.id}>
                    <span className="option-name">{node.path}</span>
                    <span className="option-about">{node.description}</span>
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            )}
            {foundTags.length === 0 ? null : (
              <Combobox.Group label="Tags">
                {foundTags.map((tag) => (
                  <Combobox.Option value={`tag:${tag.id}`} key={tag.id}>
                    <span className="option-name">{tag.path}</span>
                    <span className="option-about">{tag.description}</span>
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            )}
            {isEmpty && !tags.isFetching && !records.isFetching ? (
              <Combobox.Empty>Nothing matches. Use other words.</Combobox.Empty>
            ) : null}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </search>
  )
}

function holds(text: string, words: string): boolean {
  const lower = text.toLowerCase()
  return words.split(/\s+/).every((word) => lower.includes(word))
}
