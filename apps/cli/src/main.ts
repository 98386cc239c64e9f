import type { ErrorKind } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { createClient, listOperations } from '@throughline/model'
import { Command } from 'commander'
import { readConfig, readText } from './config.ts'
import { flagsOf, inputFrom } from './flags.ts'
import { askCode, askPassword, asPerson } from './session.ts'
import { tableOf } from './table.ts'

/** What a script can tell from the exit code alone. */
const exitCodeOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 2,
  unauthenticated: 3,
  forbidden: 4,
  'not-found': 5,
  conflict: 6,
  'too-many': 7,
  unavailable: 8,
  defect: 1,
}

const program = new Command('throughline')
  .description(
    'Every operation of the plant as a command. The key comes from THROUGHLINE_API_KEY or THROUGHLINE_API_KEY_FILE, the server from THROUGHLINE_URL.',
  )
  .option(
    '--as <name>',
    'sign in as this person for one command; password and code are asked, or taken from THROUGHLINE_PASSWORD and THROUGHLINE_CODE',
  )
  .configureHelp({ sortSubcommands: true })
  .showHelpAfterError()

program
  .command('operations')
  .description('List all operations with their permissions')
  .action(() => {
    console.log(tableOf(listOperations().map(({ name, permission, summary }) => ({ name, permission, summary }))))
  })
for (const operation of listOperations()) addCommand(program, operation)

function addCommand(parent: Command, operation: Operation): void {
  const flags = flagsOf(operation)
  const command = parent.command(operation.name).description(operation.summary)
  for (const flag of flags) {
    const form = `--${flag.name} <${flag.kind}>`
    if (flag.required) command.requiredOption(form, flag.help)
    else command.option(form, flag.help)
  }
  command.option('--json', 'print the answer as JSON')
  command.action(async (given: Record<string, unknown>) => {
    const { url, apiKey, password, code } = readConfig()
    const input = inputFrom(flags, given, (file) => readText(file))
    const name = program.opts<{ as?: string }>().as
    const answer: unknown =
      name === undefined
        ? await createClient({ baseUrl: url, headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` } })(
            operation,
            input,
          )
        : await asPerson(
            url,
            { name, password: password ?? (await askPassword(name)), code: async () => code ?? (await askCode(name)) },
            (call) => call(operation, input),
          )
    console.log(given['json'] === true ? JSON.stringify(answer, null, 2) : tableOf(answer))
  })
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof DomainError)) throw error
  const instance = error.details['instance']
  console.error(`${error.message} (${error.code}${instance === undefined ? '' : `, reference ${String(instance)}`})`)
  const rows = error.details['rows']
  if (Array.isArray(rows)) console.error(tableOf(rows))
  process.exitCode = exitCodeOf[error.kind]
})
