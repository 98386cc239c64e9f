import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, Id } from '@throughline/kernel'
import type { LiveTopic } from '@throughline/model'
import { LiveRequest, toJsonValue, unattendedHeader } from '@throughline/model'
import type { Actor, Platform } from '@throughline/platform'
import { callerOf } from '@throughline/platform'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import type { TagTable } from './tag-table.ts'

/** Frames are coalesced to this pace; a page paints numbers slower still. */
const frameMs = 40
const heartbeatMs = 2000
/** Pages ask anew for what changed: a flood of changes must not become a flood of questions. */
const topicsMs = 250
/** A page that does not read is not sent more; what changed meanwhile goes into its next frame. */
const mostQueuedBytes = 1024 * 1024
/** Ends of session are noticed at this pace: whoever is shut out sees nothing more within a second (21 CFR 11.300(b)). */
const sessionCheckMs = 500
/** WebSocket close codes for "sign in again" and "prove once more who you are", from the range for private use. */
const sessionEnded = 4401
const sessionLocked = 4423

interface Viewer {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  readonly actor: Actor
  readonly watched: Set<string>
  readonly changed: Set<string>
  readonly topics: Set<LiveTopic>
  lastFrameAt: number
  lastTopicsAt: number
}

/** What the live server asks of the equipment model: where a tag stands, for the scope check. */
export type NodeOfTag = (tagId: string) => Id<'EquipmentNode'> | undefined

export interface LiveServer {
  /** Tells every page that lists of this kind have changed. */
  tell(topic: LiveTopic): void
  close(): Promise<void>
}

/** Serves `/live` on the HTTP server: pushes the newest readings of the tags that each page has on screen. */
export function serveLive(
  server: Server,
  platform: Platform,
  table: TagTable,
  nodeOf: NodeOfTag,
  clock: Clock,
  secure: boolean,
): LiveServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024, perMessageDeflate: false })
  const viewers = new Set<Viewer>()

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    admit(request, socket, head).catch(() => socket.destroy())
  })

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (URL.parse(request.url ?? '', 'http://localhost')?.pathname !== '/live') return refuse(socket, '404 Not Found')
    const actor = await caller(request).catch(() => undefined)
    if (actor === undefined) return refuse(socket, '403 Forbidden')
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      // A page learns why only from a close code: browsers hide the status of a refused handshake.
      if (actor.kind === 'nobody') return accepted.close(sessionEnded, 'sign in first')
      if (actor.locked === true) return accepted.close(sessionLocked, 'the session is locked')
      view(accepted, request, actor)
    })
  }

  // Showing values is no use of a session: whoever walked away is signed out although the page is live.
  const caller = (request: IncomingMessage): Promise<Actor> => {
    const headers = { ...request.headers, [unattendedHeader]: '1' }
    return callerOf(platform, headers, request.socket.remoteAddress ?? null, secure)
  }

  function view(socket: WebSocket, request: IncomingMessage, actor: Actor): void {
    const viewer: Viewer = {
      ...{ socket, request, actor, watched: new Set(), changed: new Set(), topics: new Set() },
      ...{ lastFrameAt: 0, lastTopicsAt: 0 },
    }
    viewers.add(viewer)
    socket.on('close', () => viewers.delete(viewer))
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => {
      watch(viewer, String(data)).catch(() => socket.close(1011))
    })
  }

  async function watch(viewer: Viewer, text: string): Promise<void> {
    const request = LiveRequest.safeParse(parseJson(text))
    if (!request.success) return viewer.socket.close(1007, 'not a live request')
    const actor = await caller(viewer.request)
    viewer.watched.clear()
    for (const tagId of request.data.tags) {
      const nodeId = nodeOf(tagId)
      if (nodeId === undefined || !(await platform.allows(actor, 'historian.sample.read', nodeId))) continue
      viewer.watched.add(tagId)
      viewer.changed.add(tagId)
    }
  }

  const stopHearing = table.onChange((tagId) => {
    for (const viewer of viewers) if (viewer.watched.has(tagId)) viewer.changed.add(tagId)
  })

  const frames = setInterval(() => {
    const now = clock.now()
    const encoded = new Map<string, string>()
    for (const viewer of viewers) {
      const tellsTopics = viewer.topics.size > 0 && now - viewer.lastTopicsAt >= topicsMs * 1000
      const due = viewer.changed.size > 0 || tellsTopics || now - viewer.lastFrameAt >= heartbeatMs * 1000
      if (!due || viewer.socket.bufferedAmount > mostQueuedBytes) continue
      const readings: string[] = []
      for (const tagId of viewer.changed) {
        // One text per changed tag, shared by all pages that show it.
        const text = encoded.get(tagId) ?? encodeReading(table, tagId)
        if (text === undefined) continue
        encoded.set(tagId, text)
        readings.push(text)
      }
      viewer.changed.clear()
      viewer.lastFrameAt = now
      const topics = tellsTopics ? `,"changed":${JSON.stringify([...viewer.topics])}` : ''
      if (tellsTopics) {
        viewer.topics.clear()
        viewer.lastTopicsAt = now
      }
      viewer.socket.send(`{"type":"readings","at":${now},"readings":[${readings.join(',')}]${topics}}`)
    }
  }, frameMs)

  const sessionCheck = setInterval(() => {
    shutOut().catch(() => {
      // The database is away for a moment; the next round decides.
    })
  }, sessionCheckMs)

  /** One question for all pages, however many there are. */
  async function shutOut(): Promise<void> {
    if (viewers.size === 0) return
    const gone = await platform.findGone([...viewers].map(({ actor }) => actor))
    for (const viewer of viewers) {
      if (!gone.has(viewer.actor)) continue
      const { locked } = await caller(viewer.request)
      if (locked === true) viewer.socket.close(sessionLocked, 'the session is locked')
      else viewer.socket.close(sessionEnded, 'the session ended')
    }
  }

  return {
    tell(topic) {
      for (const viewer of viewers) viewer.topics.add(topic)
    },
    async close() {
      clearInterval(frames)
      clearInterval(sessionCheck)
      stopHearing()
      for (const viewer of viewers) viewer.socket.close(1001, 'the server stops')
      await new Promise<void>((resolve) => sockets.close(() => resolve()))
    },
  }
}

function encodeReading(table: TagTable, tagId: string): string | undefined {
  const reading = table.get(tagId)
  if (reading === undefined) return undefined
  return JSON.stringify([tagId, reading.at, toJsonValue(reading.value), reading.status])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
}
