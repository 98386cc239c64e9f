import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureMachineAccount } from '@throughline/identity'
import { DomainError, systemClock } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { createClient } from '@throughline/model'
import { pino } from 'pino'
import { readConfig } from '../../apps/server/src/config.ts'
import type { Plant } from '../../apps/server/src/plant.ts'
import { startPlant } from '../../apps/server/src/plant.ts'
import { assertNotRunning } from '../start/home.ts'
import type { AgentAccount } from './agent-session.ts'
import type { ImportOptions } from './command-line.ts'

/** A plant as an import sees it: its API, and its broker for readings and documents. */
export interface ImportedPlant {
  readonly url: string
  readonly client: Client
  readonly agent: AgentAccount
  close(): Promise<void>
}

/** What an import does takes these roles together; who has them all is a program for a day, not a person. */
const roles = ['engineer', 'quality', 'supervisor', 'edge-agent'] as const

/** @throws DomainError when the plant cannot be reached or started, or has no key */
export async function openPlant(options: ImportOptions): Promise<ImportedPlant> {
  const { url, mqttUrl, account, apiKey } = options
  if (url === null || apiKey === null) return await startOwn(options)
  return plantAt(url, { mqttUrl, name: account, apiKey }, async () => {})
}

async function startOwn({ home, account }: ImportOptions): Promise<ImportedPlant> {
  assertNotRunning(home)
  const settings = { ...process.env, THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }
  const plant = await startPlant(
    readConfig(settings),
    'import',
    systemClock,
    pino({ level: 'warn', base: null, errorKey: 'error' }),
  )
  try {
    const apiKey = await keyFor(plant, home, account)
    return plantAt(plant.url, { mqttUrl: plant.mqttUrl, name: account, apiKey }, () => plant.stop())
  } catch (error) {
    await plant.stop()
    throw error
  }
}

/** The account's key lies with the other keys of the home, for its owner alone. */
async function keyFor({ platform }: Plant, home: string, account: string): Promise<string> {
  const folder = join(home, 'keys')
  const file = join(folder, `${account}.key`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const held = existsSync(file) ? readFileSync(file, 'utf8').trim() : null
  const made = await ensureMachineAccount(platform, account, roles, held)
  if (made !== null) writeFileSync(file, `${made}\n`, { mode: 0o600 })
  const key = made ?? held
  if (key !== null) return key
  throw new DomainError('defect', 'import.no-key', `There is no key for the machine account ${account}`)
}

function plantAt(baseUrl: string, agent: AgentAccount, close: () => Promise<void>): ImportedPlant {
  const client = createClient({ baseUrl, headers: { authorization: `Bearer ${agent.apiKey}` } })
  return { url: baseUrl, client, agent, close }
}
