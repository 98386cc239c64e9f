import { DomainError } from '@throughline/kernel'

const longest = 500

/**
 * What a machine says, so that it can be recorded: PostgreSQL takes neither NUL nor half a surrogate pair, and an alarm
 * must not get lost over a letter.
 */
export function storableText(said: string): string {
  const text = said.toWellFormed().replaceAll('\u0000', '\uFFFD')
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`
}

/**
 * What people write is refused instead: they can write it anew.
 * @throws DomainError `invalid` when a text somewhere inside cannot be stored
 */
export function assertStorable(input: unknown): void {
  if (!holdsUnstorableText(input)) return
  throw new DomainError(
    'invalid',
    'alarm.text-unstorable',
    'Refused: a text here cannot be stored (it holds NUL or half a character): remove it',
  )
}

/** True when a text somewhere inside holds NUL or half a character. */
export function holdsUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed()
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsUnstorableText)
}
