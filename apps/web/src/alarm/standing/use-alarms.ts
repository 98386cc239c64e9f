import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import type { Alarm, AlarmSummary, listAlarms as ListAlarms } from '@throughline/model'
import { listAlarms } from '@throughline/model'
import type { z } from 'zod'
import { ask } from '../../door/queries.ts'
import { useTopic } from '../../live/topic-hooks.ts'

interface Alarms {
  readonly alarms: readonly Alarm[] | undefined
  readonly total: number
  readonly summary: AlarmSummary | undefined
  readonly error: unknown
}

/** Alarms as they stand now. Changes come by the live line; the counts of the last minutes move by the clock. */
export function useAlarms(input: z.input<typeof ListAlarms.input>): Alarms {
  const { session } = useRouteContext({ from: '/app' })
  useTopic('alarm', [[listAlarms.name]])
  const { data, error } = useQuery({
    ...ask(listAlarms, input),
    enabled: session.permissions.includes('alarm.read'),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })
  return { alarms: data?.alarms, total: data?.total ?? 0, summary: data?.summary, error }
}
