import type { LiveRequest } from '@throughline/model'
import { LiveFrame } from '@throughline/model'
import { lineStateOf } from '@throughline/ui'
import type { LiveStore } from './live-store.ts'

interface ConnectionConfig {
  readonly store: LiveStore
  readonly openSocket: () => WebSocket
  /** Monotonic milliseconds. */
  readonly nowMs: () => number
  /** The server closed the line because the session ended. */
  readonly onSessionEnded: () => void
  /** The server closed the line because the session is locked: it is tried again until that is over. */
  readonly onSessionLocked: () => void
  /** The line was refused before it opened: is it the session? */
  readonly checkSession: () => void
}

/** As many tags as the protocol lets one page watch. */
export const mostWatched = 2000

const sessionEndedCode = 4401
const sessionLockedCode = 4423
const watchDelayMs = 50
const checkEveryMs = 500
const firstRetryMs = 500
const longestRetryMs = 4000

/** Keeps one line to the server open for as long as the page lives, and tells it what is on screen. */
export function keepLiveConnection(config: ConnectionConfig): { close(): void } {
  const { store } = config
  let socket: WebSocket | undefined
  let lastFrameMs: number | undefined
  let retryMs = firstRetryMs
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let watchTimer: ReturnType<typeof setTimeout> | undefined
  let asked = ''
  let closed = false

  function open(): void {
    let opened = false
    const line = config.openSocket()
    socket = line
    line.onopen = () => {
      opened = true
      asked = ''
      sendWatch()
    }
    line.onmessage = (event) => {
      const frame = parseFrame(event.data)
      if (frame === undefined) {
        // A line that cannot be understood is as good as none: show it as lost, and try a new one.
        line.close(4000, 'unreadable frame')
        return
      }
      retryMs = firstRetryMs
      lastFrameMs = config.nowMs()
      store.accept(frame)
    }
    line.onclose = (event) => {
      if (closed || socket !== line) return
      socket = undefined
      if (event.code === sessionEndedCode) {
        config.onSessionEnded()
        return
      }
      if (event.code === sessionLockedCode) config.onSessionLocked()
      else if (!opened) config.checkSession()
      if (store.line().state === 'live') store.setLine('stale')
      retryTimer = setTimeout(open, retryMs)
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    }
  }

  function sendWatch(): void {
    watchTimer = undefined
    if (socket === undefined || socket.readyState !== WebSocket.OPEN) return
    const tags = store.watched().slice(0, mostWatched)
    const text = JSON.stringify({ type: 'watch', tags } satisfies { type: LiveRequest['type']; tags: string[] })
    if (text === asked) return
    asked = text
    socket.send(text)
    store.forgetUnwatched()
  }

  const unwatch = store.onWatched(() => {
    watchTimer ??= setTimeout(sendWatch, watchDelayMs)
  })
  const check = setInterval(() => {
    const state = lineStateOf(lastFrameMs === undefined ? undefined : config.nowMs() - lastFrameMs)
    // A closed line is stale at once, and stays so until its silence makes it offline.
    store.setLine(state === 'live' && socket?.readyState !== WebSocket.OPEN ? 'stale' : state)
  }, checkEveryMs)
  open()

  return {
    close() {
      closed = true
      unwatch()
      clearInterval(check)
      clearTimeout(retryTimer)
      clearTimeout(watchTimer)
      socket?.close(1000)
    },
  }
}

function parseFrame(data: unknown): LiveFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    return LiveFrame.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}
