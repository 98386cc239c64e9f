import type { Json, JsonObject } from '../strict-json.ts'
import { canonical, isObject } from '../strict-json.ts'
import { readInstant } from './wording.ts'

export interface Difference {
  field: string
  before: string
  after: string
}

/** What stands for a field that was not there. */
const nothing = '—'

/** The fields that differ, by name; of a row that came or went, all that hold something. */
export function differencesOf(before: JsonObject | null, after: JsonObject | null): Difference[] {
  const old = flatten(before)
  const now = flatten(after)
  const fields = [...new Set([...old.keys(), ...now.keys()])].sort()
  return fields
    .filter((field) => canonical(old.get(field) ?? null) !== canonical(now.get(field) ?? null))
    .map((field) => ({ field, before: readValue(field, old.get(field)), after: readValue(field, now.get(field)) }))
}

/** The fields of one row with their values. */
export function fieldsOf(row: JsonObject): [field: string, value: string][] {
  return [...flatten(row)].map(([field, value]) => [field, readValue(field, value)])
}

function flatten(row: JsonObject | null, prefix = '', fields = new Map<string, Json>()): Map<string, Json> {
  for (const [name, value] of Object.entries(row ?? {})) {
    if (isObject(value) && Object.keys(value).length > 0) flatten(value, `${prefix}${name}.`, fields)
    else fields.set(prefix + name, value)
  }
  return fields
}

/** A value exactly as it was captured; beside an instant, the time that it is. */
function readValue(field: string, value: Json | undefined): string {
  if (value === undefined || value === null) return nothing
  if (value === '') return '(empty text)'
  if (typeof value === 'string') return value
  if (typeof value === 'number' && /(At|_at|^at)$/.test(field) && value > 1e14)
    return `${readInstant(value)} (${value})`
  return canonical(value)
}
