/** What to tell whoever sent such a text. */
export const unstorableTextProblem =
  'a text here cannot be stored (it holds NUL or half a character, or is the key "__proto__"): remove it'

/**
 * True when a text somewhere inside cannot be stored: PostgreSQL takes neither NUL nor half a surrogate pair, and the
 * key `__proto__` would be lost without a word on its way through a JavaScript object.
 */
export function holdsUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, each]) => key === '__proto__' || holdsUnstorableText(key) || holdsUnstorableText(each),
  )
}
