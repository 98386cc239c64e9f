import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { parseInstant, toIso } from '@throughline/kernel'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { localHint, localInstant, localText } from '../../performance/window/window-choice.ts'
import type { ThreadSearch } from './thread-search.ts'

interface ThreadBarProps {
  readonly search: ThreadSearch
  /** Whether it is asked for a window of time, too. */
  readonly isTimed: boolean
  readonly timeZone: string | undefined
  readonly onChange: (search: Partial<ThreadSearch>) => void
}

/** Which way, how much, and when. */
export function ThreadBar({ search, isTimed, timeZone, onChange }: ThreadBarProps): ReactElement {
  return (
    <div className="performance-bar">
      <SegmentedControl
        aria-label="Which way"
        value={search.direction ?? 'both'}
        onChange={(value) => onChange({ direction: directions.find(({ value: each }) => each === value)?.value })}
        data={[...directions]}
      />
      <SegmentedControl
        aria-label="How much"
        value={search.show ?? 'material'}
        onChange={(value) => onChange({ show: value === 'all' ? 'all' : 'material' })}
        data={[
          { value: 'material', label: 'Material' },
          { value: 'all', label: 'Everything' },
        ]}
      />
      {isTimed ? (
        <TimeWindow key={`${search.from} ${search.to}`} search={search} timeZone={timeZone} onChange={onChange} />
      ) : null}
    </div>
  )
}

const directions = [
  { value: 'backward', label: 'What went in' },
  { value: 'both', label: 'Both ways' },
  { value: 'forward', label: 'What came of it' },
] as const

function TimeWindow({ search, timeZone, onChange }: Omit<ThreadBarProps, 'isTimed'>): ReactElement {
  const [from, setFrom] = useState(textOf(search.from, timeZone))
  const [to, setTo] = useState(textOf(search.to, timeZone))
  const [problem, setProblem] = useState<string | undefined>(undefined)

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (from.trim() === '' && to.trim() === '') {
      onChange({ from: undefined, to: undefined })
      return
    }
    const ends = { from: localInstant(from, timeZone), to: localInstant(to, timeZone) }
    if (ends.from === undefined || ends.to === undefined) setProblem('Give both ends, such as 2026-11-22 14:05.')
    else if (ends.from >= ends.to) setProblem('The end must come after the beginning.')
    else onChange({ from: toIso(ends.from), to: toIso(ends.to) })
  }

  return (
    <form className="performance-custom" onSubmit={onSubmit}>
      <TextInput
        label="Only from"
        description={`${localHint(timeZone)}; empty: at any time`}
        value={from}
        onChange={({ currentTarget: { value } }) => setFrom(value)}
      />
      <TextInput label="To" value={to} error={problem} onChange={({ currentTarget: { value } }) => setTo(value)} />
      <Button type="submit" variant="default">
        Show
      </Button>
    </form>
  )
}

function textOf(iso: string | undefined, timeZone: string | undefined): string {
  const at = parseInstant(iso ?? '')
  return at === undefined ? '' : localText(at, timeZone)
}
