import type { Tag } from '@throughline/model'
import { DataType, TagSource, TagTemplate } from '@throughline/model'
import type { CsvRecord } from '@throughline/platform'
import {
  guardedCell,
  holdsUnstorableText,
  readCsvText,
  unguardedCell,
  unstorableTextProblem,
  writeCsvText,
} from '@throughline/platform'
import type { z } from 'zod'
import type { PlantState } from './blueprint.ts'
import type { BadRow, TagFile, TagRow } from './document.ts'

type Kind = 'text' | 'number' | 'boolean'

/** Of these the class decides: a row may repeat them, and must then agree. */
const statedColumns = {
  description: { kind: 'text', schema: TagTemplate.shape.description },
  dataType: { kind: 'text', schema: DataType },
  unit: { kind: 'text', schema: TagTemplate.shape.unit },
  rangeLow: { kind: 'number', schema: TagTemplate.shape.rangeLow },
  rangeHigh: { kind: 'number', schema: TagTemplate.shape.rangeHigh },
  normalLow: { kind: 'number', schema: TagTemplate.shape.normalLow },
  normalHigh: { kind: 'number', schema: TagTemplate.shape.normalHigh },
  deadband: { kind: 'number', schema: TagTemplate.shape.deadband },
  decimals: { kind: 'number', schema: TagTemplate.shape.decimals },
  writable: { kind: 'boolean', schema: TagTemplate.shape.writable },
} as const satisfies Record<string, { kind: Kind; schema: z.ZodType }>

/** These are the tag's own. */
const sourceColumns = {
  connection: { kind: 'text', schema: TagSource.shape.connection },
  address: { kind: 'text', schema: TagSource.shape.address },
  scale: { kind: 'number', schema: TagSource.shape.scale },
  offset: { kind: 'number', schema: TagSource.shape.offset },
  sampleMs: { kind: 'number', schema: TagSource.shape.sampleMs },
  staleAfterMs: { kind: 'number', schema: TagSource.shape.staleAfterMs },
} as const satisfies Record<string, { kind: Kind; schema: z.ZodType }>

type Column = { readonly kind: Kind; readonly schema: z.ZodType }
const columns: Readonly<Record<string, Column>> = { ...statedColumns, ...sourceColumns }
const neededColumns = ['path', 'connection', 'address']

/** All living tags, one row each, by path. A text that a spreadsheet would take for a formula gets a `'` in front. */
export function writeCsv(plant: PlantState): string {
  const header = ['path', ...Object.keys(columns)]
  const rows = plant.tags.filter((tag) => !tag.retired).map((tag) => header.map((column) => cellOf(tag, column)))
  return writeCsvText([header, ...rows])
}

function cellOf(tag: Tag, column: string): string {
  const value: unknown = column in sourceColumns ? Reflect.get(tag.source ?? {}, column) : Reflect.get(tag, column)
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? guardedCell(value) : String(value)
}

export function readCsv(text: string): TagFile {
  const badRows: BadRow[] = []
  const { records, problem: broken } = readCsvText(text)
  if (broken !== null) badRows.push({ line: broken.line, where: 'file', problem: broken.text })
  const [header, ...rest] = records
  if (header === undefined) {
    if (badRows.length === 0)
      badRows.push({ line: 1, where: 'file', problem: 'the file is empty: begin with a header' })
    return { rows: [], badRows }
  }
  const names = header.cells.map((cell) => cell.trim())
  const headerProblems = problemsOfHeader(names)
  if (headerProblems.length > 0) {
    badRows.push(...headerProblems.map((problem) => ({ line: header.line, where: 'header', problem })))
    return { rows: [], badRows }
  }
  const rows = rest.flatMap((record) => {
    const read = readRow(names, record)
    badRows.push(...read.badRows)
    return read.row === undefined ? [] : [read.row]
  })
  return { rows, badRows }
}

function problemsOfHeader(names: readonly string[]): string[] {
  const known = ['path', ...Object.keys(columns)]
  return [
    ...neededColumns.filter((name) => !names.includes(name)).map((name) => `column ${name} is missing: add it`),
    ...names
      .filter((name) => !known.includes(name))
      .map((name) => `"${name}" is no column: correct its spelling (${known.join(', ')}), or remove it`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `column ${name} stands twice: remove one`),
  ]
}

function readRow(names: readonly string[], record: CsvRecord): { row?: TagRow; badRows: BadRow[] } {
  const { line, cells } = record
  const path = unguardedCell(cells[names.indexOf('path')]?.trim() ?? '')
  const badRows: BadRow[] = []
  const bad = (problem: string) =>
    badRows.push({ line, where: path === '' ? 'tag without path' : `tag ${path}`, problem })
  if (cells.length !== names.length) {
    bad(`the row has ${cells.length} cells, the header ${names.length}: check its commas and quotes`)
    return { badRows }
  }
  if (path === '') bad("the path is missing: write the tag's path")
  if (holdsUnstorableText(cells)) bad(unstorableTextProblem)
  const values: Record<string, string | number | boolean> = {}
  for (const [index, name] of names.entries()) {
    const column = columns[name]
    const cell = cells[index] ?? ''
    if (column === undefined || cell.trim() === '') continue
    const value = readCell(cell, column)
    if (typeof value === 'object') bad(`${name}: ${value.problem}`)
    else values[name] = value
  }
  const pick = (from: object) => Object.fromEntries(Object.entries(values).filter(([name]) => name in from))
  const { connection, address, ...rest } = pick(sourceColumns)
  const source = typeof connection === 'string' && typeof address === 'string' ? { connection, address, ...rest } : null
  if (badRows.length === 0 && source === null && Object.keys(pick(sourceColumns)).length > 0) {
    bad('a source needs both connection and address: fill both, or leave all its columns empty')
  }
  return badRows.length > 0 ? { badRows } : { badRows, row: { line, path, stated: pick(statedColumns), source } }
}

function readCell(cell: string, column: Column): string | number | boolean | { problem: string } {
  const text = column.kind === 'text' ? unguardedCell(cell) : cell.trim()
  const value = column.kind === 'text' ? text : column.kind === 'number' ? numberOf(text) : booleanOf(text)
  if (value === undefined) return { problem: `"${text}" is no ${expected[column.kind]}` }
  const parsed = column.schema.safeParse(value)
  return parsed.success ? value : { problem: parsed.error.issues.map((issue) => issue.message).join('; ') }
}

const expected = {
  text: 'text',
  number: 'number: write it with a point, such as 37.5 or 1e-3',
  boolean: 'truth value: write true or false',
}

function numberOf(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

const booleanOf = (text: string): boolean | undefined => {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}
