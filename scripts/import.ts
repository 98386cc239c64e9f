import { DomainError, messageOf, systemClock } from '@throughline/kernel'
import { AgentSession } from './import/agent-session.ts'
import { readCommandLine } from './import/command-line.ts'
import type { DataSet } from './import/nist-sms/data-set.ts'
import { readDataSet } from './import/nist-sms/data-set.ts'
import type { Counts } from './import/nist-sms/import.ts'
import { importNistSms } from './import/nist-sms/import.ts'
import type { ImportedPlant } from './import/open-plant.ts'
import { openPlant } from './import/open-plant.ts'

/** `npm run import -- nist-sms FOLDER`: takes the published data of a manufacturing test bed into a plant. */
async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2))
  if (options === null) return
  const startedMs = performance.now()
  const data = await readDataSet(options.folder)
  const plant = await openPlant(options)
  const counts = await importInto(plant, data).finally(() => plant.close())
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10
  // Behind all that a plant says when it stops: programs read the last line.
  console.log(JSON.stringify({ import: 'nist-sms', ...counts, seconds }))
}

async function importInto(plant: ImportedPlant, data: DataSet): Promise<Counts> {
  const session = await AgentSession.open(plant.agent)
  try {
    return await importNistSms({ ...plant, session, now: () => systemClock.now(), say: console.log }, data)
  } finally {
    await session.close()
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof DomainError ? error.message : messageOf(error))
    process.exit(1)
  },
)
