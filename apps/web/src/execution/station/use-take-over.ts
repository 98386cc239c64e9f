import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { CurrentSession } from '@throughline/model'
import { closeSession, getCurrentStation, listNodes } from '@throughline/model'
import { useCallback } from 'react'
import { client, leave, sessionEnd } from '../../door/client.ts'
import { sessionQuery } from '../../door/queries.ts'
import { workerKey } from '../../identity/kiosk/kiosk-hooks.ts'
import { forgetAnswers } from '../offline/kept-answers.ts'

/** Lets the page go on where it is with the next person. */
export function useTakeOver(): (session: CurrentSession) => void {
  const queryClient = useQueryClient()
  const router = useRouter()
  return useCallback(
    (session) => {
      const kept = new Set<unknown>([getCurrentStation.name, listNodes.name, workerKey[0], sessionQuery.queryKey[0]])
      queryClient.setQueryData(sessionQuery.queryKey, session)
      queryClient.setQueryData(workerKey, session)
      // What was read for one person is not shown to the next.
      queryClient.removeQueries({ predicate: ({ queryKey: [first] }) => !kept.has(first) })
      sessionEnd.dispatchEvent(new Event('changed'))
      void router.invalidate()
    },
    [queryClient, router],
  )
}

/** Ends the session, and goes to where the next one signs in: at a station that is the badge. */
export function useLeave(): (isStation: boolean) => Promise<void> {
  const queryClient = useQueryClient()
  const router = useRouter()
  return useCallback(
    (isStation) =>
      leave(async () => {
        // Whatever the plant says, nobody is shown as signed in any longer.
        await client(closeSession, {}).catch(() => undefined)
        await forgetAnswers()
        await router.navigate(isStation ? { to: '/kiosk' } : { to: '/sign-in' })
        queryClient.clear()
      }),
    [queryClient, router],
  )
}
