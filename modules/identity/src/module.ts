import type { Module } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { authenticatorOn } from './authenticator.ts'
import { mountMachineAccountOperations } from './machine-account/operations.ts'
import { mountPersonOperations } from './person/operations.ts'
import { mountSessionOperations } from './session/operations.ts'
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
    register(platform) {
      mountPersonOperations(platform)
      mountSessionOperations(platform, kept)
      mountMachineAccountOperations(platform)
      platform.authenticateWith(authenticatorOn(platform.db, platform.clock, kept))
    },
  }
}
