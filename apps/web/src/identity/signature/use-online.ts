import { useSyncExternalStore } from 'react'
import { useLineState } from '../../live/live-hooks.ts'

/** Whether the plant can be reached, as far as the page knows: what must not be done offline asks here. */
export function useOnline(): boolean {
  const line = useLineState()
  const isConnected = useSyncExternalStore(onConnection, () => navigator.onLine)
  return isConnected && line !== 'offline'
}

function onConnection(listener: () => void): () => void {
  globalThis.addEventListener('online', listener)
  globalThis.addEventListener('offline', listener)
  return () => {
    globalThis.removeEventListener('online', listener)
    globalThis.removeEventListener('offline', listener)
  }
}
