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

/** As it stands on signatures and documents. */
const PrintedName = z.string().trim().min(1).max(120)

/** Why an account is changed; kept with the audit entry. */
const Reason = z.string().trim().min(3).max(500)

const RoleName = z.enum(roles)
export const PermissionName = z.enum(permissions)

/** A role held at one node of the equipment hierarchy and everything below it; `node` null = the whole plant. */
export const RoleGrant = z.object({ role: RoleName, nodeId: idOf<'EquipmentNode'>().nullable() })
export type RoleGrant = z.infer<typeof RoleGrant>

export const Person = z.object({
  id: idOf<'Person'>(),
  name: PersonName,
  printedName: z.string(),
  /** `awaiting-approval` until a second person approves, `invited` until the first proof of their own, then `active`. */
  state: z.enum(['awaiting-approval', 'invited', 'active', 'disabled']),
  grants: z.array(RoleGrant),
  createdAt: InstantSchema,
})
export type Person = z.infer<typeof Person>

/** A person with how the account came about and when it was last used. */
export const PersonAccount = Person.extend({
  /** How whoever invited knows that the person is who they say; null for accounts that came from elsewhere. */
  identityChecked: z.string().nullable(),
  invitedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  approvedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  approvedAt: InstantSchema.nullable(),
  /** Why no second person had to approve, where none did. */
  approvalExempt: z.string().nullable(),
  lastSignInAt: InstantSchema.nullable(),
})
export type PersonAccount = z.infer<typeof PersonAccount>

export const listPersons = operation({
  name: 'identity.person.list',
  summary: 'List all people, by sign-in name',
  permission: 'identity.person.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(PersonAccount),
})

/** The link is shown once: only its hash is kept. */
export const ActivationLink = z.object({ path: z.string(), expiresAt: InstantSchema })

/** `activation` is null while another person has to approve: the link is made then. */
export const invitePerson = operation({
  name: 'identity.person.invite',
  summary: 'Create an account for a person whose identity you have checked; another person approves it',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({
    name: PersonName,
    printedName: PrintedName,
    grants: z.array(RoleGrant).min(1),
    /** What was seen and where: `badge office, passport seen`. */
    identityChecked: Reason,
  }),
  output: z.object({ person: Person, activation: ActivationLink.nullable() }),
})

export const approvePerson = operation({
  name: 'identity.person.approve',
  summary: 'Approve an account that somebody else made, and get the one-time link for its person',
  permission: 'identity.person.approve',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({ personId: idOf<'Person'>() }),
  output: z.object({ person: Person, activation: ActivationLink }),
})

export const renewActivation = operation({
  name: 'identity.person.renew-activation',
  summary: 'Make a new one-time link for a person; links made before stop working',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({ personId: idOf<'Person'>(), reason: Reason }),
  output: ActivationLink,
})

export const disablePerson = operation({
  name: 'identity.person.disable',
  summary: 'Disable a person: their sessions end at once, their records stay',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ personId: idOf<'Person'>(), reason: Reason }),
  output: Person,
})

export const enablePerson = operation({
  name: 'identity.person.enable',
  summary: 'Let a disabled person in again, as they were before',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ personId: idOf<'Person'>(), reason: Reason }),
  output: Person,
})

export const setPersonGrants = operation({
  name: 'identity.person.set-grants',
  summary: 'Replace the roles of another person; their sessions end, so that they begin anew with the new roles',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ personId: idOf<'Person'>(), grants: z.array(RoleGrant).min(1), reason: Reason }),
  output: Person,
})

export const renamePerson = operation({
  name: 'identity.person.rename',
  summary: 'Change the printed name of a person; what they signed before keeps the name of that time',
  permission: 'identity.person.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ personId: idOf<'Person'>(), printedName: PrintedName, reason: Reason }),
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
