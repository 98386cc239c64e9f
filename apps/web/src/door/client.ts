import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { createClient } from '@throughline/model'
import { attendedFetch } from './attendance.ts'
import type { ProofCause } from './proof-desk.ts'
import { proofDesk } from './proof-desk.ts'

/** Tells `ended` when the server no longer knows the session, and `changed` when somebody else has taken its place. */
export const sessionEnd = new EventTarget()

let leaving = 0

/**
 * Runs what a person does to end the session themselves, up to their being at the door. Meanwhile the live line or a page
 * may hear of the end first: that is nobody's news.
 */
export async function leave<Result>(away: () => Promise<Result>): Promise<Result> {
  leaving += 1
  try {
    return await away()
  } finally {
    leaving -= 1
  }
}

/** Tells the page that its session is over, unless its person is just ending it. */
export function tellSessionEnd(): void {
  if (leaving === 0) sessionEnd.dispatchEvent(new Event('ended'))
}

const ask = createClient({ baseUrl: '', fetch: attendedFetch })

/** Refusals of a session that is still good; each but the last is answered by proving once more who one is. */
const proofCauses: Readonly<Record<string, ProofCause | null>> = {
  'identity.step-up-needed': 'step-up',
  'identity.session-locked': 'locked',
  'identity.proof-refused': null,
  'identity.signing-refused': null,
  'identity.signing-component-missing': null,
}

/**
 * The page's way to the server. A session that ended is told once here, whatever asked; what needs a fresh proof is
 * asked again once the person has given it.
 */
export const client: Client = async (operation, input, options) => {
  // The same key for both attempts: should the first one have been done after all, it is not done twice.
  const sent = { ...options, idempotencyKey: options?.idempotencyKey ?? crypto.randomUUID() }
  try {
    return await ask(operation, input, sent)
  } catch (error) {
    if (!isUnauthenticated(error) || operation.permission === 'anyone') throw error
    const cause = proofCauses[error.code]
    if (cause === undefined) tellSessionEnd()
    else if (cause !== null && (await proofDesk.ask(cause))) return await ask(operation, input, sent)
    throw error
  }
}

export function isUnauthenticated(error: unknown): error is DomainError {
  return error instanceof DomainError && error.kind === 'unauthenticated'
}

/** Whether the plant could not be reached, as against a refusal of it. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'client.server-unreachable'
}
