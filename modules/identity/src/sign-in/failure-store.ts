import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Database } from '@throughline/platform'
import { inIdentity } from '../tables.ts'
import type { Remembered } from './gate.ts'
import type { GateKind } from './rules.ts'
import { forgetAfterMs } from './rules.ts'

/** What the gate still has to know at `now`, longest silent first. */
export async function listFailures(db: Database, gate: GateKind, now: Instant): Promise<Remembered[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.sign_in_failure')
    .selectAll()
    .where('gate', '=', gate)
    .where('at', '>=', plusMs(now, -forgetAfterMs))
    .orderBy('at')
    .execute()
  return rows.map(({ kind, key, failures, not_before, at }) => ({
    kind,
    key,
    failures,
    notBefore: not_before as Instant,
    at: at as Instant,
  }))
}

/** Writes down what the gate knows now, and drops what it no longer has to know. */
export async function keepFailures(
  db: Database,
  gate: GateKind,
  known: readonly Remembered[],
  now: Instant,
): Promise<void> {
  await inIdentity(db)
    .insertInto('identity.sign_in_failure')
    .values(
      known.map(({ kind, key, failures, notBefore, at }) => ({ gate, kind, key, failures, not_before: notBefore, at })),
    )
    .onConflict((conflict) =>
      conflict.columns(['gate', 'kind', 'key']).doUpdateSet((eb) => ({
        failures: eb.ref('excluded.failures'),
        not_before: eb.ref('excluded.not_before'),
        at: eb.ref('excluded.at'),
      })),
    )
    .execute()
  await inIdentity(db)
    .deleteFrom('identity.sign_in_failure')
    .where('gate', '=', gate)
    .where('at', '<', plusMs(now, -forgetAfterMs))
    .execute()
}
