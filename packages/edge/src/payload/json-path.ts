import { DomainError } from '@throughline/kernel'
import type { JsonNode } from './json.ts'

type Step = { readonly key: string } | { readonly index: number } | 'each'

/** Leads from a JSON document to values in it: `result.torque`, `points[0].nm`, `points[*].nm`, `['a b']`. */
export class JsonPath {
  readonly text: string
  readonly #steps: readonly Step[]

  /** @throws DomainError `invalid` (`edge.json-path-invalid`) */
  constructor(text: string) {
    this.text = text
    this.#steps = stepsOf(text)
  }

  /** Whether it may lead to more than one value. */
  get isMany(): boolean {
    return this.#steps.includes('each')
  }

  /** Everything it leads to, in the document's order; nothing where a step leads nowhere. */
  allIn(document: JsonNode): JsonNode[] {
    let found: JsonNode[] = [document]
    for (const step of this.#steps) found = found.flatMap((node) => follow(node, step))
    return found
  }

  firstIn(document: JsonNode): JsonNode | undefined {
    return this.allIn(document)[0]
  }
}

const member = /^(?:\.?([^.[\]'"*\s][^.[\]'"]*)|\[(\d{1,9})\]|\[(\*)\]|\['([^']*)'\])/

function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  let rest = text.replace(/^\$/, '')
  while (rest !== '') {
    const [taken, key, index, each, quoted] = member.exec(rest) ?? []
    if (taken === undefined || (steps.length === 0 && text[0] !== '$' && taken.startsWith('.'))) throw wrong(text)
    if (each !== undefined) steps.push('each')
    else if (index !== undefined) steps.push({ index: Number(index) })
    else steps.push({ key: (quoted ?? key ?? '').trim() })
    rest = rest.slice(taken.length)
  }
  if (text === '') throw wrong(text)
  return steps
}

function follow(node: JsonNode, step: Step): JsonNode[] {
  if (step === 'each') return Array.isArray(node) ? [...node] : []
  if ('index' in step) return Array.isArray(node) && node[step.index] !== undefined ? [node[step.index]] : []
  if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, step.key)) return []
  return [(node as { readonly [key: string]: JsonNode })[step.key] ?? null]
}

const wrong = (text: string): DomainError =>
  new DomainError(
    'invalid',
    'edge.json-path-invalid',
    `"${text}" is no path into JSON: write result.torque, points[0].nm, points[*].nm or ['a name']`,
  )
