import { useQueryClient } from '@tanstack/react-query'
import type { LiveTopic } from '@throughline/model'
import { useEffect } from 'react'
import { atMostEvery } from './at-most-every.ts'
import { useLineState, useLiveStore } from './live-hooks.ts'

/** Work on many machines at once changes lists all the time: people read them no faster than this. */
const pauseMs = 1000

const topics: readonly LiveTopic[] = ['execution', 'material', 'quality', 'traceability']

/** Whether a question is about orders, lots, deviations or recalls. A drawn genealogy stays as it is under a hand. */
export const isOfMaking = (name: unknown): boolean =>
  typeof name === 'string' && /^(execution|material|quality|identity\.record|traceability\.recall)/.test(name)

/**
 * Asks everything on screen about orders, lots and deviations anew when the server says that some of it changed (one deed
 * often changes all three), and when the line comes back.
 */
export function useMakingTopics(): void {
  const store = useLiveStore()
  const queryClient = useQueryClient()
  const isLive = useLineState() === 'live'
  useEffect(() => {
    if (!isLive) return
    const { ask, stop } = atMostEvery(pauseMs, () => {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOfMaking(queryKey[0]) })
    })
    ask()
    const leave = topics.map((topic) => store.onTopic(topic, ask))
    return () => {
      stop()
      for (const each of leave) each()
    }
  }, [store, queryClient, isLive])
}
