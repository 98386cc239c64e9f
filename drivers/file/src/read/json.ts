import type { JsonNode } from '@throughline/edge'
import { JsonPath, parseJson } from '@throughline/edge'
import { messageOf } from '@throughline/kernel'
import { unreadable } from '../failure.ts'
import type { ReadingOptions } from '../options.ts'
import type { FileContent } from './content.ts'
import { contentOf } from './table.ts'

/**
 * A list of objects, or one object.
 * @throws DomainError `invalid` saying what is wrong with it
 */
export function readJson(text: string, options: ReadingOptions): FileContent {
  let document: JsonNode
  try {
    document = parseJson(text)
  } catch (error) {
    throw unreadable(`It is not JSON: ${messageOf(error)}`, error)
  }
  const found = options.records === null ? document : options.records.firstIn(document)
  if (found === undefined) throw unreadable(`It has nothing at ${options.records?.text}, where its records should be`)
  const records: readonly JsonNode[] = Array.isArray(found) ? found : [found]
  const [first] = records
  const names = typeof first === 'object' && first !== null && !Array.isArray(first) ? leavesOf(first) : ['$']
  return contentOf(
    'json',
    records.map((record) => (field: string) => pathOf(field)?.firstIn(record)),
    names,
    options,
  )
}

const paths = new Map<string, JsonPath | undefined>()
const maxPaths = 10_000

/** Undefined where the text is no path: then no JSON file has such a field. */
function pathOf(field: string): JsonPath | undefined {
  if (paths.has(field)) return paths.get(field)
  if (paths.size >= maxPaths) paths.clear()
  let path: JsonPath | undefined
  try {
    path = new JsonPath(field)
  } catch {
    path = undefined
  }
  paths.set(field, path)
  return path
}

/** The plain values of an object and of those in it, by their paths. */
function leavesOf(node: JsonNode, before = ''): string[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return [before]
  return Object.entries(node).flatMap(([key, value]) => {
    const step = /^[^.[\]'"*\s]+$/.test(key) ? key : `['${key}']`
    const joined = before === '' || step.startsWith('[') ? `${before}${step}` : `${before}.${step}`
    return leavesOf(value, joined)
  })
}
