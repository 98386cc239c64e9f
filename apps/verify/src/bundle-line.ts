import { decodeBase64, decodeHash } from './bytes.ts'
import { unreadable } from './finding.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { isObject, parseStrict } from './strict-json.ts'

export interface RecordName {
  kind: string
  id: string
}
export type Subject =
  | { kind: 'record'; record: RecordName }
  | { kind: 'records'; records: readonly RecordName[] }
  | { kind: 'window'; from: number; to: number }

export interface Header {
  line: 'header'
  ledger: string
  plant: string
  exportedAt: number
  software: string
  subject: Subject
}
export interface BundleDocument {
  name: string
  sha256: string
  bytes: Uint8Array
}
export interface RecordLine {
  line: 'record'
  state: Readonly<Record<string, readonly JsonObject[]>>
  document: BundleDocument | null
}
/** What one of several records says. */
export interface StateLine {
  line: 'state'
  record: RecordName
  state: RecordLine['state']
}
export interface LeafLine {
  line: 'leaf'
  index: number
  text: string
  sealed: Uint8Array
}
export type BundleLine =
  | Header
  | { line: 'key' | 'checkpoint'; note: string }
  | { line: 'consistency'; from: number; to: number; hashes: readonly Uint8Array[] }
  | RecordLine
  | StateLine
  | { line: 'document'; document: BundleDocument | null }
  | { line: 'proof'; hashes: readonly Uint8Array[] }
  | LeafLine
  | { line: 'end'; leaves: number }

/** One line of a bundle, checked for its shape. Stops with `unreadable`. */
export function parseLine(text: string): BundleLine {
  const value = parseStrict(text, 'this line')
  if (!isObject(value)) throw unreadable('this line is not one of a bundle')
  switch (value['line']) {
    case 'leaf':
      return readLeaf(value)
    case 'header':
      return readHeader(value)
    case 'key':
    case 'checkpoint':
      expectFields(value, ['line', 'note'])
      return { line: value['line'], note: readText(value, 'note') }
    case 'consistency':
      expectFields(value, ['line', 'from', 'to', 'hashes'])
      return {
        line: 'consistency',
        from: readCount(value, 'from'),
        to: readCount(value, 'to'),
        hashes: readHashes(value, 'hashes'),
      }
    case 'record':
      expectFields(value, ['line', 'state', 'document'])
      return { line: 'record', state: readState(value['state']), document: readDocument(value['document']) }
    case 'state':
      expectFields(value, ['line', 'record', 'state'])
      return { line: 'state', record: readRecordName(value['record']), state: readState(value['state']) }
    case 'document':
      expectFields(value, ['line', 'document'])
      return { line: 'document', document: readDocument(value['document']) }
    case 'proof':
      expectFields(value, ['line', 'hashes'])
      return { line: 'proof', hashes: readHashes(value, 'hashes') }
    case 'end':
      expectFields(value, ['line', 'leaves'])
      return { line: 'end', leaves: readCount(value, 'leaves') }
    default:
      throw unreadable('this line is not one of a bundle')
  }
}

/** A whole number from 0 that a double holds exactly. */
export function readCount(object: JsonObject, field: string): number {
  const value = object[field]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw unreadable(`"${field}" is not a whole number from 0 to 2^53 − 1`)
  return value
}

export function readText(object: JsonObject, field: string): string {
  const value = object[field]
  if (typeof value !== 'string') throw unreadable(`"${field}" is not a text`)
  return value
}

/** A record's kind and id. */
export function readRecordName(value: Json | undefined): RecordName {
  if (!isObject(value)) throw unreadable('"record" does not name a record')
  expectFields(value, ['kind', 'id'])
  return { kind: readText(value, 'kind'), id: readText(value, 'id') }
}

function readLeaf(value: JsonObject): LeafLine {
  expectFields(value, ['line', 'index', 'text', 'sealed'])
  const sealed = decodeHash(value['sealed'])
  if (sealed === undefined) throw unreadable('"sealed" is not a SHA-256 hash in base64')
  const text = readText(value, 'text')
  // Half a surrogate pair becomes another character in UTF-8: two texts would have one hash.
  if (!text.isWellFormed()) throw unreadable('"text" is not well-formed Unicode')
  return { line: 'leaf', index: readCount(value, 'index'), text, sealed }
}

function readHeader(value: JsonObject): Header {
  expectFields(value, ['line', 'format', 'ledger', 'plant', 'exportedAt', 'software', 'subject'])
  if (value['format'] !== 'throughline-bundle/1')
    throw unreadable('its format is not throughline-bundle/1, the only one that this program knows')
  const subject = value['subject']
  if (!isObject(subject)) throw unreadable('"subject" is neither records nor a window')
  return {
    line: 'header',
    ledger: readText(value, 'ledger'),
    plant: readText(value, 'plant'),
    exportedAt: readCount(value, 'exportedAt'),
    software: readText(value, 'software'),
    subject: readSubject(subject),
  }
}

function readSubject(subject: JsonObject): Subject {
  if (subject['kind'] === 'record') {
    expectFields(subject, ['kind', 'record'])
    return { kind: 'record', record: readRecordName(subject['record']) }
  }
  if (subject['kind'] === 'records') return { kind: 'records', records: readRecords(subject) }
  if (subject['kind'] !== 'window') throw unreadable('"subject" is neither records nor a window')
  expectFields(subject, ['kind', 'from', 'to'])
  const from = readCount(subject, 'from')
  const to = readCount(subject, 'to')
  if (from > to) throw unreadable('the window ends before it begins')
  return { kind: 'window', from, to }
}

/** Several records, each once. */
function readRecords(subject: JsonObject): RecordName[] {
  expectFields(subject, ['kind', 'records'])
  const named = subject['records']
  if (!Array.isArray(named) || named.length === 0) throw unreadable('"records" names no record')
  const records = named.map(readRecordName)
  const names = new Set(records.map(({ kind, id }) => `${kind} ${id}`))
  if (names.size < records.length) throw unreadable('"records" names a record twice')
  return records
}

function readHashes(object: JsonObject, field: string): Uint8Array[] {
  const value = object[field]
  if (!Array.isArray(value)) throw unreadable(`"${field}" is not a list of hashes`)
  return value.map((item) => {
    const hash = decodeHash(item)
    if (hash === undefined) throw unreadable(`"${field}" holds something that is not a SHA-256 hash in base64`)
    return hash
  })
}

function readState(value: Json | undefined): RecordLine['state'] {
  if (!isObject(value)) throw unreadable('"state" does not hold rows by table')
  for (const rows of Object.values(value))
    if (!Array.isArray(rows) || !rows.every(isObject)) throw unreadable('"state" does not hold rows by table')
  return value as RecordLine['state']
}

function readDocument(value: Json | undefined): BundleDocument | null {
  if (value === null) return null
  if (!isObject(value)) throw unreadable('"document" is neither a document nor null')
  expectFields(value, ['name', 'sha256', 'base64'])
  const bytes = decodeBase64(readText(value, 'base64'))
  if (bytes === undefined) throw unreadable('the document is not base64')
  return { name: readText(value, 'name'), sha256: readText(value, 'sha256'), bytes }
}

function expectFields(object: JsonObject, names: readonly string[]): void {
  for (const name of names) if (!Object.hasOwn(object, name)) throw unreadable(`"${name}" is missing`)
  for (const name of Object.keys(object))
    if (!names.includes(name)) throw unreadable(`"${name}" is no field of format 1`)
}
