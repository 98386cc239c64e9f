import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { fromMs } from '@throughline/kernel'
import type { Tag } from '@throughline/model'
import { listAlarmHistory } from '@throughline/model'
import type { AlarmOnTrend, AlarmPriority, ChartWindow } from '@throughline/ui'
import { useMemo } from 'react'
import { client } from '../../door/client.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { roundedOut } from './rounded-window.ts'

/** A chart with more marks than this shows stripes, not alarms. */
const mostMarks = 500

/** Where alarms of these tags occurred within a chart's window, by tag: asked anew when an alarm changes, or the window by a tenth. */
export function useAlarmMarks(
  tagIds: readonly Tag['id'][],
  window: ChartWindow | undefined,
): ReadonlyMap<string, readonly AlarmOnTrend[]> {
  const { session } = useRouteContext({ from: '/app' })
  useTopic('alarm', [[listAlarmHistory.name]])
  const asked = window === undefined ? undefined : roundedOut(window)
  const { data } = useQuery({
    queryKey: [listAlarmHistory.name, 'marks', tagIds, asked],
    enabled: asked !== undefined && tagIds.length > 0 && session.permissions.includes('alarm.read'),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { fromMs: from, toMs: to } = asked ?? { fromMs: 0, toMs: 1 }
      // A transition names its alarm, not its tag: each tag is asked for by itself.
      return await Promise.all(
        tagIds.map(async (tagId) => ({
          tagId,
          answer: await client(
            listAlarmHistory,
            {
              tagIds: [tagId],
              window: { from: fromMs(from), to: fromMs(to) },
              events: ['occur', 're-alarm'],
              limit: mostMarks,
            },
            { signal },
          ),
        })),
      )
    },
  })
  return useMemo(
    () =>
      new Map(
        (data ?? []).map(({ tagId, answer }) => [
          tagId as string,
          answer.transitions.map(({ id, at, priority, name, message }) => ({
            key: id,
            at,
            priority: priority as AlarmPriority,
            label: `${message} (${name})`,
          })),
        ]),
      ),
    [data],
  )
}
