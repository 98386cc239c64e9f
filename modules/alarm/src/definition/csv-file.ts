import type { AlarmDefinition } from '@throughline/model'
import { guardedCell, readCsvText, writeCsvText } from '@throughline/platform'
import type { FileNames } from './csv-cells.ts'
import { columns, contentCells, contentColumns, numberColumns, recordCells } from './csv-cells.ts'
import type { BadCell } from './csv-row.ts'
import { Row } from './csv-row.ts'
import type { DefinitionContent } from './draft.ts'

export interface DefinitionRow {
  readonly line: number
  readonly content: DefinitionContent
  /** The newest version of the alarm of this name; undefined = there is none yet. */
  readonly before: AlarmDefinition | undefined
}

export interface DefinitionFile {
  readonly rows: readonly DefinitionRow[]
  readonly bad: readonly BadCell[]
  /** Every name that a line begins with, also of lines that cannot be taken. */
  readonly names: readonly string[]
}

/** One row each. A text that a spreadsheet would take for a formula gets a `'` in front. */
export function writeDefinitions(definitions: readonly AlarmDefinition[], names: FileNames): string {
  const lines = definitions.map((definition) => {
    const cells = { ...contentCells(definition, names), ...recordCells(definition) }
    return columns.map((column) => {
      const cell = cells[column] ?? ''
      return numberColumns.has(column) ? cell : guardedCell(cell)
    })
  })
  return writeCsvText([columns, ...lines])
}

/**
 * Reads a file that was exported, edited or written anew.
 *
 * @param newest the newest version of each alarm, by its name in lower case
 * @param priorityOf what the matrix makes of a row
 */
export function readDefinitions(
  text: string,
  names: FileNames,
  newest: ReadonlyMap<string, AlarmDefinition>,
  priorityOf: (content: DefinitionContent) => number,
): DefinitionFile {
  const { records, problem } = readCsvText(text)
  const bad: BadCell[] = problem === null ? [] : [{ line: problem.line, column: null, problem: problem.text }]
  const [header, ...rest] = records
  if (header === undefined) {
    if (bad.length === 0) bad.push({ line: 1, column: null, problem: 'the file is empty: begin with a header' })
    return { rows: [], bad, names: [] }
  }
  const heads = header.cells.map((cell) => cell.trim())
  bad.push(...headerProblems(heads).map((each) => ({ line: header.line, ...each })))
  if (bad.some(({ line }) => line === header.line)) return { rows: [], bad, names: [] }
  const seen = new Map<string, number>()
  const rows = rest.flatMap(({ line, cells }): DefinitionRow[] => {
    if (cells.length !== heads.length) {
      const told = `the line has ${cells.length} cells, the header ${heads.length}: check its commas and quotes`
      bad.push({ line, column: null, problem: told })
      return []
    }
    const row = new Row(line, Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? ''])), names)
    const key = row.text('name').toLowerCase()
    const twin = seen.get(key)
    if (twin !== undefined) row.refuse('name', `${row.text('name')} stands in line ${twin} already: remove one`)
    seen.set(key, twin ?? line)
    const before = newest.get(key)
    const content = row.content(before)
    if (content !== undefined) row.compareRecord(content, before, priorityOf(content))
    bad.push(...row.bad)
    return content === undefined || row.bad.length > 0 ? [] : [{ line, content, before }]
  })
  return { rows, bad, names: [...seen.keys()] }
}

function headerProblems(heads: readonly string[]): { column: string; problem: string }[] {
  return [
    ...contentColumns
      .filter((column) => !heads.includes(column))
      .map((column) => ({ column, problem: 'this column is missing: add it' })),
    ...heads
      .filter((head) => !columns.includes(head))
      .map((head) => ({
        column: head,
        problem: `this is no column (${columns.join(', ')}): correct it, or remove it`,
      })),
    ...heads
      .filter((head, index) => heads.indexOf(head) !== index)
      .map((head) => ({ column: head, problem: 'this column stands twice: remove one' })),
  ]
}
