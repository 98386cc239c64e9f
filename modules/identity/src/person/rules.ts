import type { Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { Person, RoleGrant } from '@throughline/model'

const linkLifeMs = 72 * 3_600_000

/** A one-time link works for 72 hours: over a weekend, not over a holiday. */
export const linkExpiry = (madeAt: Instant): Instant => plusMs(madeAt, linkLifeMs)

/** @throws DomainError `invalid` for a role that only software holds, or one that is given twice at the same node */
export function assertGrantsForPerson(grants: readonly RoleGrant[]): void {
  if (grants.some((grant) => grant.role === 'edge-agent')) {
    throw new DomainError(
      'invalid',
      'identity.role-not-for-people',
      'The role edge-agent is for software: create a machine account instead',
    )
  }
  assertGrantsDistinct(grants)
}

/** @throws DomainError `invalid` when a role is given twice at the same node */
export function assertGrantsDistinct(grants: readonly RoleGrant[]): void {
  const twice = grants.find(
    (grant, index) => grants.findIndex((each) => each.role === grant.role && each.nodeId === grant.nodeId) !== index,
  )
  if (twice === undefined) return
  throw new DomainError('invalid', 'identity.grant-doubled', `The role ${twice.role} is given twice at the same place`)
}

/** @throws DomainError `conflict` once the person is disabled */
export function assertNotDisabled(person: Pick<Person, 'name' | 'state'>): void {
  if (person.state !== 'disabled') return
  throw new DomainError('conflict', 'identity.person-disabled', `${person.name} is disabled`, { name: person.name })
}

/**
 * Somebody must remain who can administer people, or the plant is locked for good.
 * @param administrators ids of the active people who administer the whole plant
 * @throws DomainError `conflict` when only this person does
 */
export function assertAdministratorRemains(
  person: Pick<Person, 'id' | 'name'>,
  administrators: readonly string[],
): void {
  if (administrators.length !== 1 || administrators[0] !== person.id) return
  throw new DomainError(
    'conflict',
    'identity.person-last-administrator',
    `${person.name} is the only active administrator of the whole plant: activate another one first`,
    { name: person.name },
  )
}

/**
 * Two different people make an account (21 CFR 11.100(b), 11.10(g)).
 * @throws DomainError `conflict` when nothing waits for approval, `forbidden` for whoever invited
 */
export function assertMayApprove(
  person: Pick<Person, 'name' | 'state'>,
  invitedBy: string | null,
  approver: { readonly id: string; readonly kind: string },
): void {
  const { name, state } = person
  if (state !== 'awaiting-approval') {
    throw new DomainError(
      'conflict',
      'identity.person-not-awaiting',
      `${name} awaits no approval: ${name} is ${state}`,
      {
        name,
        state,
      },
    )
  }
  assertHuman(approver)
  if (approver.id !== invitedBy) return
  throw new DomainError(
    'forbidden',
    'identity.person-same-approver',
    `You invited ${name} yourself: another person has to approve the account`,
    { name },
  )
}

/**
 * Accounts of people are made by people, or by the product at its first start; with an API key one person could pose as
 * two.
 * @throws DomainError `forbidden` for a machine account
 */
export function assertHuman(actor: { readonly kind: string }): void {
  if (actor.kind !== 'machine') return
  throw new DomainError(
    'forbidden',
    'identity.person-needed',
    'A person has to do this, signed in: an API key cannot answer for who somebody is',
  )
}

/** @throws DomainError `conflict` while nobody has approved the account */
export function assertApproved(person: Pick<Person, 'name' | 'state'>): void {
  if (person.state !== 'awaiting-approval') return
  throw new DomainError(
    'conflict',
    'identity.person-awaiting-approval',
    `${person.name} awaits approval: another person approves the account first`,
    { name: person.name },
  )
}

/** @throws DomainError `conflict` unless the person is disabled */
export function assertDisabled(person: Pick<Person, 'name' | 'state'>): void {
  if (person.state === 'disabled') return
  throw new DomainError('conflict', 'identity.person-not-disabled', `${person.name} is not disabled`, {
    name: person.name,
  })
}

/**
 * Nobody decides what they themselves may do.
 * @throws DomainError `forbidden`
 */
export function assertNotOwnGrants(person: Pick<Person, 'id'>, actor: { readonly id: string }): void {
  if (person.id !== actor.id) return
  throw new DomainError('forbidden', 'identity.grants-own', 'Nobody changes their own roles: ask another administrator')
}

/** Whether these roles make somebody an administrator of the whole plant. */
export const administersPlant = (grants: readonly RoleGrant[]): boolean =>
  grants.some((grant) => grant.role === 'administrator' && grant.nodeId === null)
