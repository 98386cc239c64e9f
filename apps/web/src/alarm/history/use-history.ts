import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { AlarmTransition, listAlarmHistory as ListAlarmHistory } from '@throughline/model'
import { listAlarmHistory } from '@throughline/model'
import type { z } from 'zod'
import { client } from '../../door/client.ts'
import { useTopic } from '../../live/topic-hooks.ts'

/** What is asked of the history: place, window, events. */
export type AskedHistory = Omit<z.input<typeof ListAlarmHistory.input>, 'before' | 'limit'>

const pageSize = 100

/** What happened to alarms, a page at a time, newest first. `undefined` = the window is not known yet. */
export function useHistory(asked: AskedHistory | undefined): {
  readonly transitions: readonly AlarmTransition[] | undefined
  readonly error: unknown
  readonly more: boolean
  readonly reading: boolean
  readonly readMore: () => void
} {
  useTopic('alarm', [[listAlarmHistory.name]])
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [listAlarmHistory.name, 'pages', asked],
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client(
        listAlarmHistory,
        {
          ...(asked ?? { window: { from: 0, to: 1 } }),
          limit: pageSize,
          ...(pageParam === undefined ? {} : { before: pageParam }),
        },
        { signal },
      ),
    getNextPageParam: ({ transitions, more }) => (more ? transitions.at(-1)?.id : undefined),
  })
  return {
    transitions: data?.pages.flatMap((page) => page.transitions),
    error,
    more: hasNextPage,
    reading: isFetchingNextPage,
    readMore: () => void fetchNextPage(),
  }
}
