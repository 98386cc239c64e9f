import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { CurrentSession } from '@throughline/model'
import { getCurrentSession, getCurrentStation } from '@throughline/model'
import { useEffect, useRef } from 'react'
import { client, isUnauthenticated } from '../../door/client.ts'
import { fieldKeeper } from './field.ts'
import { wedgeReader } from './wedge.ts'

const heartbeatMs = 30_000

/** Who works at the station now, apart from who is known to the pages behind the door. */
export const workerKey = ['station-worker'] as const

/** Who works at the station now; null = nobody. Asked again often enough that a touch of the page counts as use. */
export function useWorker(): {
  worker: CurrentSession | null | undefined
  setWorker(worker: CurrentSession | null): void
} {
  const queryClient = useQueryClient()
  const router = useRouter()
  const query = useQuery({
    queryKey: workerKey,
    queryFn: async ({ signal }): Promise<CurrentSession | null> => {
      try {
        return await client(getCurrentSession, {}, { signal })
      } catch (error) {
        if (isUnauthenticated(error)) return null
        throw error
      }
    },
    refetchInterval: heartbeatMs,
    refetchIntervalInBackground: true,
  })
  return {
    worker: query.data,
    setWorker(worker) {
      // What was read for one person is not shown to the next.
      queryClient.removeQueries({
        predicate: ({ queryKey: [first] }) => first !== getCurrentStation.name && first !== workerKey[0],
      })
      queryClient.setQueryData<CurrentSession | null>(workerKey, worker)
      // The line for live values follows who is signed in.
      void router.invalidate()
    },
  }
}

/**
 * Hears a reader that acts as a keyboard, wherever on the page the focus is. A field that happened to have it keeps what it
 * held.
 */
export function useWedgeReader(onRead: (text: string) => void, isOn = true): void {
  const heard = useRef(onRead)
  heard.current = onRead
  useEffect(() => {
    if (!isOn) return
    const read = wedgeReader()
    const kept = fieldKeeper()
    function onKey(event: KeyboardEvent): void {
      // When the key came, not when a busy page got to it: a pause in the page is none of the reader's.
      const atMs = event.timeStamp
      kept.key(event, atMs)
      const text = read(event.key, atMs)
      if (text === undefined) return
      // Enter must not also press what has the focus.
      event.preventDefault()
      event.stopPropagation()
      kept.restore()
      heard.current(text)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [isOn])
}

/** Calls once nobody has touched the page for so long. */
export function useIdle(idleMs: number | undefined, onIdle: () => void): void {
  const idle = useRef(onIdle)
  idle.current = onIdle
  useEffect(() => {
    if (idleMs === undefined) return
    let timer = setTimeout(() => idle.current(), idleMs)
    function touch(): void {
      clearTimeout(timer)
      timer = setTimeout(() => idle.current(), idleMs)
    }
    const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
    for (const each of touches) window.addEventListener(each, touch, { passive: true, capture: true })
    return () => {
      clearTimeout(timer)
      for (const each of touches) window.removeEventListener(each, touch, { capture: true })
    }
  }, [idleMs])
}
