import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { Stop } from '@throughline/model'
import { listStops, splitStop } from '@throughline/model'
import { formatInstant, StateStrip } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { durationText, stateText } from '../machine/machine-words.ts'
import { useNow } from '../machine/performance-hooks.ts'
import { localHint, localInstant, localText } from '../window/window-choice.ts'
import { splitRange } from './stop-rules.ts'

interface SplitStopProps {
  readonly stop: Stop
  readonly timeZone: string | undefined
}

const secondUs = 1_000_000

/** Parts a stop that had two causes: on its strip, by pointer or arrow keys, or by typing the time. */
export function SplitStop({ stop, timeZone }: SplitStopProps): ReactElement {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const denial = useDenial()
  const now = useNow(5000)
  const end = stop.to ?? now
  const range = splitRange(stop, now)
  const [chosen, setChosen] = useState<Instant | undefined>(undefined)
  const [isAsking, setAsking] = useState(false)
  if (range === undefined) {
    return (
      <section className="performance-panel" aria-labelledby="stop-split">
        <h2 id="stop-split">Split</h2>
        <p className="tl-dim">It is too short to be split.</p>
      </section>
    )
  }
  const middle = (Math.round((range.first + range.last) / 2 / secondUs) * secondUs) as Instant
  const at = Math.min(range.last, Math.max(range.first, chosen ?? middle)) as Instant
  const label = stateText(stop.state, stop.label)
  const parts = [
    { from: stop.from, to: at, state: stop.state, label: `${label}, first part` },
    { from: at, to: end, state: stop.state, label: `${label}, second part` },
  ]
  return (
    <section className="performance-panel" aria-labelledby="stop-split">
      <h2 id="stop-split">Split</h2>
      <StateStrip
        spans={parts}
        from={stop.from}
        to={end}
        title="The stop and where it would be parted"
        timeZone={timeZone}
      />
      <input
        className="split-range"
        type="range"
        aria-label="Where to part it"
        aria-valuetext={`${formatInstant(at, 'second', timeZone)}: ${durationText(at - stop.from)} and ${durationText(end - at)}`}
        min={Math.ceil(range.first / secondUs)}
        max={Math.max(Math.ceil(range.first / secondUs), Math.floor(range.last / secondUs))}
        step={1}
        value={Math.round(at / secondUs)}
        onChange={(event) => setChosen((Number(event.currentTarget.value) * secondUs) as Instant)}
      />
      <div className="form-line">
        <TimeField
          key={at}
          value={`${localText(at, timeZone)}:${formatInstant(at, 'second', timeZone).slice(6)}`}
          timeZone={timeZone}
          onChange={setChosen}
        />
        <p className="tl-figure">
          {durationText(at - stop.from)} and {durationText(end - at)}
        </p>
        <GuardedButton
          variant="default"
          reason={denial('performance.stop.reclassify', 'split stops')}
          onClick={() => setAsking(true)}
        >
          Split here
        </GuardedButton>
        {chosen === undefined ? null : (
          <Button variant="default" onClick={() => setChosen(undefined)}>
            Back to the middle
          </Button>
        )}
      </div>
      {isAsking ? (
        <ReasonDialog
          title={`Split at ${formatInstant(at, 'second', timeZone)}`}
          confirm="Split"
          failure="The stop was not split"
          onClose={() => setAsking(false)}
          onConfirm={async (why) => {
            const { first } = await client(splitStop, { stopId: stop.id, version: stop.version, at, why })
            await queryClient.invalidateQueries({ queryKey: [listStops.name] })
            await navigate({ to: '/stops/$stopId', params: { stopId: first.id } })
          }}
        >
          <p>
            The stop becomes two: {durationText(at - stop.from)} and {durationText(end - at)}. It stays readable itself.
          </p>
        </ReasonDialog>
      ) : null}
    </section>
  )
}

interface TimeFieldProps {
  readonly value: string
  readonly timeZone: string | undefined
  readonly onChange: (at: Instant) => void
}

/** The instant as text: it counts once it is whole, when the field is left or Enter is pressed. */
function TimeField({ value, timeZone, onChange }: TimeFieldProps): ReactElement {
  const [text, setText] = useState(value)
  const [isWrong, setWrong] = useState(false)
  function commit(): void {
    if (text === value) return
    const at = localInstant(text, timeZone)
    setWrong(at === undefined)
    if (at !== undefined) onChange(at)
  }
  return (
    <TextInput
      label="At"
      description={localHint(timeZone)}
      value={text}
      error={isWrong ? 'This is no such time.' : undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}
