import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError, messageOf } from '@throughline/kernel'
import { parse } from 'yaml'
import { z } from 'zod'

const RequirementId = z.string().regex(/^[A-Z0-9][A-Za-z0-9]*[-.][A-Za-z0-9][A-Za-z0-9./-]*$/, {
  error: 'an id looks like P11-10d, 211.68b or SR-2.1-RE2',
})
const Sentence = z.string().trim().min(20, { error: 'say it in a sentence' })

const described = {
  id: RequirementId,
  /** Other ids under which the same statement is known (the clause of a later edition). */
  aliases: z.array(RequirementId).default([]),
  statement: Sentence,
  source: z.string().trim().min(3),
  /** High when a failure may compromise product quality, patient safety or the integrity of data. */
  risk: z.enum(['high', 'medium', 'low']),
  /** Used directly in production or quality, or supporting them. */
  intendedUse: z.enum(['direct', 'supporting']),
}

export const Requirement = z.discriminatedUnion('state', [
  z.strictObject({ ...described, state: z.literal('in-force') }),
  z.strictObject({ ...described, state: z.literal('planned'), planned: Sentence }),
  z.strictObject({ ...described, state: z.literal('procedure'), procedure: Sentence }),
])
export type Requirement = z.infer<typeof Requirement>

const RequirementFile = z.strictObject({ document: z.string().min(3), requirements: z.array(Requirement).min(1) })

/**
 * All requirements of a folder of YAML files, file by file in the order of their names, each file in its own order.
 * @throws DomainError `invalid` that names the file and every bad field, or the id that is there twice
 */
export function readRequirements(folder: string): Requirement[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
  const requirements = files.flatMap((name) => readFile(join(folder, name), name))
  const seen = new Set<string>()
  for (const { id } of requirements) {
    if (seen.has(id)) throw invalid(`The requirement ${id} is there twice in ${folder}: give one of them another id`)
    seen.add(id)
  }
  for (const { id, aliases } of requirements) {
    const taken = aliases.find((alias) => seen.has(alias))
    if (taken !== undefined) throw invalid(`${id} calls itself ${taken} too, which is a requirement of its own`)
  }
  return requirements
}

function readFile(path: string, name: string): Requirement[] {
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw invalid(`${name} is no YAML document: ${messageOf(error)}`, error)
  }
  const file = RequirementFile.safeParse(content)
  if (file.success) return file.data.requirements
  const problems = file.error.issues.map(({ path: where, message }) => `  ${nameOf(content, where)}: ${message}`)
  throw invalid(`${name} holds no valid requirements:\n${problems.join('\n')}`)
}

/** A bad field by the id of its requirement where it has one: a number in a list helps nobody. */
function nameOf(content: unknown, path: readonly PropertyKey[]): string {
  const [list, index, ...field] = path
  const entry = z
    .object({ requirements: z.array(z.object({ id: z.string() }).or(z.unknown())) })
    .safeParse(content)
    .data?.requirements.at(Number(index))
  const known = z.object({ id: z.string() }).safeParse(entry)
  if (list !== 'requirements' || !known.success) return path.map(String).join('.')
  return [known.data.id, ...field.map(String)].join('.')
}

function invalid(message: string, cause?: unknown): DomainError {
  return new DomainError('invalid', 'validation.requirements-invalid', message, {}, cause)
}
