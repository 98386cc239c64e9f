import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

/** What somebody who was right about the password has given up to now. */
export interface Given {
  readonly name: string
  readonly password: string
}

/** Where somebody stands on the way in. */
export type SignInStep =
  | { readonly kind: 'password'; readonly name: string }
  | {
      readonly kind: 'second-factor'
      readonly given: Given
      readonly newPassword?: string
      readonly code: boolean
      readonly passkey: boolean
    }
  | {
      readonly kind: 'new-password'
      readonly given: Given
      /** Why the one that was chosen before is refused. */
      readonly refused?: unknown
    }

const Needed = z.object({ code: z.boolean(), passkey: z.boolean() })

/** The step that a refusal leads to; undefined when it is a refusal indeed. */
export function stepAfter(error: unknown, given: Given, newPassword?: string): SignInStep | undefined {
  if (!(error instanceof DomainError)) return undefined
  if (error.code === 'identity.password-change-needed') return { kind: 'new-password', given }
  if (newPassword !== undefined && error.code === 'identity.password-obvious') {
    return { kind: 'new-password', given, refused: error }
  }
  if (error.code !== 'identity.second-factor-needed') return undefined
  const needed = Needed.safeParse(error.details)
  if (!needed.success) return undefined
  return { kind: 'second-factor', given, ...needed.data, ...(newPassword === undefined ? {} : { newPassword }) }
}
