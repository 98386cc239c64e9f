import type { Requirement } from './requirement.ts'
import type { TitledTest } from './test-titles.ts'

export interface Evidence {
  readonly test: TitledTest
  readonly challenge: boolean
}

export interface TracedRequirement {
  readonly requirement: Requirement
  readonly evidence: readonly Evidence[]
}

export interface Trace {
  /** In the order of the requirements. */
  readonly requirements: readonly TracedRequirement[]
  readonly tests: readonly TitledTest[]
  /** Each a line that names the requirement or the test and says what to do; none when the trace holds. */
  readonly problems: readonly string[]
  readonly unknownIds: readonly string[]
}

/** Lays the titles of tests against the requirements, and says where the two do not fit. */
export function trace(requirements: readonly Requirement[], tests: readonly TitledTest[]): Trace {
  const byId = new Map<string, Requirement[]>()
  for (const requirement of requirements) {
    for (const id of [requirement.id, ...requirement.aliases]) byId.set(id, [...(byId.get(id) ?? []), requirement])
  }
  const evidence = new Map<Requirement, Evidence[]>(requirements.map((requirement) => [requirement, []]))
  const problems: string[] = []
  const unknownIds = new Set<string>()
  for (const test of tests) {
    for (const { id, challenge } of test.ids) {
      const named = byId.get(id) ?? []
      for (const requirement of named) evidence.get(requirement)?.push({ test, challenge })
      if (named.length === 0) {
        unknownIds.add(id)
        problems.push(
          `${test.file}: "${test.title}" names ${id}, which no requirement has: correct the id or write it down`,
        )
      } else if (named.every(({ state }) => state !== 'in-force')) {
        const states = named.map((requirement) => requirement.state).join(', ')
        problems.push(
          `${test.file}: "${test.title}" names ${id}, which is ${states}: make it in-force, or leave the id out`,
        )
      }
    }
  }
  const traced = requirements.map((requirement) => ({ requirement, evidence: evidence.get(requirement) ?? [] }))
  problems.push(...traced.flatMap(({ requirement, evidence: found }) => missing(requirement, found)))
  return { requirements: traced, tests, problems, unknownIds: [...unknownIds] }
}

function missing({ id, state, risk }: Requirement, evidence: readonly Evidence[]): string[] {
  if (state !== 'in-force') return []
  if (evidence.length === 0) return [`${id} is in force and no test names it`]
  if (risk === 'high' && !evidence.some(({ challenge }) => challenge)) {
    return [`${id} is of high risk and no test challenges it: one that does carries [${id}!] in its title`]
  }
  return []
}
