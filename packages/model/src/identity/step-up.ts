import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema } from '../primitives.ts'
import { PasskeyAssertion } from './passkey-assertion.ts'

/** One proof of who is at the screen: the password, a code of the authenticator app, or a passkey. */
export const stepUp = operation({
  name: 'identity.session.step-up',
  summary: 'Prove once more who I am, for what a session alone is not enough for',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  whileLocked: true,
  secrets: ['password', 'code'],
  input: z
    .object({
      password: z.string().min(1).max(256).optional(),
      code: z.string().min(1).max(40).optional(),
      assertion: PasskeyAssertion.optional(),
    })
    .refine((given) => Object.values(given).filter((each) => each !== undefined).length === 1, {
      error: 'give exactly one of password, code and assertion',
    }),
  output: z.object({ provedAt: InstantSchema }),
})

/** What the sign-in page shows before anybody is known. */
export const getSignInNotice = operation({
  name: 'identity.sign-in.get-notice',
  summary: 'Tell what somebody must know before signing in',
  permission: 'anyone',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.object({
    /** The use notice of the plant, as its owner wrote it; null = none. */
    useNotice: z.string().nullable(),
    /** The address at which passkeys work, and only there; null = not set up. */
    passkeyOrigin: z.string().nullable(),
  }),
})
