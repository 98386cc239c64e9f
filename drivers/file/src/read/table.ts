import type { DocumentFields, JsonNode } from '@throughline/edge'
import { characteristicOf } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import { messageOf } from '@throughline/kernel'
import type { DocumentKind } from '@throughline/model'
import { parse } from 'csv-parse/sync'
import { unreadable } from '../failure.ts'
import type { ReadingOptions } from '../options.ts'
import type { ContentFault, FileContent, FileRecord } from './content.ts'

const maxRecordLength = 1_000_000

/**
 * A table with a line of names, and its rows.
 * @throws DomainError `invalid` saying what is wrong with it, and where
 */
export function readCsv(text: string, options: ReadingOptions): FileContent {
  let rows: string[][]
  try {
    rows = parse(text, {
      ...{ delimiter: options.separator, trim: true, skip_empty_lines: true, max_record_size: maxRecordLength },
    })
  } catch (error) {
    throw unreadable(`It is not a table: ${messageOf(error)}`, error)
  }
  const [names, ...body] = rows
  if (names === undefined) throw unreadable('It is empty')
  const twice = names.find((name, index) => name === '' || names.indexOf(name) !== index)
  if (twice !== undefined) throw unreadable(`Its first line has the column "${twice}" twice, or one without a name`)
  assertColumns(names, options)
  const get = (row: readonly string[]) => (field: string) => row[names.indexOf(field)]
  return contentOf('csv', body.map(get), names, options)
}

function assertColumns(names: readonly string[], { time, fields }: ReadingOptions): void {
  const asked = [...(time === null ? [] : [time]), ...Object.values(fields)]
  const missing = asked.find((name) => !names.includes(name))
  if (missing === undefined) return
  const are = names.join(', ').slice(0, 300)
  throw unreadable(`It has no column "${missing}", which the connection's options name; there are ${are}`)
}

/** Records that are looked into by name: rows of a table, objects of a list. */
export function contentOf(
  kind: DocumentKind,
  getters: readonly ((field: string) => JsonNode | undefined)[],
  names: readonly string[],
  options: ReadingOptions,
): FileContent {
  const faults: ContentFault[] = []
  const records = getters.map((get): FileRecord => ({ at: timeOf(get, options, faults), get, fields: names }))
  return { kind, records, document: documentOf(records, options, faults), faults }
}

function timeOf(
  get: (field: string) => JsonNode | undefined,
  { time, times }: ReadingOptions,
  faults: ContentFault[],
): Instant | null {
  if (time === null) return null
  const raw = get(time)
  const at = times.read(raw)
  if (at === undefined) faults.push({ cause: 'time-unreadable', example: `${time} = ${JSON.stringify(String(raw))}` })
  return at ?? null
}

function documentOf(records: readonly FileRecord[], options: ReadingOptions, faults: ContentFault[]) {
  const fields: DocumentFields = options.fields
  const isWanted = options.document ?? fields.characteristic !== undefined
  if (!isWanted) return null
  const results = records.flatMap((record, index) => {
    if (fields.characteristic === undefined) return []
    const result = characteristicOf(fields, record.get, record.at, options.decimal)
    if (result === undefined) faults.push({ cause: 'characteristic-missing', example: `record ${index + 1}` })
    else if (result.value === null && isPresent(record, fields.value)) {
      faults.push({
        cause: 'value-no-number',
        example: `${result.characteristic}: ${String(record.get(fields.value ?? ''))}`,
      })
    }
    return result ?? []
  })
  return { results, curves: [], statistics: [] }
}

function isPresent(record: FileRecord, field: string | undefined): boolean {
  const raw = field === undefined ? undefined : record.get(field)
  return raw !== undefined && raw !== null && String(raw).trim() !== ''
}
