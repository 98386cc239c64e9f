import { join } from 'node:path'
import { findSharedTimeZone } from '@throughline/equipment'
import type { IdentityOptions } from '@throughline/identity'
import { readDirectorySettings, readSingleSignOnSettings } from '@throughline/identity'
import { listNodes } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { ServerConfig } from './config.ts'

/** What is known only after the modules were mounted. */
export interface LateFacts {
  platform?: Platform
  /** Where the pages are, once the server listens. */
  url?: string
}

/** How people are known and proved at this plant. */
export function identityOptions(config: ServerConfig, late: LateFacts): IdentityOptions {
  const { home, singleSignOnFile, directoryFile, breachedPasswordsFile, useNotice } = config
  return {
    keyFile: join(home, 'keys', 'identity.key'),
    origin: () => config.origin ?? (late.url === undefined ? null : atLocalhost(late.url)),
    plantWords: async () => [config.plantName, ...(late.platform === undefined ? [] : await namesOf(late.platform))],
    signingGapMs: config.signingGapMs,
    timeZone: async (db) => (await findSharedTimeZone(db)) ?? 'UTC',
    ...(useNotice === null ? {} : { useNotice }),
    ...(breachedPasswordsFile === null ? {} : { breachedPasswords: breachedPasswordsFile }),
    ...(singleSignOnFile === null ? {} : { singleSignOn: readSingleSignOnSettings(singleSignOnFile) }),
    ...(directoryFile === null ? {} : { directory: readDirectorySettings(directoryFile) }),
  }
}

/** Browsers bind no passkey to an IP address; the same server answers to this name on this machine. */
function atLocalhost(url: string): string {
  const { protocol, port } = new URL(url)
  return new URL(`${protocol}//localhost:${port}`).origin
}

/** Names of enterprise and sites: what somebody who knows the plant tries as a password. */
async function namesOf(platform: Platform): Promise<string[]> {
  const nodes = await platform.run(listNodes, systemActor('identity'), {})
  return nodes
    .filter(({ level }) => level === 'enterprise' || level === 'site')
    .map(({ path }) => path.split('/').at(-1) ?? '')
}
