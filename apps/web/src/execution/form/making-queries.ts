import { useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { isOfMaking } from '../../live/making-topics.ts'

/** How often pages about orders, lots and deviations are asked anew besides: the clock, too, changes what may be done. */
export const makingRefreshMs = 20_000

/** Asks everything about orders, lots and deviations anew: one deed often changes all three. */
export function useMakingRefresh(): () => Promise<void> {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOfMaking(queryKey[0]) })
}

/** Whether an address names a record by its id rather than by its code. */
export const isId = (text: string): boolean => z.uuid().safeParse(text).success
