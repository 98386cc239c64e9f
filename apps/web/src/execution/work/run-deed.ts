import type { UseMutationResult } from '@tanstack/react-query'
import { useMutation } from '@tanstack/react-query'
import { useMakingRefresh } from '../form/making-queries.ts'

/** Something done with a run; whatever comes of it, the page then shows the run as it is. */
export function useRunDeed(act: () => Promise<unknown>, onDone?: () => void): UseMutationResult<unknown, Error, void> {
  const refresh = useMakingRefresh()
  return useMutation({ mutationFn: act, onSuccess: () => onDone?.(), onSettled: refresh })
}
