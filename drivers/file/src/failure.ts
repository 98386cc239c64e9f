import { DomainError, messageOf } from '@throughline/kernel'

/** A file that nothing can be made of: it is put aside with this message. */
export const unreadable = (why: string, cause?: unknown): DomainError =>
  new DomainError('invalid', 'file.unreadable', why, {}, cause)

const forbidden = ['EACCES', 'EPERM', 'EROFS']

/** The folder cannot be worked in: `forbidden` where a person must act, else `unavailable`. */
export function folderFailure(folder: string, error: unknown): DomainError {
  if (error instanceof DomainError) return error
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (forbidden.includes(code)) {
    const message = `The agent may not work in ${folder} (${code}): it must be allowed to read, write and delete there`
    return new DomainError('forbidden', 'file.folder-forbidden', message, {}, error)
  }
  return new DomainError('unavailable', 'file.folder-unavailable', `${folder}: ${messageOf(error)}`, {}, error)
}

/** Fails when the promise does not settle in time: a share that hangs must not hang the agent. */
export async function within<T>(limitMs: number, folder: string, work: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const message = `${folder} does not answer within ${limitMs} ms`
    limit.reject(new DomainError('unavailable', 'file.folder-silent', message))
  }, limitMs)
  try {
    return await Promise.race([work, limit.promise])
  } finally {
    clearTimeout(timer)
    // Its late failure is nobody's business any more.
    work.catch(() => {})
  }
}
