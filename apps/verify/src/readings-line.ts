import { readCount, readText } from './bundle-line.ts'
import { decodeBase64 } from './bytes.ts'
import { unreadable } from './finding.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { isObject, parseStrict } from './strict-json.ts'

/** One reading as the file has it. */
export interface Reading {
  at: number
  status: number
  value: Json
}

/** What a window of readings, or an earlier seal on the same, is proven by. */
export interface SealLine {
  line: 'window' | 'earlier'
  /** Id of the record in the bundle. */
  seal: string
  /** Four bytes of the hash of each reading, as they were when it was sealed. */
  marks: Uint8Array
}

export type ReadingsLine =
  | { line: 'header'; ledger: string }
  | SealLine
  | { line: 'reading'; text: string; reading: Reading }
  | { line: 'end'; windows: number }

/** One line of a file of readings, checked for its shape. Stops with `unreadable`. */
export function parseReadingsLine(text: string): ReadingsLine {
  const value = parseStrict(text, 'this line')
  if (!isObject(value)) throw unreadable('this line is not one of a file of readings')
  if (!Object.hasOwn(value, 'line')) return { line: 'reading', text, reading: readReading(value) }
  switch (value['line']) {
    case 'header':
      if (value['format'] !== 'throughline-readings/1')
        throw unreadable('its format is not throughline-readings/1, the only one that this program knows')
      return { line: 'header', ledger: readText(value, 'ledger') }
    case 'window':
    case 'earlier':
      return { line: value['line'], seal: readText(value, 'seal'), marks: readMarks(value) }
    case 'end':
      return { line: 'end', windows: readCount(value, 'windows') }
    default:
      throw unreadable('this line is not one of a file of readings')
  }
}

function readReading(value: JsonObject): Reading {
  return { at: readCount(value, 'at'), status: readCount(value, 'status'), value: value['value'] ?? null }
}

function readMarks(value: JsonObject): Uint8Array {
  const marks = decodeBase64(readText(value, 'marks'))
  if (marks === undefined || marks.length % 4 !== 0) throw unreadable('"marks" is not base64 of four bytes a reading')
  return marks
}
