import type { DatabaseConnection } from '@throughline/platform'
import { z } from 'zod'

const Environment = z.object({
  /** A PostgreSQL server to run all database tests on instead of embedded ones; its user must be able to create databases. */
  TEST_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** How the files of a test run reach the server that was started for all of them. */
  THROUGHLINE_TEST_SERVER: z
    .string()
    .transform((text) => JSON.parse(text) as DatabaseConnection)
    .optional(),
})

const environment = () => Environment.parse(process.env)

/** The server that TEST_DATABASE_URL names, if any. */
export const testServerUrl = (): string | undefined => environment().TEST_DATABASE_URL

/** The server of this test run; undefined outside one. */
export const runServer = (): DatabaseConnection | undefined => environment().THROUGHLINE_TEST_SERVER

/** Lets all processes that this one starts from now on know the server of the run. */
export function tellRunServer(connection: DatabaseConnection): void {
  process.env['THROUGHLINE_TEST_SERVER'] = JSON.stringify(connection)
}
