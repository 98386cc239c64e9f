import { z } from 'zod'

/** Bytes as WebAuthn writes them in JSON. */
export const Base64Url = z
  .string()
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]*$/)

/** Whether the key is in the device or beside it. */
export const Attachment = z.enum(['platform', 'cross-platform']).nullish()

/** What a browser answers when a key proved its owner: signed over the challenge, the origin and the owner's gesture. */
export const PasskeyAssertion = z.object({
  id: Base64Url.min(1),
  rawId: Base64Url.min(1),
  type: z.literal('public-key'),
  authenticatorAttachment: Attachment,
  clientExtensionResults: z.record(z.string(), z.unknown()),
  response: z.object({
    clientDataJSON: Base64Url.min(1),
    authenticatorData: Base64Url.min(1),
    signature: Base64Url.min(1),
    userHandle: Base64Url.nullish(),
  }),
})
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>
