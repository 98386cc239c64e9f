import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { mountAccessReviewOperations } from './access-review/operations.ts'
import { authenticatorOn } from './authenticator.ts'
import { mountMachineAccountOperations } from './machine-account/operations.ts'
import { mountPersonOperations } from './person/operations.ts'
import { mountSessionOperations } from './session/operations.ts'
import { mountSessionOversight } from './session/oversight.ts'
import type { SessionLimits } from './session/rules.ts'
import { defaultLimits } from './session/rules.ts'

/**
 * People, roles, sessions and machine accounts; tells the platform who stands behind a session or an API key.
 * A session ends after `idleMs` without use (default 30 min) and after `absoluteMs` in any case (default 12 h).
 */
export function identityModule(limits: Partial<SessionLimits> = {}): Module {
  const kept = { ...defaultLimits, ...limits }
  return {
    name: 'identity',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      except: {
        session: 'its last use is written once a minute; signing in and out leave entries of their own',
        machine_account_use: 'when a key was last used is written once an hour',
      },
      partOf: {
        person_grant: { table: 'person', by: 'person_id' },
        activation_link: { table: 'person', by: 'person_id' },
        machine_account_grant: { table: 'machine_account', by: 'account_id' },
        access_review_line: { table: 'access_review', by: 'review_id' },
      },
      secrets: {
        person: ['password_hash'],
        activation_link: ['token_hash'],
        machine_account: ['key_hash'],
      },
    },
    register(platform) {
      mountPersonOperations(platform)
      mountSessionOperations(platform, kept)
      mountSessionOversight(platform, kept)
      mountMachineAccountOperations(platform)
      mountAccessReviewOperations(platform)
      platform.authenticateWith(authenticatorOn(platform.db, platform.clock, kept))
    },
  }
}
