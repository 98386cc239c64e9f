import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Person, Role } from '@throughline/model'
import {
  createMachineAccount,
  invitePerson,
  renewActivation,
  resetSecondFactor,
  revokeMachineAccount,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { isKeyOf } from './credential/token.ts'
import { findAccountByKeyHint, findActiveAccount } from './machine-account/store.ts'
import { findPersonByName, hasActivatedAdministrator, listAdministratorNames } from './person/store.ts'

const setup = systemActor('identity.setup', ['identity.person.write', 'identity.machine-account.write'])
const recovery = systemActor('identity.recovery', ['identity.person.write'])
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
 * For an administrator who can sign in no more: answers a new one-time link and takes away what they held as a second
 * factor. Whoever may run programs on the plant's own machine may ask for it; the audit trail has it as done by
 * `identity.recovery`. `name` may be left out where there is one administrator of the whole plant.
 * @throws DomainError `invalid` naming the administrators where the choice is not clear
 */
export async function recoverAdministrator(platform: Platform, name?: string): Promise<PendingActivation> {
  const names = await listAdministratorNames(platform.db)
  const chosen = name ?? (names.length === 1 ? names[0] : undefined)
  const found = chosen === undefined ? undefined : await findPersonByName(platform.db, chosen)
  if (found === undefined || !names.includes(found.person.name)) {
    throw new DomainError(
      'invalid',
      'identity.administrator-unknown',
      `Say which administrator is to be let in again: ${names.join(', ') || 'this plant has none with a password yet'}`,
      { names },
    )
  }
  const personId = found.person.id
  const reason = "Recovery from the plant's own machine"
  await platform.run(resetSecondFactor, recovery, { personId, reason })
  return { name: found.person.name, ...(await platform.run(renewActivation, recovery, { personId, reason })) }
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
    const identityChecked = 'an account of the product itself: nobody was checked'
    const grants = [plantWide(role)]
    const { activation } = await platform.run(invitePerson, setup, { name, printedName, grants, identityChecked })
    return activation && { name, ...activation }
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
