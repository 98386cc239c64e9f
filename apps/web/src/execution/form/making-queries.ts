import { useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'

/** How often pages about orders, lots and deviations are asked anew. */
export const makingRefreshMs = 5000

const isOfMaking = (name: unknown): boolean =>
  typeof name === 'string' && /^(execution|material|quality|identity\.record)/.test(name)

/** Asks everything about orders, lots and deviations anew: one deed often changes all three. */
export function useMakingRefresh(): () => Promise<void> {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOfMaking(queryKey[0]) })
}

/** Whether an address names a record by its id rather than by its code. */
export const isId = (text: string): boolean => z.uuid().safeParse(text).success
