import type { UseMutationResult } from '@tanstack/react-query'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { isUnauthenticated, leave } from '../../door/client.ts'

/** Signs out by `end` and goes to the door, or to the address that `end` answers (a provider's own sign-out). */
export function useSignOut(end: () => Promise<string | null>): UseMutationResult<void, Error, void> {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () =>
      leave(async () => {
        const address = await end().catch(ofSessionThatIsOver)
        if (address !== null) return window.location.assign(address)
        await navigate({ to: '/sign-in' })
        queryClient.clear()
      }),
  })
}

/** Somebody ended it elsewhere: then there is nothing left to end. */
function ofSessionThatIsOver(error: unknown): null {
  if (isUnauthenticated(error)) return null
  throw error
}
