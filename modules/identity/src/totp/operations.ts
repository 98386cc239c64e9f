import { DomainError } from '@throughline/kernel'
import { confirmTotp, enrolTotp, removeTotp, renewRecoveryCodes } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { personOf } from '../credential/own.ts'
import type { Sealer } from '../credential/seal.ts'
import { newRecoveryCodes, newSecret, otpauthUri, recoveryCodeHash, stepOf } from './code.ts'
import {
  endRecoveryCodes,
  endTotp,
  findActiveTotp,
  findPendingTotp,
  insertPendingTotp,
  insertRecoveryCodes,
  setConfirmed,
  takeStep,
} from './store.ts'

export function mountTotpOperations(platform: Platform, sealer: Sealer): void {
  platform.handle(enrolTotp, async (uow) => {
    const personId = personOf(uow.actor)
    if ((await findActiveTotp(uow.trx, personId)) !== undefined) {
      throw new DomainError(
        'conflict',
        'identity.totp-present',
        'You use an authenticator app already: remove it first',
      )
    }
    const secret = newSecret()
    await insertPendingTotp(uow.trx, personId, sealer.seal(secret), uow.at)
    return { secret, uri: otpauthUri(secret, uow.actor.name) }
  })

  platform.handle(confirmTotp, async (uow, { code }) => {
    const pending = await findPendingTotp(uow.trx, personOf(uow.actor))
    if (pending === undefined) {
      throw new DomainError('conflict', 'identity.totp-not-begun', 'There is nothing to confirm: begin again')
    }
    const step = stepOf(sealer.open(pending.sealedSecret), code, uow.at)
    if (step === undefined) {
      throw new DomainError(
        'invalid',
        'identity.totp-code-wrong',
        'This is not the code that the app shows now: wait for the next one, and check the clock of the device',
      )
    }
    await takeStep(uow.trx, pending.id, step)
    await setConfirmed(uow.trx, pending.id, uow.at)
    return await giveRecoveryCodes(uow, pending.id)
  })

  platform.handle(removeTotp, async (uow) => {
    if (!(await endTotp(uow.trx, personOf(uow.actor), uow.at, 'removal'))) throw totpAbsent()
    return {}
  })

  platform.handle(renewRecoveryCodes, async (uow) => {
    const totp = await findActiveTotp(uow.trx, personOf(uow.actor))
    if (totp === undefined) throw totpAbsent()
    await endRecoveryCodes(uow.trx, totp.id, uow.at, 'renewal')
    return await giveRecoveryCodes(uow, totp.id)
  })
}

async function giveRecoveryCodes(uow: UnitOfWork, totpId: string): Promise<{ recoveryCodes: string[] }> {
  const recoveryCodes = newRecoveryCodes()
  await insertRecoveryCodes(uow.trx, totpId, recoveryCodes.map(recoveryCodeHash), uow.at)
  return { recoveryCodes }
}

const totpAbsent = (): DomainError =>
  new DomainError('conflict', 'identity.totp-absent', 'You use no authenticator app')
