import { DomainError, messageOf } from '@throughline/kernel'

/** What a person needs of a failure: what happened, what to do, and the reference to quote. */
export interface ProblemFacts {
  readonly message: string
  readonly advice: string
  readonly code: string | undefined
  readonly reference: string | undefined
  readonly fields: readonly { readonly path: string; readonly message: string }[]
}

const adviceByKind: Readonly<Record<string, string>> = {
  invalid: 'Correct what is named and try again.',
  unauthenticated: 'Sign in again.',
  forbidden: 'Ask an administrator for the permission if your work needs it.',
  'not-found': 'It may have been renamed, or lie outside your scopes.',
  conflict: 'Look at its present state, then decide again.',
  'too-many': 'Wait a moment, then try again.',
  unavailable: 'It is tried again by itself; what was on screen stays.',
  defect: 'This is a fault of the product: report it with the reference.',
}

/** Refusals that no permission would lift; their message says what to do. */
const saysAll: ReadonlySet<string> = new Set(['platform.station-only-shows'])

export function problemFacts(thrown: unknown): ProblemFacts {
  if (!(thrown instanceof DomainError)) {
    return {
      message: messageOf(thrown),
      advice: 'This is a fault of the page: reload it, and report it if it comes back.',
      code: undefined,
      reference: undefined,
      fields: [],
    }
  }
  const { instance, fields } = thrown.details
  return {
    message: thrown.message,
    advice: saysAll.has(thrown.code) ? '' : (adviceByKind[thrown.kind] ?? ''),
    code: thrown.code,
    reference: typeof instance === 'string' ? instance : undefined,
    fields: Array.isArray(fields) ? fields.filter(isField) : [],
  }
}

function isField(field: unknown): field is { path: string; message: string } {
  return typeof field === 'object' && field !== null && 'path' in field && 'message' in field
}
