import type { QueryKey } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import type { LiveTopic } from '@throughline/model'
import { useEffect } from 'react'
import { useLineState, useLiveStore } from './live-hooks.ts'

/**
 * Asks the named queries anew whenever their topic changes on the server, and when the line comes back: what happened
 * meanwhile was told to nobody. A key stands for all queries that begin with it.
 */
export function useTopic(topic: LiveTopic, queryKeys: readonly QueryKey[]): void {
  const store = useLiveStore()
  const queryClient = useQueryClient()
  const isLive = useLineState() === 'live'
  const keys = JSON.stringify(queryKeys)
  useEffect(() => {
    if (!isLive) return
    const askAnew = (): void => {
      for (const queryKey of JSON.parse(keys) as QueryKey[]) void queryClient.invalidateQueries({ queryKey })
    }
    askAnew()
    return store.onTopic(topic, askAnew)
  }, [store, queryClient, topic, keys, isLive])
}
