import { DomainError } from '@throughline/kernel'
import { changePassword, renewActivation } from '@throughline/model'
import type { Platform, Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { findKind } from './store.ts'

/** Who is proved elsewhere gets no password here: it would go on working when they are disabled there. */
export function guardPasswordsElsewhere(platform: Platform): void {
  platform.guard(renewActivation, 'identity.password-elsewhere', (uow, { personId }) => assertLocal(uow.trx, personId))
}

/** The same for a password that somebody would give themselves. */
export function guardPasswordChange(platform: Platform): void {
  platform.guard(changePassword, 'identity.password-elsewhere', (uow) => assertLocal(uow.trx, uow.actor.id))
}

async function assertLocal(db: Kysely<Tables>, personId: string): Promise<void> {
  const kind = await findKind(db, personId)
  if (kind === undefined || kind === 'local') return
  throw new DomainError(
    'conflict',
    'identity.password-elsewhere',
    'This person is proved elsewhere and has no password in this plant',
  )
}
