import { useQuery } from '@tanstack/react-query'
import type { Outage } from '@throughline/model'
import { listOutages } from '@throughline/model'
import { ask } from '../../door/queries.ts'

const refreshMs = 10_000

/** What is out of service now; undefined until it is known. */
export const useOpenOutages = (): readonly Outage[] | undefined =>
  useQuery({ ...ask(listOutages, { openOnly: true }), refetchInterval: refreshMs }).data
