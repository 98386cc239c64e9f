import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DomainError, messageOf } from '@throughline/kernel'

export interface ImportOptions {
  readonly folder: string
  /** A plant that runs; null = one is started on `home`. */
  readonly url: string | null
  readonly mqttUrl: string
  /** Name of the machine account that imports. */
  readonly account: string
  /** Its key; null = that of the home. */
  readonly apiKey: string | null
  readonly home: string
}

const usage = `npm run import -- nist-sms FOLDER [--url URL [--mqtt URL] [--account NAME] | --home FOLDER]

  --url URL       the plant that runs; its key comes from THROUGHLINE_API_KEY or THROUGHLINE_API_KEY_FILE
  --mqtt URL      its broker (default mqtt://127.0.0.1:1883)
  --account NAME  name of the key's machine account (default import)
  --home FOLDER   without --url: start the plant of this home for the import (default THROUGHLINE_HOME, else .throughline)`

/** Null = only help was asked for. @throws DomainError `invalid` saying what is wrong */
export function readCommandLine(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): ImportOptions | null {
  const { values, positionals } = parse(argv)
  if (values.help === true) {
    console.log(usage)
    return null
  }
  const [source, folder, ...rest] = positionals
  if (source !== 'nist-sms' || folder === undefined || rest.length > 0) {
    throw new DomainError('invalid', 'import.arguments-wrong', `Say what is imported from where:\n${usage}`)
  }
  const url = values.url ?? null
  if (url !== null && !URL.canParse(url)) {
    throw new DomainError(
      'invalid',
      'import.url-invalid',
      `--url ${url} is no address: write it like http://127.0.0.1:8080`,
    )
  }
  if (url !== null && values.home !== undefined) {
    const message = 'Give --url for a plant that runs, or --home for one to be started, and not both'
    throw new DomainError('invalid', 'import.arguments-wrong', message)
  }
  const apiKey = keyIn(environment)
  if (url !== null && apiKey === null) {
    const message =
      'Set THROUGHLINE_API_KEY or THROUGHLINE_API_KEY_FILE: an administrator makes a machine account with the roles engineer, quality, supervisor and edge-agent'
    throw new DomainError('invalid', 'import.key-missing', message)
  }
  const home = values.home ?? environment['THROUGHLINE_HOME'] ?? '.throughline'
  return {
    ...{ folder: resolve(folder), url: url?.replace(/\/$/, '') ?? null, apiKey },
    mqttUrl: values.mqtt ?? 'mqtt://127.0.0.1:1883',
    account: values.account ?? 'import',
    home: resolve(home.replace(/^~(?=\/|$)/, homedir())),
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        mqtt: { type: 'string' },
        account: { type: 'string' },
        home: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new DomainError('invalid', 'import.arguments-wrong', `${messageOf(error)}\n${usage}`, {}, error)
  }
}

function keyIn(environment: NodeJS.ProcessEnv): string | null {
  const file = environment['THROUGHLINE_API_KEY_FILE']
  if (environment['THROUGHLINE_API_KEY'] !== undefined) return environment['THROUGHLINE_API_KEY']
  if (file === undefined) return null
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    const message = `THROUGHLINE_API_KEY_FILE: ${messageOf(error)}`
    throw new DomainError('invalid', 'import.key-unreadable', message, { file }, error)
  }
}
