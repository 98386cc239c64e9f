import { DomainError } from '@throughline/kernel'
import type { RoutingOperation, WorkDefinition } from '@throughline/model'

export type WorkDefinitionContent = Pick<
  WorkDefinition,
  'code' | 'product' | 'operations' | 'drawing' | 'underPercent' | 'overPercent'
>

/** Where in the plant something may be: the equipment module's directory answers. */
export interface Places {
  hasPath(path: string): boolean
}

/**
 * Whether a routing can be worked by.
 * @throws DomainError `invalid` (`execution.work-definition-invalid`) naming every field that is wrong and what to do
 */
export function assertWorkDefinition(content: WorkDefinitionContent, places: Places): void {
  const fields = problemsOf(content, places)
  const [first] = fields
  if (first === undefined) return
  const more = fields.length === 1 ? '' : `, and ${fields.length - 1} more`
  throw new DomainError(
    'invalid',
    'execution.work-definition-invalid',
    `Work definition ${content.code}: ${first.message}${more}`,
    { fields },
  )
}

interface Problem {
  readonly path: string
  readonly message: string
}

function problemsOf({ operations }: WorkDefinitionContent, places: Places): Problem[] {
  const sequences = operations.map(({ sequence }) => sequence)
  return operations.flatMap((operation, index) => {
    const { sequence, at, reworkTo, parameters, bomPositions, name, specialProcess, skills } = operation
    const path = `operations.${index}`
    const found: Problem[] = []
    const before = sequences[index - 1]
    if (before !== undefined && sequence <= before) {
      found.push({ path: `${path}.sequence`, message: `operation ${sequence} stands after ${before}: count upwards` })
    }
    if ('path' in at && !places.hasPath(at.path)) {
      found.push({
        path: `${path}.at.path`,
        message: `operation ${sequence} (${name}) is done at ${at.path}, which there is not: look it up with equipment.node.list`,
      })
    }
    if (reworkTo !== null && (reworkTo > sequence || !sequences.includes(reworkTo))) {
      found.push({
        path: `${path}.reworkTo`,
        message: `rework of operation ${sequence} goes to ${reworkTo}: name an operation at or before it`,
      })
    }
    if (specialProcess && skills.length === 0) {
      found.push({
        path: `${path}.skills`,
        message: `operation ${sequence} is a special process: name the skill that its people are qualified by`,
      })
    }
    const twins = doubled(parameters.map((each) => each.name))
    if (twins !== undefined) {
      found.push({
        path: `${path}.parameters`,
        message: `operation ${sequence} has two parameters ${twins}: rename one`,
      })
    }
    const position = doubled(bomPositions.map(String))
    if (position !== undefined) {
      found.push({
        path: `${path}.bomPositions`,
        message: `operation ${sequence} names position ${position} twice: remove one`,
      })
    }
    return found
  })
}

const doubled = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index)

/** @throws DomainError `not-found`, which it cannot be in a definition that is kept */
export function operationAt(
  definition: Pick<WorkDefinition, 'code' | 'operations'>,
  sequence: number,
): RoutingOperation {
  const found = definition.operations.find((each) => each.sequence === sequence)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'execution.operation-unknown', `${definition.code} has no operation ${sequence}`)
}
