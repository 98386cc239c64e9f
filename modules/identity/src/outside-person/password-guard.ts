import { DomainError } from '@throughline/kernel'
import { changePassword, renewActivation, signInWithPasskey } from '@throughline/model'
import type { Platform, Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { findPasskey } from '../passkey/store.ts'
import { findKind } from './store.ts'

/** Who is proved elsewhere gets no password here: it would go on working when they are disabled there. */
export function guardPasswordsElsewhere(platform: Platform): void {
  platform.guard(renewActivation, 'identity.password-elsewhere', (uow, { personId }) => assertLocal(uow.trx, personId))
}

/** The same for a password that somebody would give themselves. */
export function guardPasswordChange(platform: Platform): void {
  platform.guard(changePassword, 'identity.password-elsewhere', (uow) => assertLocal(uow.trx, uow.actor.id))
}

/** A passkey alone would open the door also when the directory has closed it; beside its password it is welcome. */
export function guardPasskeyAlone(platform: Platform): void {
  platform.guard(signInWithPasskey, 'identity.passkey-elsewhere', async (uow, { assertion }) => {
    const passkey = await findPasskey(uow.trx, assertion.id)
    if (passkey !== undefined) await assertLocal(uow.trx, passkey.personId)
  })
}

async function assertLocal(db: Kysely<Tables>, personId: string): Promise<void> {
  const kind = await findKind(db, personId)
  if (kind === undefined || kind === 'local') return
  throw new DomainError(
    'conflict',
    'identity.password-elsewhere',
    'This person is proved elsewhere: there they sign in, and there their password is changed',
  )
}
