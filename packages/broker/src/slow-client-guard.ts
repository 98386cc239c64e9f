import type { Socket } from 'node:net'

/**
 * Node tells Aedes that a socket is full only above this. Below it Aedes never waits for one subscriber, so a frozen one
 * holds up nobody (measured: without it everybody stalls until Aedes' drain time-out, 60 s).
 */
export const socketHighWaterMark = 64 * 1024 * 1024

const checkEveryMs = 250

/** A peer that has not said who it is may make us hold this much. */
const maxUnknownBytes = 1024 * 1024

export interface GuardedSocket {
  readonly socket: Socket
  readonly isKnown: () => boolean
  readonly cut: (cause: string, example: string) => void
}

/** Cuts sockets whose queue shows that nobody reads the other end. Returns the way to stop watching. */
export function guardSlowClients(sockets: ReadonlySet<GuardedSocket>, maxQueuedBytes: number): () => void {
  const timer = setInterval(() => {
    for (const { socket, isKnown, cut } of sockets) {
      if (socket.writableLength > maxQueuedBytes) {
        cut('mqtt-client-too-slow', `${socket.writableLength} bytes waited for it; the limit is ${maxQueuedBytes}`)
      } else if (!isKnown() && socket.readableLength > maxUnknownBytes) {
        cut('mqtt-flood-before-connect', `${socket.readableLength} bytes before it was let in`)
      }
    }
  }, checkEveryMs)
  return () => clearInterval(timer)
}
