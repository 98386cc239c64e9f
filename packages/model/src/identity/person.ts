import { z } from 'zod'
import { operation } from '../operation.ts'
import { permissions, roles } from '../permission.ts'
import { InstantSchema, idOf } from '../primitives.ts'

/** A sign-in name: lower case, so that `Ada` and `ada` are one person. */
export const PersonName = z
  .string()
  .min(2)
  .max(60)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'use lower-case letters, digits, ".", "-" or "_"')

/** Length is what makes a password strong (NIST SP 800-63B): no rule about kinds of characters. */
export const Password = z.string().min(12, 'use at least 12 characters').max(256)

const RoleName = z.enum(roles)
export const PermissionName = z.enum(permissions)

/** A role held at one node of the equipment hierarchy and everything below it; `node` null = the whole plant. */
export const RoleGrant = z.object({ role: RoleName, nodeId: idOf<'EquipmentNode'>().nullable() })
export type RoleGrant = z.infer<typeof RoleGrant>

export const Person = z.object({
  id: idOf<'Person'>(),
  name: PersonName,
  printedName: z.string(),
  state: z.enum(['invited', 'active', 'disabled']),
  grants: z.array(RoleGrant),
  createdAt: InstantSchema,
})
export type Person = z.infer<typeof Person>

export const listPersons = operation({
  name: 'identity.person.list',
  summary: 'List all people, by sign-in name',
  permission: 'identity.person.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(Person),
})

/** The link is shown once: only its hash is kept. */
export const ActivationLink = z.object({ path: z.string(), expiresAt: InstantSchema })

export const invitePerson = operation({
  name: 'identity.person.invite',
  summary: 'Create a person and the one-time link with which they set their password',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  input: z.object({ name: PersonName, printedName: z.string().min(1).max(120), grants: z.array(RoleGrant).min(1) }),
  output: z.object({ person: Person, activation: ActivationLink }),
})

export const renewActivation = operation({
  name: 'identity.person.renew-activation',
  summary: 'Make a new one-time link for a person; links made before stop working',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  input: z.object({ personId: idOf<'Person'>(), reason: z.string().min(3).max(500) }),
  output: ActivationLink,
})

export const disablePerson = operation({
  name: 'identity.person.disable',
  summary: 'Disable a person: their sessions end at once, their records stay',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ personId: idOf<'Person'>(), reason: z.string().min(3).max(500) }),
  output: Person,
})

export const activatePerson = operation({
  name: 'identity.person.activate',
  summary: 'Set the password with a one-time link',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  secrets: ['token', 'password'],
  input: z.object({ token: z.string().min(20).max(200), password: Password }),
  output: z.object({ name: PersonName }),
})
