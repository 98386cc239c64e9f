import type { Instant } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { z } from 'zod'

type Schema = z.core.JSONSchema.BaseSchema

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
const dayMs = 86_400_000

/** Draws numbers from 0 (inclusive) to `below`; the same seed draws the same ones (mulberry32). */
export function drawsFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Makes up requests that an operation may well take: shapes from its schema, ids from answers heard before. */
export class RandomInput {
  readonly #draw: (below: number) => number
  readonly #words: readonly string[]
  readonly #now: () => Instant
  readonly #ids: string[] = []
  readonly #idsNamed = new Map<string, string[]>()

  /** Instants are drawn from the two days around `now`. */
  constructor(draw: (below: number) => number, words: readonly string[], now: () => Instant) {
    this.#draw = draw
    this.#words = words
    this.#now = now
  }

  /** Takes up the ids in an answer, so that later requests are about things that exist. */
  hear(answer: unknown, { name }: Pick<Operation, 'name'>): void {
    const [, noun = ''] = name.split('.')
    const own = `${noun.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Id`
    this.#take(answer, own, own)
  }

  for(operation: Operation): unknown {
    return this.#valueOf(z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as Schema, '')
  }

  #take(value: unknown, key: string, own: string): void {
    if (typeof value === 'string' && uuid.test(value)) {
      const name = key === 'id' ? own : key.replace(/Ids$/, 'Id')
      this.#ids.push(value)
      this.#idsNamed.set(name, [...(this.#idsNamed.get(name) ?? []), value])
    }
    if (typeof value !== 'object' || value === null) return
    for (const [name, each] of Object.entries(value)) this.#take(each, Array.isArray(value) ? key : name, own)
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#draw(from.length)] as T
  }

  /** `key` = the name of the field that it is for. */
  #valueOf(schema: Schema, key: string): unknown {
    if (schema.const !== undefined) return schema.const
    if (schema.enum !== undefined) return this.#pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices !== undefined) return this.#valueOf(this.#pick(choices) as Schema, key)
    switch (Array.isArray(schema.type) ? this.#pick(schema.type) : schema.type) {
      case 'null':
        return null
      case 'boolean':
        return this.#draw(2) === 1
      case 'integer':
      case 'number':
        return this.#number(schema)
      case 'string':
        return this.#text(schema, key)
      case 'array':
        return Array.from({ length: this.#draw(3) + (schema.minItems ?? 0) }, () =>
          this.#valueOf((schema.items ?? {}) as Schema, key.replace(/Ids$/, 'Id')),
        )
      case 'object':
        return this.#object(schema)
      default:
        return this.#pick(this.#words)
    }
  }

  #number({ minimum, maximum }: Schema): number {
    if (minimum === 0 && maximum === Number.MAX_SAFE_INTEGER) {
      return this.#now() + (this.#draw(2 * dayMs) - dayMs) * 1000
    }
    const low = Math.max(minimum ?? 0, -1000)
    const span = Math.max(1, Math.min((maximum ?? 1000) - low, 1000))
    // Small ones are what versions, numbers of steps and the like are.
    return low + this.#draw(this.#draw(2) === 0 ? Math.min(4, span) : span)
  }

  #text({ format, pattern, minLength = 0 }: Schema, key: string): string {
    if (format === 'uuid' || pattern?.includes('[0-9a-fA-F]{8}-')) {
      const fitting = this.#idsNamed.get(key) ?? []
      return this.#pick(this.#draw(4) > 0 && fitting.length > 0 ? fitting : this.#ids) ?? crypto.randomUUID()
    }
    const fitting = pattern === undefined ? this.#words : this.#words.filter((word) => new RegExp(pattern).test(word))
    const word = `${fitting.length > 0 ? this.#pick(fitting) : 'x'}${this.#draw(3) === 0 ? this.#draw(50) : ''}`
    return word.padEnd(minLength, 'o')
  }

  #object({ properties = {}, required = [] }: Schema): Record<string, unknown> {
    const members = Object.entries(properties).filter(([name]) => required.includes(name) || this.#draw(2) === 1)
    return Object.fromEntries(members.map(([name, schema]) => [name, this.#valueOf(schema as Schema, name)]))
  }
}
