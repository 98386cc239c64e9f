import { DomainError } from '@throughline/kernel'

/**
 * Settles with `work`, or fails as `unavailable` after `timeoutMs`. The work itself is not stopped: what it settles
 * with later is not heard.
 */
export async function beforeDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(
      new DomainError('unavailable', 'opcua.timed-out', `${what} took longer than ${timeoutMs} ms`, { timeoutMs }),
    )
  }, timeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Settles with `work`, or fails with the signal's reason as soon as that is given. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const tell = (): void => aborted.reject(signal.reason)
  if (signal.aborted) tell()
  signal.addEventListener('abort', tell, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', tell)
  }
}
