/** What a host application says of itself on `spBv1.0/STATE/<host id>`. `timestamp` is in ms since 1970, UTC. */
export interface StateMessage {
  readonly online: boolean
  readonly timestamp: number
}

export const encodeState = (state: StateMessage): string =>
  JSON.stringify({ online: state.online, timestamp: state.timestamp })

/** Reads a STATE message; `undefined` when it is none. */
export function decodeState(bytes: Uint8Array): StateMessage | undefined {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null || !('online' in json) || !('timestamp' in json)) return undefined
  const { online, timestamp } = json
  if (typeof online !== 'boolean' || typeof timestamp !== 'number' || !Number.isFinite(timestamp)) return undefined
  return { online, timestamp }
}
