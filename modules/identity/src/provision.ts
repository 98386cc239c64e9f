import type { Instant } from '@throughline/kernel'
import type { Person, Role } from '@throughline/model'
import { createMachineAccount, invitePerson, renewActivation, revokeMachineAccount } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { isKeyOf } from './credential/token.ts'
import { findAccountByKeyHint, findActiveAccount } from './machine-account/store.ts'
import { findPersonByName, hasActivatedAdministrator } from './person/store.ts'

const setup = systemActor('identity.setup', ['identity.person.write', 'identity.machine-account.write'])
const plantWide = (role: Role) => ({ role, nodeId: null })

/** The link with which a person who has no password yet sets one; `path` is to be put behind the plant's URL. */
export interface PendingActivation {
  readonly name: string
  readonly path: string
  readonly expiresAt: Instant
}

/**
 * Makes sure that somebody can administer the plant: the first start creates the person `admin`. Until they have set a
 * password, each start answers a new link and the one before stops working; afterwards `null`.
 */
export async function ensureAdministrator(platform: Platform): Promise<PendingActivation | null> {
  if (await hasActivatedAdministrator(platform.db)) return null
  return await ensurePerson(platform, { name: 'admin', printedName: 'Administrator', role: 'administrator' })
}

/**
 * Makes sure that a person exists, with a role for the whole plant when it has to be created. Answers a new link while
 * the person has no password, `null` when they have one or are disabled.
 */
export async function ensurePerson(
  platform: Platform,
  wanted: Pick<Person, 'name' | 'printedName'> & { role: Role },
): Promise<PendingActivation | null> {
  const { name, printedName, role } = wanted
  const found = await findPersonByName(platform.db, name)
  if (found === undefined) {
    const invited = await platform.run(invitePerson, setup, { name, printedName, grants: [plantWide(role)] })
    return { name, ...invited.activation }
  }
  if (found.person.state !== 'invited') return null
  const reason = 'The start of the server shows a new link while there is no password'
  return { name, ...(await platform.run(renewActivation, setup, { personId: found.person.id, reason })) }
}

/**
 * Makes sure that a program can sign in: creates its account, and answers its API key, which is shown only this once.
 * Answers `null` when there is an account by that name. Whoever gives the key they hold (`null` for none) gets a new
 * one when it does not fit: the account of the lost key is revoked and another one made.
 */
export async function ensureMachineAccount(
  platform: Platform,
  name: string,
  roles: readonly Role[],
  heldKey?: string | null,
): Promise<string | null> {
  const found = await findActiveAccount(platform.db, name)
  if (found !== undefined) {
    if (heldKey === undefined) return null
    const byKey = heldKey === null ? undefined : await findAccountByKeyHint(platform.db, heldKey)
    if (heldKey !== null && byKey?.account.id === found.id && isKeyOf(heldKey, byKey.keyHash)) return null
    const reason = 'The start of the server found its API key lost'
    await platform.run(revokeMachineAccount, setup, { accountId: found.id, reason })
  }
  const { apiKey } = await platform.run(createMachineAccount, setup, { name, grants: roles.map(plantWide) })
  return apiKey
}
