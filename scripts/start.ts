import { DomainError, messageOf } from '@throughline/kernel'
import { buildPagesIfStale } from './start/build-pages.ts'
import { readCommandLine } from './start/command-line.ts'
import { prepareHome } from './start/home.ts'
import { printLinks, startPlantProcesses } from './start/plant-processes.ts'

/** `npm start`: everything of one plant as child processes with one console. */
async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2))
  if (options === null) return
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

main().catch((error: unknown) => {
  console.error(error instanceof DomainError ? error.message : messageOf(error))
  process.exit(1)
})
