import { DomainError, messageOf } from '@throughline/kernel'
import { cutAgentLine } from './start/agent-line.ts'
import { buildPagesIfStale } from './start/build-pages.ts'
import { readCommandLine } from './start/command-line.ts'
import { prepareHome } from './start/home.ts'
import { printLinks, startPlantProcesses } from './start/plant-processes.ts'

/** `npm start`: everything of one plant as child processes with one console. */
async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2))
  if (options === null) return
  if (options.outageMinutes !== null) {
    cutAgentLine(options.home, options.outageMinutes)
    console.log(outageWords(options.outageMinutes))
    return
  }
  await prepareHome(options)
  await buildPagesIfStale()
  const plant = await startPlantProcesses(options)
  console.log('')
  printLinks(plant.links)
  if (plant.links.length > 0)
    console.log(
      '  Each link works once, to set the password of that person; sign in afterwards with the name on its left.',
    )
  console.log(
    `Throughline is up: ${plant.url}${plant.links.length > 0 ? ' (log in by one of the links above)' : ' (log in with your name and password)'}`,
  )
  await plant.ended
}

const outageWords = (minutes: number): string =>
  minutes === 0
    ? 'The line of the edge agent is whole again within a second.'
    : `The edge agent is cut off from the broker for ${minutes} min. Mend it sooner with --outage 0.`

main().catch((error: unknown) => {
  console.error(error instanceof DomainError ? error.message : messageOf(error))
  process.exit(1)
})
