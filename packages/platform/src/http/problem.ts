import type { ErrorKind } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Problem } from '@throughline/model'

const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-many': 429,
  unavailable: 503,
  defect: 500,
}

const titleOf: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not valid',
  unauthenticated: 'Sign in first',
  forbidden: 'Not permitted',
  'not-found': 'Not found',
  conflict: 'In conflict with the present state',
  'too-many': 'Too many requests',
  unavailable: 'Not available now',
  defect: 'A defect of the server',
}

/**
 * The RFC 9457 problem document for whatever was thrown; `instance` is the request's id, which the log holds too.
 * What is no `DomainError` is a defect: its message may hold anything, so it stays in the log.
 */
export function problemOf(thrown: unknown, instance: string): Problem {
  const error = thrown instanceof DomainError ? thrown : new DomainError('defect', 'platform.defect', unexpected)
  const { fields, ...details } = error.kind === 'defect' ? {} : (error.details as { fields?: Problem['fields'] })
  return {
    type: `urn:throughline:problem:${error.code}`,
    title: titleOf[error.kind],
    status: statusOf[error.kind],
    detail: error.kind === 'defect' ? unexpected : error.message,
    code: error.code,
    kind: error.kind,
    instance,
    ...(fields === undefined ? {} : { fields }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}

const unexpected = 'Something went wrong that should not; the reference helps to find it in the log.'
