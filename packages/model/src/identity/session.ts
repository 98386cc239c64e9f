import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'
import { PermissionName, PersonName, RoleGrant } from './person.ts'

/** Who is signed in, what they may do and until when. */
export const CurrentSession = z.object({
  personId: idOf<'Person'>(),
  name: PersonName,
  printedName: z.string(),
  grants: z.array(RoleGrant),
  permissions: z.array(PermissionName),
  openedAt: InstantSchema,
  /** The session ends at this instant even while it is used. */
  absoluteEndAt: InstantSchema,
  idleTimeoutMs: z.int().positive(),
})
export type CurrentSession = z.infer<typeof CurrentSession>

/** The cookie is set by the transport from the answer's `cookie`, which never reaches the page's scripts. */
export const openSession = operation({
  name: 'identity.session.open',
  summary: 'Sign in with name and password',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  secrets: ['password'],
  input: z.object({ name: z.string().min(1).max(60), password: z.string().min(1).max(256) }),
  output: CurrentSession,
})

export const closeSession = operation({
  name: 'identity.session.close',
  summary: 'Sign out',
  permission: 'signed-in',
  scope: 'any',
  mutates: true,
  input: z.object({}),
  output: z.object({}),
})

export const getCurrentSession = operation({
  name: 'identity.session.get-current',
  summary: 'Tell who is signed in and what they may do',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: CurrentSession,
})
