import { readFileSync } from 'node:fs'
import { DomainError, messageOf } from '@throughline/kernel'
import { listNodes, listOperations } from '@throughline/model'
import type { Module, Platform } from '@throughline/platform'
import { readMigrations, systemActor } from '@throughline/platform'
import { sql } from 'kysely'
import { z } from 'zod'
import { resolveReferences } from './references.ts'

/** Operations that a plant is set up with, in order. A step is done once: later changes are made by people, and stay. */
const SetupFile = z.object({
  steps: z.array(z.object({ id: z.string().min(1).max(200), operation: z.string(), input: z.unknown() })),
})

/** Remembers which steps were done. */
export const setupModule: Module = {
  name: 'setup',
  migrations: readMigrations(new URL('./migrations/', import.meta.url)),
  records: { except: { step_done: 'says which operations of a file were done; each has an entry of its own' } },
  register: () => undefined,
}

/**
 * Does the steps of a setup file that were not done yet, through the door like everything else; answers how many.
 * @throws DomainError naming the step that cannot be done; those before it stay done
 */
export async function applySetup(
  platform: Platform,
  file: string,
  tagByPath: (path: string) => { id: string } | undefined,
): Promise<number> {
  const { steps } = readSetup(file)
  const system = systemActor('setup')
  const nodes = new Map((await platform.run(listNodes, system, {})).map(({ id, path }) => [path.toLowerCase(), id]))
  const done = new Map(
    (await sql<{ id: string; output: unknown }>`select id, output from setup.step_done`.execute(platform.db)).rows.map(
      ({ id, output }) => [id, output],
    ),
  )
  const named = {
    node: (path: string) => nodes.get(path.toLowerCase()),
    tag: (path: string) => tagByPath(path)?.id,
    step: (id: string) => done.get(id),
  }
  let count = 0
  for (const { id, operation, input } of steps) {
    if (done.has(id)) continue
    try {
      if (!known.has(operation))
        throw new DomainError('invalid', 'server.setup-operation-unknown', `There is no operation ${operation}`)
      // Done before a crash and not remembered: the key answers what was done then.
      const options = { idempotencyKey: `setup ${id}` }
      const output = (await platform.runByName(operation, system, resolveReferences(input, named), options)) ?? null
      await sql`insert into setup.step_done (id, operation, output, at)
        values (${id}, ${operation}, ${JSON.stringify(output)}::jsonb, ${platform.clock.now()})`.execute(platform.db)
      done.set(id, output)
      count += 1
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      throw new DomainError(error.kind, error.code, `Step ${id} of ${file}: ${error.message}`, error.details, error)
    }
  }
  return count
}

const known: ReadonlySet<string> = new Set(listOperations().map(({ name }) => name))

function readSetup(file: string): z.infer<typeof SetupFile> {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new DomainError(
      'invalid',
      'server.setup-unreadable',
      `The setup file ${file} cannot be read: ${messageOf(error)}`,
    )
  }
  const parsed = SetupFile.safeParse(json)
  if (parsed.success) return parsed.data
  throw new DomainError(
    'invalid',
    'server.setup-invalid',
    `The setup file ${file} is wrong: ${z.prettifyError(parsed.error)}`,
  )
}
