import { readFileSync } from 'node:fs'
import { DomainError, messageOf } from '@throughline/kernel'
import { z } from 'zod'

/** Settings of the command line, from the environment. */
const Environment = z.object({
  /** Where the plant server is. */
  THROUGHLINE_URL: z.url().default('http://127.0.0.1:8080'),
  /** API key of a machine account. */
  THROUGHLINE_API_KEY: z.string().optional(),
  /** A file that holds the API key. */
  THROUGHLINE_API_KEY_FILE: z.string().optional(),
  /** Password for `--as NAME`; absent = asked at the terminal. */
  THROUGHLINE_PASSWORD: z.string().optional(),
  /** Code of the authenticator app for `--as NAME`, where one is needed; absent = asked at the terminal. */
  THROUGHLINE_CODE: z.string().optional(),
})

export interface CliConfig {
  readonly url: string
  readonly apiKey: string | null
  readonly password: string | null
  readonly code: string | null
}

/** @throws DomainError `invalid` naming the setting that is wrong */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): CliConfig {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new DomainError('invalid', 'cli.config-invalid', `Settings are wrong: ${z.prettifyError(parsed.error)}`)
  }
  const { THROUGHLINE_URL, THROUGHLINE_API_KEY, THROUGHLINE_API_KEY_FILE, THROUGHLINE_PASSWORD, THROUGHLINE_CODE } =
    parsed.data
  return {
    url: THROUGHLINE_URL.replace(/\/$/, ''),
    apiKey: THROUGHLINE_API_KEY ?? keyFrom(THROUGHLINE_API_KEY_FILE),
    password: THROUGHLINE_PASSWORD ?? null,
    code: THROUGHLINE_CODE ?? null,
  }
}

function keyFrom(file: string | undefined): string | null {
  return file === undefined ? null : readText(file).trim()
}

/** The text of a file. @throws DomainError `invalid` naming the file that cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new DomainError('invalid', 'cli.file-unreadable', `Cannot read ${file}: ${messageOf(error)}`, {}, error)
  }
}
