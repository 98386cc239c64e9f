import { messageOf } from '@throughline/kernel'
import { parse } from 'csv-parse/sync'

/** One record of a CSV text, with the line where it begins: from 1, as editors count. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvText {
  readonly records: readonly CsvRecord[]
  /** Where the text stops being CSV; what follows was not read. */
  readonly problem: { readonly line: number; readonly text: string } | null
}

/** Lines of cells as RFC 4180 has them. */
export function writeCsvText(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/**
 * A text that a spreadsheet would take for a formula, with a `'` in front: one more than the text has of its own, so that
 * `unguardedCell` takes off exactly that one.
 */
export const guardedCell = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** The text behind a guard. */
export const unguardedCell = (text: string): string => (/^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

/** Reads CSV with commas or, where its first line has no comma, semicolons; with or without a byte order mark. Empty lines are left out. */
export function readCsvText(text: string): CsvText {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/))
  // Spreadsheets write ";" where the comma is the decimal sign. Cells may hold it too, so the header decides.
  const delimiter = firstLine.includes(',') || !firstLine.includes(';') ? ',' : ';'
  const records: CsvRecord[] = []
  const bytes = Buffer.from(text)
  // The parser's own line count takes a CR LF inside quotes for two; its byte count is exact.
  let position = { line: 1, offset: 0 }
  try {
    parse(bytes, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], context) => {
        const start = afterBlankLines(bytes, position)
        records.push({ line: start.line, cells })
        position = moveTo(bytes, start, context.bytes)
        return null
      },
    })
  } catch (error) {
    const problem = `this is not readable as CSV (${messageOf(error)}): correct the quotes here; rows after it were not read`
    return { records, problem: { line: afterBlankLines(bytes, position).line, text: problem } }
  }
  return { records, problem: null }
}

interface Position {
  readonly line: number
  readonly offset: number
}

const [lineFeed, carriageReturn] = [10, 13]

function afterBlankLines(bytes: Buffer, from: Position): Position {
  let end = from.offset
  while (bytes[end] === lineFeed || bytes[end] === carriageReturn) end += 1
  return moveTo(bytes, from, end)
}

function moveTo(bytes: Buffer, from: Position, offset: number): Position {
  let line = from.line
  for (let index = from.offset; index < offset; index += 1) {
    const isBreak = bytes[index] === lineFeed || (bytes[index] === carriageReturn && bytes[index + 1] !== lineFeed)
    if (isBreak) line += 1
  }
  return { line, offset }
}
