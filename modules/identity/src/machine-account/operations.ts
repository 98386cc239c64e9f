import { DomainError, newId } from '@throughline/kernel'
import type { MachineAccount } from '@throughline/model'
import { createMachineAccount, listMachineAccounts, revokeMachineAccount } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { newApiKey } from '../credential/token.ts'
import { assertGrantsDistinct } from '../person/rules.ts'
import { findAccountById, insertAccount, listAccounts, setRevoked } from './store.ts'

export function mountMachineAccountOperations(platform: Platform): void {
  platform.handle(listMachineAccounts, (uow) => listAccounts(uow.trx))

  platform.handle(createMachineAccount, async (uow, { name, grants }) => {
    assertGrantsDistinct(grants)
    const account: MachineAccount = { id: newId(uow.at), name, state: 'active', grants, createdAt: uow.at }
    const apiKey = newApiKey()
    if (!(await insertAccount(uow.trx, account, apiKey))) {
      throw new DomainError(
        'conflict',
        'identity.machine-account-name-taken',
        `There is already a machine account named ${name}: revoke it first`,
        { name },
      )
    }
    return { account, apiKey }
  })

  platform.handle(revokeMachineAccount, async (uow, { accountId }) => {
    const account = await findAccountById(uow.trx, accountId)
    if (account === undefined) {
      throw new DomainError('not-found', 'identity.machine-account-unknown', `There is no machine account ${accountId}`)
    }
    if (!(await setRevoked(uow.trx, account.id, uow.at))) {
      throw new DomainError('conflict', 'identity.machine-account-revoked', `${account.name} was revoked before`, {
        name: account.name,
      })
    }
    uow.emit('identity.machine-account-revoked', { accountId: account.id, name: account.name })
    return { ...account, state: 'revoked' as const }
  })
}
