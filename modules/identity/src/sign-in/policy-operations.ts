import { DomainError } from '@throughline/kernel'
import type { Role } from '@throughline/model'
import { changeSignInPolicy, getSignInPolicy } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { currentPolicy, insertPolicy } from './policy-store.ts'

export function mountSignInPolicyOperations(platform: Platform): void {
  platform.handle(getSignInPolicy, (uow) => currentPolicy(uow.trx))

  platform.handle(changeSignInPolicy, async (uow, { basedOn, reason: _, ...wanted }) => {
    assertRolesOfPeople(wanted.secondFactorRoles)
    const current = await currentPolicy(uow.trx)
    if (current.version !== basedOn) throw changedMeanwhile(current.version, basedOn)
    const policy = {
      ...wanted,
      secondFactorRoles: [...new Set(wanted.secondFactorRoles)].sort(),
      version: current.version + 1,
      changedAt: uow.at,
    }
    if (!(await insertPolicy(uow.trx, policy, uow.at))) throw changedMeanwhile(policy.version, basedOn)
    return policy
  })
}

function assertRolesOfPeople(named: readonly Role[]): void {
  if (!named.includes('edge-agent')) return
  throw new DomainError(
    'invalid',
    'identity.role-not-for-people',
    'The role edge-agent is for software, which signs in with a key and has no second factor',
    { fields: [{ path: 'secondFactorRoles', message: 'edge-agent is for software' }] },
  )
}

const changedMeanwhile = (version: number, basedOn: number): DomainError =>
  new DomainError(
    'conflict',
    'identity.sign-in-policy-changed',
    `Somebody changed the rules meanwhile: they are at version ${version}, you looked at version ${basedOn}`,
    { version },
  )
