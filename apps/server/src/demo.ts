import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureMachineAccount, ensurePerson } from '@throughline/identity'
import type { Role } from '@throughline/model'
import { activatePerson, PersonName, roles } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { nobody } from '@throughline/platform'
import { z } from 'zod'

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

const Crew = z.array(z.object({ name: PersonName, printedName: z.string().min(1), role: z.enum(roles) }))
const Passwords = z.record(PersonName, z.string())

/** Of people whom a program plays: long, made by chance, and known to that program alone. */
const passwordBytes = 32

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

/**
 * Adds the people whom the demo plays, as `crewFile` names them, and gives each who has no password yet one that no human
 * knows; `passwordFile` (mode 0600) tells them to the program. Whoever has a password already keeps it.
 */
export async function prepareCrew(platform: Platform, crewFile: string, passwordFile: string): Promise<void> {
  const crew = Crew.parse(JSON.parse(readFileSync(crewFile, 'utf8')))
  const held = existsSync(passwordFile) ? Passwords.parse(JSON.parse(readFileSync(passwordFile, 'utf8'))) : {}
  const missing = crew.filter(({ name }) => held[name] === undefined)
  const made = missing.map(({ name }) => [name, randomBytes(passwordBytes).toString('base64url')] as const)
  const passwords = { ...held, ...Object.fromEntries(made) }
  mkdirSync(dirname(passwordFile), { recursive: true, mode: 0o700 })
  // On disk before it is set: a password that is set and lost lets nobody in.
  writeFileSync(passwordFile, JSON.stringify(passwords, undefined, 2), { mode: 0o600 })
  for (const person of crew) {
    const link = await ensurePerson(platform, person)
    const password = passwords[person.name]
    if (link === null || password === undefined) continue
    const token = link.path.split('#')[1] ?? ''
    await platform.run(activatePerson, nobody(null), { token, password })
  }
}
