import type { RecordName } from './bundle-line.ts'
import { readCount, readRecordName, readText } from './bundle-line.ts'
import { unreadable } from './finding.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { isObject, parseStrict } from './strict-json.ts'

export interface RowChange {
  table: string
  before: JsonObject | null
  after: JsonObject | null
}
export interface ChangeLeaf {
  type: 'change'
  entry: string
  at: number
  record: RecordName
  version: number
  /** Hex of the leaf hash of the version before. */
  previous: string | null
  rows: readonly RowChange[]
}
export interface EntryLeaf {
  type: 'entry'
  id: string
  at: number
  actor: { id: string; kind: string; name: string; roles: readonly string[] }
  operation: string
  outcome: string
  changes: { count: number; digest: string }
  /** Everything, as it stands in the text. */
  fields: JsonObject
}
export type Leaf = ChangeLeaf | EntryLeaf

/** What the text of a leaf says. Stops with `unreadable` if it is not a leaf of format 1. */
export function parseLeaf(text: string): Leaf {
  const value = parseStrict(text, 'the text of the leaf')
  if (!isObject(value)) throw unreadable('the text of the leaf is not an object')
  if (value['v'] !== 1) throw unreadable('the leaf is not of version 1, the only one that this program knows')
  if (value['type'] === 'change') return readChange(value)
  if (value['type'] === 'entry') return readEntry(value)
  throw unreadable('the leaf is neither a change nor an entry')
}

function readChange(value: JsonObject): ChangeLeaf {
  const version = readCount(value, 'version')
  const previous = value['previous']
  const rows = value['rows']
  if (version === 0) throw unreadable('"version" of a change is counted from 1')
  if (previous !== null && !isHexHash(previous)) throw unreadable('"previous" is neither a hash in hex nor null')
  if (!Array.isArray(rows)) throw unreadable('"rows" is not a list')
  return {
    type: 'change',
    entry: readText(value, 'entry'),
    at: readCount(value, 'at'),
    record: readRecordName(value['record']),
    version,
    previous,
    rows: rows.map(readRow),
  }
}

function readRow(row: Json): RowChange {
  if (!isObject(row)) throw unreadable('"rows" holds something that is not a row')
  const before = row['before']
  const after = row['after']
  if ((before !== null && !isObject(before)) || (after !== null && !isObject(after)))
    throw unreadable('a row lacks its "before" or its "after"')
  return { table: readText(row, 'table'), before, after }
}

function readEntry(value: JsonObject): EntryLeaf {
  const { actor, changes } = value as { actor?: Json; changes?: Json }
  if (!isObject(actor)) throw unreadable('"actor" of an entry is missing')
  if (!isObject(changes)) throw unreadable('"changes" of an entry is missing')
  const digest = changes['digest']
  if (!isHexHash(digest)) throw unreadable('"digest" is not a hash in hex')
  const roles = actor['roles']
  return {
    type: 'entry',
    id: readText(value, 'id'),
    at: readCount(value, 'at'),
    actor: {
      id: String(actor['id'] ?? ''),
      kind: readText(actor, 'kind'),
      // Nobody has no name: an attempt before anybody signed in.
      name: typeof actor['name'] === 'string' ? actor['name'] : '',
      roles: Array.isArray(roles) ? roles.map(String) : [],
    },
    operation: readText(value, 'operation'),
    outcome: readText(value, 'outcome'),
    changes: { count: readCount(changes, 'count'), digest },
    fields: value,
  }
}

function isHexHash(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
