import { DomainError } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { z } from 'zod'

/** One flag of a command, made from one field of the operation's input. */
export interface Flag {
  readonly field: string
  /** `node-id` for `nodeId`. */
  readonly name: string
  readonly required: boolean
  /** How the text becomes the field's value: numbers and truth values as such, anything with structure as JSON. */
  readonly kind: 'string' | 'number' | 'boolean' | 'json'
  /** Takes the word `null` for "none". */
  readonly nullable: boolean
  readonly help: string
}

interface FieldSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly anyOf?: readonly FieldSchema[]
}

interface InputSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly InputSchema[]
  readonly oneOf?: readonly InputSchema[]
}

/** The flags of an operation, in the order of its schema; where it takes one thing or another (id or code), those of both. */
export function flagsOf(operation: Operation): Flag[] {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as InputSchema
  const ways = schema.anyOf ?? schema.oneOf ?? [schema]
  const properties = Object.assign({}, ...ways.map((way) => way.properties)) as Record<string, FieldSchema>
  return Object.entries(properties).map(([field, shape]) => {
    return {
      field,
      name: field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      required: ways.every((way) => way.required?.includes(field)),
      kind: kindOf(shape),
      nullable: shape.anyOf?.some((each) => each.type === 'null') ?? false,
      help: helpOf(shape),
    }
  })
}

/**
 * The input that the given flags make. A value that begins with `@` names a file whose text is the value; `@@` stands
 * for a value that itself begins with `@`.
 * @throws DomainError `invalid` when a number is no number or JSON is no JSON
 */
export function inputFrom(
  flags: readonly Flag[],
  given: Readonly<Record<string, unknown>>,
  readText: (file: string) => string,
): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const flag of flags) {
    const value = given[flag.field]
    if (value !== undefined) input[flag.field] = parseValue(flag, textOf(value, readText))
  }
  return input
}

function textOf(value: unknown, readText: (file: string) => string): unknown {
  if (typeof value !== 'string' || !value.startsWith('@')) return value
  return value.startsWith('@@') ? value.slice(1) : readText(value.slice(1))
}

function parseValue(flag: Flag, given: unknown): unknown {
  if (typeof given !== 'string') return given
  if (flag.nullable && given === 'null') return null
  if (flag.kind === 'string') return given
  if (flag.kind === 'boolean') return given === 'true'
  if (flag.kind === 'number') {
    const value = Number(given)
    if (given.trim() !== '' && Number.isFinite(value)) return value
    throw new DomainError('invalid', 'cli.flag-invalid', `--${flag.name}: "${given}" is not a number`)
  }
  try {
    return JSON.parse(given)
  } catch (error) {
    throw new DomainError('invalid', 'cli.flag-invalid', `--${flag.name}: "${given}" is not JSON`, {}, error)
  }
}

function kindOf(shape: FieldSchema): Flag['kind'] {
  const alternatives = shape.anyOf?.filter((each) => each.type !== 'null') ?? []
  const only = alternatives.length === 1 ? (alternatives[0] ?? shape) : shape
  if (only.enum !== undefined || only.type === 'string') return 'string'
  if (only.type === 'number' || only.type === 'integer') return 'number'
  return only.type === 'boolean' ? 'boolean' : 'json'
}

function helpOf(shape: FieldSchema): string {
  const choices = shape.enum === undefined ? '' : shape.enum.join(' | ')
  const preset = shape.default === undefined ? '' : `default ${JSON.stringify(shape.default)}`
  return [shape.description ?? '', choices, preset].filter((part) => part !== '').join('; ')
}
