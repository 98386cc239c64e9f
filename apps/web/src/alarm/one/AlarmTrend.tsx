import { Button, SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { fromMs, plusMs, systemClock } from '@throughline/kernel'
import type { AlarmCondition, Tag } from '@throughline/model'
import { getTag, getTrend } from '@throughline/model'
import type { ChartWindow } from '@throughline/ui'
import { ProblemNotice, TrendChart } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo, useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { limitLines } from '../alarm-words.ts'
import { useAlarmMarks } from '../standing/use-alarm-marks.ts'

interface AlarmTrendProps {
  readonly tagId: Tag['id']
  readonly condition: AlarmCondition
  readonly timeZone: string | undefined
}

const points = 1000
const spans = [
  { value: '3600000', label: '1 h' },
  { value: '28800000', label: '8 h' },
  { value: '86400000', label: '24 h' },
  { value: '604800000', label: '7 d' },
]

/** The tag of an alarm over time, with the alarm's limits and each of its occurrences. */
export function AlarmTrend({ tagId, condition, timeZone }: AlarmTrendProps): ReactElement | null {
  const [spanMs, setSpanMs] = useState(28_800_000)
  const [fixed, setFixed] = useState<ChartWindow | undefined>(undefined)
  const [asTable, setAsTable] = useState(false)
  const tag = useQuery({ ...ask(getTag, { tagId }), staleTime: 60_000 })
  const drawable = tag.data !== undefined && tag.data.dataType !== 'string'
  const trend = useQuery({
    queryKey: ['alarm-trend', tagId, fixed ?? spanMs],
    enabled: drawable,
    placeholderData: keepPreviousData,
    refetchInterval: fixed === undefined ? Math.max(2000, spanMs / 1000) : false,
    queryFn: async ({ signal }) => {
      const now = systemClock.now()
      const window =
        fixed === undefined
          ? { from: plusMs(now, -spanMs), to: now }
          : { from: fromMs(Math.round(fixed.fromMs)), to: fromMs(Math.round(fixed.toMs)) }
      const series = await client(getTrend, { tagIds: [tagId], window, points }, { signal })
      return { series, window: { fromMs: window.from / 1000, toMs: window.to / 1000 } }
    },
  })
  const shown = fixed ?? trend.data?.window
  const tagIds = useMemo(() => [tagId], [tagId])
  const alarms = useAlarmMarks(tagIds, shown)
  const limits = useMemo(() => new Map([[tagId as string, limitLines(condition)]]), [tagId, condition])
  const normal = useMemo(
    () => new Map([[tagId as string, { low: tag.data?.normalLow ?? null, high: tag.data?.normalHigh ?? null }]]),
    [tagId, tag.data],
  )
  const traces = useMemo(
    () =>
      (trend.data?.series ?? []).flatMap((series) =>
        tag.data === undefined
          ? []
          : [
              {
                series,
                label: tag.data.name,
                title: tag.data.path,
                unit: tag.data.unit,
                decimals: tag.data.decimals,
                stepped: tag.data.dataType !== 'double',
              },
            ],
      ),
    [trend.data, tag.data],
  )
  if (tag.data !== undefined && !drawable) return null
  const error = tag.error ?? trend.error
  return (
    <section className="performance-panel" aria-labelledby="alarm-trend">
      <div className="performance-panel-head">
        <h2 id="alarm-trend">How its value went</h2>
        <span className="form-line">
          <SegmentedControl
            aria-label="How far back"
            data={spans}
            value={fixed === undefined ? String(spanMs) : ''}
            onChange={(value) => {
              setFixed(undefined)
              setSpanMs(Number(value))
            }}
          />
          <Button variant="default" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Chart' : 'Table'}
          </Button>
        </span>
      </div>
      {error === null ? null : <ProblemNotice what="The trend could not be read" error={error} />}
      {traces.length === 0 || shown === undefined ? null : (
        <TrendChart
          traces={traces}
          window={shown}
          holdTo={fromMs(Math.min(systemClock.now() / 1000, shown.toMs))}
          onWindow={setFixed}
          timeZone={timeZone}
          asTable={asTable}
          normal={normal}
          laneHeightPx={260}
          limits={limits}
          alarms={alarms}
        />
      )}
    </section>
  )
}
