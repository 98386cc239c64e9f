/** What the caller can do about it; the HTTP status, the exit code and the retry rule all follow from this one word. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-many'
  | 'unavailable'
  | 'defect'

/**
 * The only error a module throws on purpose.
 *
 * `code` is stable and public (`<module>.<noun>-<problem>`): clients, tests and the help pages match on it,
 * never on the message. `details` are facts for a person to act on, and hold no secrets.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly kind: ErrorKind
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(kind: ErrorKind, code: string, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
    this.code = code
    this.details = details
  }
}

/** What went wrong, in words, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
