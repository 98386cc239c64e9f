import { DomainError } from '@throughline/kernel'

/**
 * PostgreSQL takes neither NUL nor half a surrogate pair: who wrote it can write it anew.
 * @throws DomainError `invalid` when a text somewhere inside cannot be stored
 */
export function assertStorable(input: unknown): void {
  if (!holdsUnstorableText(input)) return
  throw new DomainError(
    'invalid',
    'material.text-unstorable',
    'Refused: a text here cannot be stored (it holds NUL or half a character): remove it',
  )
}

function holdsUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed()
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsUnstorableText)
}
