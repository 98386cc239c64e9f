import { DomainError, messageOf, systemClock } from '@throughline/kernel'
import { AgentSession } from './import/agent-session.ts'
import { readCommandLine } from './import/command-line.ts'
import { importNistSms } from './import/nist-sms/import.ts'
import { readDataSet } from './import/nist-sms/data-set.ts'
import { openPlant } from './import/open-plant.ts'

/** `npm run import -- nist-sms FOLDER`: takes the published data of a manufacturing test bed into a plant. */
async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2))
  if (options === null) return
  const startedMs = performance.now()
  const data = await readDataSet(options.folder)
  const plant = await openPlant(options)
  try {
    const session = await AgentSession.open(plant.agent)
    try {
      const counts = await importNistSms({ ...plant, session, now: () => systemClock.now(), say: console.log }, data)
      const seconds = Math.round((performance.now() - startedMs) / 100) / 10
      console.log(JSON.stringify({ import: 'nist-sms', ...counts, seconds }))
    } finally {
      await session.close()
    }
  } finally {
    await plant.close()
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof DomainError ? error.message : messageOf(error))
    process.exit(1)
  },
)
