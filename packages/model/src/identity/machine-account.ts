import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, PathName } from '../primitives.ts'
import { RoleGrant } from './person.ts'

/** An account for software: an edge agent or an integration. It holds an API key and no password. */
export const MachineAccount = z.object({
  id: idOf<'MachineAccount'>(),
  name: PathName,
  state: z.enum(['active', 'revoked']),
  grants: z.array(RoleGrant),
  createdAt: InstantSchema,
})
export type MachineAccount = z.infer<typeof MachineAccount>

/** A machine account with when its key was last used, exact to an hour; null = never, or before it was kept. */
export const MachineAccountEntry = MachineAccount.extend({ lastUsedAt: InstantSchema.nullable() })
export type MachineAccountEntry = z.infer<typeof MachineAccountEntry>

export const listMachineAccounts = operation({
  name: 'identity.machine-account.list',
  summary: 'List all machine accounts, by name',
  permission: 'identity.person.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.array(MachineAccountEntry),
})

/** The key is shown once: only its hash is kept. */
export const createMachineAccount = operation({
  name: 'identity.machine-account.create',
  summary: 'Create a machine account and its API key',
  permission: 'identity.machine-account.write',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  stepUp: true,
  input: z.object({ name: PathName, grants: z.array(RoleGrant).min(1) }),
  output: z.object({ account: MachineAccount, apiKey: z.string() }),
})

export const revokeMachineAccount = operation({
  name: 'identity.machine-account.revoke',
  summary: 'Revoke a machine account: its key stops working at once',
  permission: 'identity.machine-account.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ accountId: idOf<'MachineAccount'>(), reason: z.string().min(3).max(500) }),
  output: MachineAccount,
})
