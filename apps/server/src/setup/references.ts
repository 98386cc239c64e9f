import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

/** What a setup file may name in place of an id. */
export interface Named {
  /** By path, whatever the case. */
  node(path: string): string | undefined
  tag(path: string): string | undefined
  /** The answer of an earlier step. */
  step(id: string): unknown
}

const ToNode = z.strictObject({ $node: z.string() })
const ToTag = z.strictObject({ $tag: z.string() })
const ToStep = z.strictObject({ $step: z.string(), field: z.string() })

/**
 * The input of a step with `{"$node": path}`, `{"$tag": path}` and `{"$step": id, "field": name}` replaced by what they name.
 * @throws DomainError `invalid` for a name that nothing has
 */
export function resolveReferences(value: unknown, named: Named): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, named))
  if (typeof value !== 'object' || value === null) return value
  const node = ToNode.safeParse(value).data
  if (node !== undefined) return named.node(node.$node) ?? unknown(`no equipment node ${node.$node}`)
  const tag = ToTag.safeParse(value).data
  if (tag !== undefined) return named.tag(tag.$tag) ?? unknown(`no tag ${tag.$tag}`)
  const step = ToStep.safeParse(value).data
  if (step !== undefined) return fieldOf(named.step(step.$step), step.$step, step.field)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveReferences(item, named)]))
}

function fieldOf(output: unknown, stepId: string, field: string): unknown {
  if (output === undefined) unknown(`no step ${stepId} before this one`)
  const found = z.record(z.string(), z.unknown()).safeParse(output).data?.[field]
  return found ?? unknown(`nothing called ${field} in the answer of step ${stepId}`)
}

function unknown(what: string): never {
  throw new DomainError('invalid', 'server.setup-reference-unknown', `There is ${what}`)
}
