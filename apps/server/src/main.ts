import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PendingActivation } from '@throughline/identity'
import { ensureAdministrator, recoverAdministrator } from '@throughline/identity'
import { DomainError, messageOf, systemClock } from '@throughline/kernel'
import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { z } from 'zod'
import type { ServerConfig } from './config.ts'
import { readConfig } from './config.ts'
import { prepareCrew, prepareDemo } from './demo.ts'
import type { Plant } from './plant.ts'
import { startPlant } from './plant.ts'

const PackageJson = z.object({ version: z.string() })

/** How the program tells the one who started it that it is up (`process.send`), beside its log. */
export interface ReadyMessage {
  readonly type: 'ready'
  readonly url: string
  readonly mqttUrl: string
  readonly links: readonly { name: string; path: string }[]
}

/**
 * The console of whoever started this process. Once they are gone without a word (kill -9) nobody reads it any more, and
 * pino's own destination would wait for ever to get rid of a line.
 */
const consoleOfStarter = {
  write(line: string): void {
    if (process.send === undefined || process.connected) process.stdout.write(line)
  },
}
process.stdout.on('error', () => {})

async function main(): Promise<void> {
  const config = readConfig()
  const log = pino({ level: config.logLevel, base: null, errorKey: 'error' }, consoleOfStarter)
  makeHome(config)
  const { version } = PackageJson.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
  const plant = await startPlant(config, version, systemClock, log)
  closeWithGrace({ delay: 20_000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ error: err }, 'the server stops because of a defect')
    else log.info(`stopping on ${signal ?? 'request'}`)
    await plant.stop()
  })
  // Whoever started this process is gone without a word (kill -9): nobody would ever stop it.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  const administrator = await ensureAdministrator(plant.platform)
  const recovered = config.recoverAdministrator === null ? [] : [await recover(plant, config.recoverAdministrator)]
  const demoLinks = config.demo ? await prepareDemo(plant.platform, join(config.home, 'keys')) : []
  if (config.demo && config.demoCrewFile !== null) {
    await prepareCrew(plant.platform, config.demoCrewFile, join(config.home, 'keys/demo-crew.json'))
  }
  const links = [...(administrator === null ? [] : [administrator]), ...recovered, ...demoLinks].map(
    ({ name, path }) => ({ name, path }),
  )
  log.info({ url: plant.url, mqtt: plant.mqttUrl }, 'server is up')
  if (process.send) {
    process.send({ type: 'ready', url: plant.url, mqttUrl: plant.mqttUrl, links } satisfies ReadyMessage)
  } else {
    for (const link of links) log.info(`one-time link for ${link.name}: ${plant.url}${link.path}`)
  }
}

/** Only who may start programs on this machine gets here; no page and no operation leads to it. */
async function recover(plant: Plant, name: string): Promise<PendingActivation> {
  return await recoverAdministrator(plant.platform, name === '1' ? undefined : name)
}

function makeHome(config: ServerConfig): void {
  try {
    mkdirSync(config.home, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new DomainError(
      'invalid',
      'server.home-unwritable',
      `Cannot write to ${config.home} (${messageOf(error)}): set THROUGHLINE_HOME to a folder of your own`,
    )
  }
}

main().catch((error: unknown) => {
  // One line that says what to do; the stack is of use only for a defect.
  const line = error instanceof DomainError && error.kind !== 'defect' ? error.message : (error as Error).stack
  process.stderr.write(`${line}\n`)
  process.exit(1)
})
