import { useQuery } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { plusMs, systemClock } from '@throughline/kernel'
import type { StoredSample, Tag } from '@throughline/model'
import { listSamples, qualityOf } from '@throughline/model'
import type { StateSpan } from '@throughline/ui'
import { machineStateOf, StateStrip } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'

const spanMs = 3_600_000
const refreshMs = 10_000

/** The last hour of a state tag as a strip; a tag whose words name no machine state has none. */
export function StateHistory({
  tag,
  timeZone,
}: {
  readonly tag: Tag
  readonly timeZone: string | undefined
}): ReactElement | null {
  const { data } = useQuery({
    queryKey: ['state-history', tag.id],
    refetchInterval: refreshMs,
    queryFn: async ({ signal }) => {
      const to = systemClock.now()
      const window = { from: plusMs(to, -spanMs), to }
      const { samples } = await client(listSamples, { tagId: tag.id, window, limit: 5000 }, { signal })
      return { window, spans: stateSpans(samples, window.to) }
    },
  })
  if (data === undefined || data.spans.every((span) => span.state === 'no-data')) return null
  return (
    <StateStrip
      spans={data.spans}
      from={data.window.from}
      to={data.window.to}
      title={`${tag.name}, last hour`}
      timeZone={timeZone}
    />
  )
}

/** Samples of a state as spans, each until the next one. What is not a PackML state, or not good, is "no data". */
export function stateSpans(samples: readonly StoredSample[], end: Instant): StateSpan[] {
  const spans: StateSpan[] = []
  samples.forEach((sample, index) => {
    const known = qualityOf(sample.status) === 'good' && typeof sample.value === 'string'
    const state = known ? (machineStateOf(String(sample.value)) ?? 'no-data') : 'no-data'
    const label = known ? String(sample.value) : 'No data'
    const to = samples[index + 1]?.at ?? end
    const last = spans.at(-1)
    if (last !== undefined && last.label === label) spans[spans.length - 1] = { ...last, to }
    else spans.push({ from: sample.at, to, state, label })
  })
  return spans
}
