import { DomainError } from '@throughline/kernel'

/** @throws DomainError `invalid` when a text somewhere inside cannot be stored: PostgreSQL takes neither NUL nor half a character */
export function assertStorable(input: unknown): void {
  if (!holdsUnstorableText(input)) return
  throw new DomainError(
    'invalid',
    'execution.text-unstorable',
    'Refused: a text here cannot be stored (it holds NUL or half a character, or is the key "__proto__"): remove it',
  )
}

function holdsUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, each]) => key === '__proto__' || holdsUnstorableText(key) || holdsUnstorableText(each),
  )
}
