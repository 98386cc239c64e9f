import { DomainError } from '@throughline/kernel'
import type { PlantModel, TagSource } from '@throughline/model'

/** One row of a document that cannot be taken: where it stands, what it names, what is wrong and what to do. */
export interface BadRow {
  /** From 1, as editors count. */
  readonly line: number
  readonly where: string
  readonly problem: string
}

export interface Entry<Value> {
  readonly value: Value
  /** The line of the entry itself, or of a part of it. */
  lineOf(...part: (string | number)[]): number
}

export type ClassEntry = PlantModel['classes'][number]
export type ConnectionEntry = PlantModel['connections'][number]
export type NodeEntry = PlantModel['nodes'][number]

/** A model document as read: what could be taken, and what could not. */
export interface ModelDocument {
  readonly classes: readonly Entry<ClassEntry>[]
  readonly connections: readonly Entry<ConnectionEntry>[]
  readonly nodes: readonly Entry<NodeEntry>[]
  readonly badRows: readonly BadRow[]
  /** Lower-case names of the entries that could not be taken: what refers to them is not reported a second time. */
  readonly broken: { readonly classes: Set<string>; readonly connections: Set<string>; readonly nodes: Set<string> }
}

/** One row of a tag file. */
export interface TagRow {
  readonly line: number
  readonly path: string
  /** What the row says of the tag itself; it must agree with the tag's class. */
  readonly stated: Readonly<Record<string, string | number | boolean>>
  /** Null = the row names no source. What it leaves open stays as it is. */
  readonly source: (Pick<TagSource, 'connection' | 'address'> & Partial<TagSource>) | null
}

export interface TagFile {
  readonly rows: readonly TagRow[]
  readonly badRows: readonly BadRow[]
}

/** @throws DomainError `invalid` that names every bad row, by line */
export function assertNoBadRows(badRows: readonly BadRow[]): void {
  if (badRows.length === 0) return
  const rows = [...badRows].sort((a, b) => a.line - b.line)
  const [first] = rows
  const others = rows.length === 1 ? '' : `, and ${rows.length - 1} more`
  throw new DomainError(
    'invalid',
    'equipment.model-invalid',
    `Nothing was changed: line ${first?.line} (${first?.where}): ${first?.problem}${others}`,
    { rows },
  )
}
