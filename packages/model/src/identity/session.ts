import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { PasskeyAssertion } from './passkey-assertion.ts'
import { Password, PermissionName, PersonName, RoleGrant } from './person.ts'

/** Who is signed in, what they may do and until when. */
export const CurrentSession = z.object({
  personId: idOf<'Person'>(),
  name: PersonName,
  printedName: z.string(),
  grants: z.array(RoleGrant),
  permissions: z.array(PermissionName),
  openedAt: InstantSchema,
  /** How the person proved who they are; null for sessions begun before that was kept. */
  method: z.string().nullable(),
  /** Since when the session is locked: until the person proves anew who they are, it does nothing. */
  lockedAt: InstantSchema.nullable(),
  /** When the person last proved who they are. */
  provedAt: InstantSchema,
  /** A role needs a second factor and there is none yet: until then nothing is permitted but to enrol one. */
  secondFactorMissing: z.boolean(),
  /** The session ends at this instant even while it is used. */
  absoluteEndAt: InstantSchema,
  idleTimeoutMs: z.int().positive(),
})
export type CurrentSession = z.infer<typeof CurrentSession>

/** A session that is open now, as others see it. */
export const OpenSession = z.object({
  id: idOf<'Session'>(),
  personId: idOf<'Person'>(),
  name: PersonName,
  printedName: z.string(),
  openedAt: InstantSchema,
  /** Last touch of a person; what a page asks by itself does not count. Exact to a minute. */
  lastUsedAt: InstantSchema,
  absoluteEndAt: InstantSchema,
  method: z.string().nullable(),
  /** The browser and system that signed in: `Firefox on Linux`. */
  device: z.string().nullable(),
  /** The network address that signed in. */
  origin: z.string().nullable(),
  lockedAt: InstantSchema.nullable(),
  /** The session that asks. */
  current: z.boolean(),
})
export type OpenSession = z.infer<typeof OpenSession>

/** The cookie is set by the transport from the answer's `cookie`, which never reaches the page's scripts. */
export const openSession = operation({
  name: 'identity.session.open',
  summary: 'Sign in with name and password',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  secrets: ['password', 'code', 'newPassword'],
  input: z.object({
    name: z.string().min(1).max(60),
    password: z.string().min(1).max(256),
    /** The second factor, where one is needed: a code of the authenticator app or a recovery code … */
    code: z.string().min(1).max(40).optional(),
    /** … or a passkey. */
    assertion: PasskeyAssertion.optional(),
    /** Replaces the password in the same step, where the old one must not be used any longer. */
    newPassword: Password.optional(),
  }),
  output: CurrentSession,
})

export const closeSession = operation({
  name: 'identity.session.close',
  summary: 'Sign out',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  whileLocked: true,
  input: z.object({}),
  output: z.object({}),
})

export const getCurrentSession = operation({
  name: 'identity.session.get-current',
  summary: 'Tell who is signed in and what they may do',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  whileLocked: true,
  input: z.object({}),
  output: CurrentSession,
})

/** Proving anew who one is (`identity.session.step-up`) unlocks it. */
export const lockSession = operation({
  name: 'identity.session.lock',
  summary: 'Lock this session until its person proves anew who they are',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  whileLocked: true,
  input: z.object({}),
  output: CurrentSession,
})

export const listOwnSessions = operation({
  name: 'identity.session.list-own',
  summary: 'List your open sessions, last used first',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(OpenSession),
})

export const listSessions = operation({
  name: 'identity.session.list',
  summary: 'List the open sessions of everybody, last used first',
  permission: 'identity.session.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(OpenSession),
})

export const terminateOwnSession = operation({
  name: 'identity.session.terminate-own',
  summary: 'End another of your sessions',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  input: z.object({ sessionId: idOf<'Session'>() }),
  output: z.object({}),
})

export const terminateSession = operation({
  name: 'identity.session.terminate',
  summary: 'End the session of somebody at once',
  permission: 'identity.session.terminate',
  scope: 'plant',
  mutates: true,
  input: z.object({ sessionId: idOf<'Session'>(), reason: z.string().trim().min(3).max(500) }),
  output: z.object({}),
})
