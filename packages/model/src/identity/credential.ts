import { z } from 'zod'
import { operation } from '../operation.ts'
import { roles } from '../permission.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { Password } from './person.ts'

/** What a person signs in with, for themselves to look at; never a secret. */
export const OwnCredentials = z.object({
  /** False for people who sign in elsewhere (single sign-on, a directory). */
  hasPassword: z.boolean(),
  totp: z.object({ confirmedAt: InstantSchema, recoveryCodesLeft: z.int().nonnegative() }).nullable(),
  passkeys: z.int().nonnegative(),
  /** One of the person's roles needs a second factor. */
  secondFactorNeeded: z.boolean(),
})
export type OwnCredentials = z.infer<typeof OwnCredentials>

export const getOwnCredentials = operation({
  name: 'identity.credential.get-own',
  summary: 'Tell what I sign in with',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  // Whoever unlocks must know what with.
  whileLocked: true,
  input: z.object({}),
  output: OwnCredentials,
})

export const changePassword = operation({
  name: 'identity.credential.change-password',
  summary: 'Change my password: all my other sessions end',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  secrets: ['oldPassword', 'newPassword'],
  input: z.object({ oldPassword: z.string().min(1).max(256), newPassword: Password }),
  output: z.object({ sessionsEnded: z.int().nonnegative() }),
})

/** For somebody who lost what they held: nothing of it works any more, and they enrol anew after signing in. */
export const resetSecondFactor = operation({
  name: 'identity.credential.reset-second-factor',
  summary: 'Revoke the second factor and all passkeys of a person who lost them; their sessions end',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ personId: idOf<'Person'>(), reason: z.string().min(3).max(500) }),
  output: z.object({ passkeysRevoked: z.int().nonnegative(), totpRevoked: z.boolean() }),
})

/** Rules for signing in, each change a new version. */
export const SignInPolicy = z.object({
  /** 0 = as delivered: nobody has changed it. */
  version: z.int().nonnegative(),
  /** Whoever holds one of these may do nothing but enrol until they have a second factor. */
  secondFactorRoles: z.array(z.enum(roles)),
  /** Sessions of one person at the same time. */
  maxSessions: z.int().min(1).max(50),
  /** A session begun from now on ends when unused for this long, if the server is not set up for less; null = as it is. */
  idleTimeoutMs: z.int().min(60_000).max(86_400_000).nullable(),
  /** … and after this long in any case. */
  absoluteTimeoutMs: z.int().min(600_000).max(604_800_000).nullable(),
  changedAt: InstantSchema.nullable(),
})
export type SignInPolicy = z.infer<typeof SignInPolicy>

export const getSignInPolicy = operation({
  name: 'identity.sign-in-policy.get',
  summary: 'Tell the rules for signing in',
  permission: 'identity.person.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: SignInPolicy,
})

export const changeSignInPolicy = operation({
  name: 'identity.sign-in-policy.change',
  summary: 'Change the rules for signing in: a new version, in force at once',
  permission: 'identity.sign-in-policy.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: SignInPolicy.omit({ version: true, changedAt: true }).extend({
    idleTimeoutMs: SignInPolicy.shape.idleTimeoutMs.default(null),
    absoluteTimeoutMs: SignInPolicy.shape.absoluteTimeoutMs.default(null),
    /** The version that was looked at: a change in between is not overwritten. */
    basedOn: z.int().nonnegative(),
    reason: z.string().min(3).max(500),
  }),
  output: SignInPolicy,
})
