import { z } from 'zod'

const Environment = z.object({
  /** A PostgreSQL server to run all database tests on instead of embedded ones; its user must be able to create databases. */
  TEST_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
})

/** The server that TEST_DATABASE_URL names, if any. */
export const testServerUrl = (): string | undefined => Environment.parse(process.env).TEST_DATABASE_URL
