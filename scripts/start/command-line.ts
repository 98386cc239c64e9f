import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DomainError, messageOf } from '@throughline/kernel'

export interface StartOptions {
  readonly home: string
  readonly port: number
  readonly host: string
  readonly demo: boolean
  /** Whether the demo's machines and their edge agent run too. */
  readonly machines: boolean
  /** Whether simulated people work at the demo's sites. */
  readonly people: boolean
  readonly reset: boolean
  /** An administrator who can sign in no more; `1` = the only one; null = nobody. */
  readonly recoverAdministrator: string | null
  /** How fast the demo plant lives: 1 = real time. */
  readonly speed: number
  readonly backfillDays: number
  /** Minutes for which the agent of a running demo is cut off from the broker, 0 = mend the line; null = nothing of the sort. */
  readonly outageMinutes: number | null
}

const usage = `npm start -- [options]
  --port N       port of the pages, default 8080
  --host A       address to listen on, default 127.0.0.1; any other address serves HTTPS only
  --no-demo      an empty plant: no simulated machines, no demo people
  --no-machines  the demo's people and equipment, its machines switched off
  --no-people    the demo's machines, and nobody who works there
  --speed N      speed of the demo plant, 1 to 600, default 1
  --days N       days of history of the demo plant at first start, default 30
  --outage N     of the plant that runs: cut its edge agent off from the broker for N minutes (0 = mend it now), and end
  --reset        delete all state first
  --recover-administrator NAME
                 for an administrator who can sign in no more: show a one-time link (NAME 1 = the only one), take away
                 their second factor, leave an entry in the audit trail
State is kept in THROUGHLINE_HOME (default ./.throughline).`

/** Null after \`--help\`. @throws DomainError naming the option that is wrong */
export function readCommandLine(argv: string[]): StartOptions | null {
  const { values } = parse(argv)
  if (values.help === true) {
    console.log(usage)
    return null
  }
  return {
    home: resolve((process.env['THROUGHLINE_HOME'] ?? '.throughline').replace(/^~(?=\/|$)/, homedir())),
    port: whole('port', values.port ?? process.env['THROUGHLINE_PORT'] ?? '8080', 0, 65_535),
    host: values.host ?? '127.0.0.1',
    demo: values['no-demo'] !== true,
    machines: values['no-demo'] !== true && values['no-machines'] !== true,
    people: values['no-demo'] !== true && values['no-machines'] !== true && values['no-people'] !== true,
    reset: values.reset === true,
    recoverAdministrator: values['recover-administrator'] ?? null,
    speed: whole('speed', values.speed ?? '1', 1, 600),
    backfillDays: whole('days', values.days ?? '30', 0, 365),
    outageMinutes: values.outage === undefined ? null : whole('outage', values.outage, 0, 1440),
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        speed: { type: 'string' },
        days: { type: 'string' },
        outage: { type: 'string' },
        'no-demo': { type: 'boolean' },
        'no-machines': { type: 'boolean' },
        'no-people': { type: 'boolean' },
        reset: { type: 'boolean' },
        'recover-administrator': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new DomainError('invalid', 'start.option-unknown', `${messageOf(error)}\n${usage}`)
  }
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw new DomainError(
    'invalid',
    'start.option-invalid',
    `--${name} ${text}: give a whole number from ${low} to ${high}`,
  )
}
