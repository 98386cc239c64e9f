import { DomainError } from '@throughline/kernel'

/** True when a text somewhere inside cannot be stored: PostgreSQL takes neither NUL nor half a surrogate pair. */
export function holdsUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, each]) => holdsUnstorableText(key) || holdsUnstorableText(each))
}

/** @throws DomainError `invalid` when a text somewhere inside cannot be stored */
export function assertStorable(input: unknown): void {
  if (!holdsUnstorableText(input)) return
  throw new DomainError(
    'invalid',
    'equipment.text-unstorable',
    'A text holds a character that cannot be stored (NUL or half a character): remove it',
  )
}
