import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { createClient } from '@throughline/model'
import { attendedFetch } from './attendance.ts'

/** Tells `ended` when the server no longer knows the session. */
export const sessionEnd = new EventTarget()

const ask = createClient({ baseUrl: '', fetch: attendedFetch })

/** The page's way to the server. A session that ended is told once here, whatever asked. */
export const client: Client = async (operation, input, options) => {
  try {
    return await ask(operation, input, options)
  } catch (error) {
    if (isUnauthenticated(error) && operation.permission !== 'anyone') sessionEnd.dispatchEvent(new Event('ended'))
    throw error
  }
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unauthenticated'
}
