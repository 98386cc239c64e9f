import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureMachineAccount, ensurePerson } from '@throughline/identity'
import type { Role } from '@throughline/model'
import type { Platform } from '@throughline/platform'

/** One person per role, so that every view of the demo plant can be seen. The names are those of the roles. */
const demoRoles: readonly Role[] = ['operator', 'supervisor', 'engineer', 'quality', 'manager', 'auditor']

/** What an engineer drafts, another one reviews: an alarm is not reviewed by its author. */
const demoPeople: readonly { name: string; printedName: string; role: Role }[] = [
  ...demoRoles.map((role) => ({ name: role, printedName: `Demo ${role}`, role })),
  { name: 'engineer-2', printedName: 'Demo second engineer', role: 'engineer' },
]

/** The account that tells the demo plant's past. */
export const demoHistorian = 'demo-backfill'

/** The programs of the demo and what each may do. */
const demoMachines: readonly { name: string; roles: readonly Role[] }[] = [
  { name: 'edge-1', roles: ['edge-agent'] },
  { name: demoHistorian, roles: ['edge-agent', 'operator'] },
]

/** A one-time link for somebody who has no password yet. */
export interface PendingLink {
  readonly name: string
  readonly path: string
}

/** Adds the demo's people, and its machine accounts with their keys in `keysDir` (mode 0600). */
export async function prepareDemo(platform: Platform, keysDir: string): Promise<PendingLink[]> {
  mkdirSync(keysDir, { recursive: true, mode: 0o700 })
  for (const { name, roles } of demoMachines) {
    const file = join(keysDir, `${name}.key`)
    const held = existsSync(file) ? readFileSync(file, 'utf8').trim() : null
    const apiKey = await ensureMachineAccount(platform, name, roles, held)
    if (apiKey !== null) writeFileSync(file, `${apiKey}\n`, { mode: 0o600 })
  }
  const links: PendingLink[] = []
  for (const person of demoPeople) {
    const link = await ensurePerson(platform, person)
    if (link !== null) links.push({ name: person.name, path: link.path })
  }
  return links
}
