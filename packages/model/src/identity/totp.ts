import { z } from 'zod'
import { operation } from '../operation.ts'

/** Six digits from an authenticator app, as people type them. */
const TotpCode = z
  .string()
  .max(20)
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'six digits, as the app shows them'))

const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })

/** The secret is shown once, as text and in the address that a QR code holds. */
export const enrolTotp = operation({
  name: 'identity.totp.enrol',
  summary: 'Begin to use an authenticator app as second factor',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({}),
  output: z.object({ secret: z.string(), uri: z.string() }),
})

/** The recovery codes are shown once: only their hashes are kept. */
export const confirmTotp = operation({
  name: 'identity.totp.confirm',
  summary: 'Confirm the authenticator app with a code that it shows; it is needed from the next sign-in on',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  secrets: ['code'],
  input: z.object({ code: TotpCode }),
  output: RecoveryCodes,
})

export const removeTotp = operation({
  name: 'identity.totp.remove',
  summary: 'Stop using the authenticator app as second factor',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  stepUp: true,
  input: z.object({}),
  output: z.object({}),
})

export const renewRecoveryCodes = operation({
  name: 'identity.totp.renew-recovery-codes',
  summary: 'Make new recovery codes; those made before stop working',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({}),
  output: RecoveryCodes,
})
