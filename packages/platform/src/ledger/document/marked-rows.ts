import type { RecordChange } from '@throughline/model'
import { fieldDifferences, fieldWords } from '@throughline/model'
import { canonicalJson } from '../canonical-json.ts'

/** That a field no longer says what was first entered, and what it said before its last change. */
export interface ChangeMark {
  readonly field: string
  readonly version: number
  readonly before: unknown
}

/** A row of the record as it stands, with what was changed in it since it came to be. */
export interface MarkedRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
  /** By column; a column that still says what was first entered has none. */
  readonly marks: ReadonlyMap<string, readonly ChangeMark[]>
}

/** The record after its last version, made from its changes, oldest first (draft Annex 11, 8.2: what was changed is marked). */
export function markedRows(changes: readonly RecordChange[]): MarkedRow[] {
  const rows: (MarkedRow & { image: string })[] = []
  for (const { version, rows: changed } of changes) {
    for (const { table, before, after } of changed) {
      const image = before === null ? undefined : canonicalJson(before)
      const index = rows.findIndex((each) => each.table === table && each.image === image)
      const old = index < 0 ? undefined : rows.splice(index, 1)[0]
      if (after === null) continue
      const marks = marksAfter(old?.marks, version, before, after)
      rows.push({ table, row: after, marks, image: canonicalJson(after) })
    }
  }
  return rows.map(({ table, row, marks }) => ({ table, row, marks }))
}

function marksAfter(
  earlier: MarkedRow['marks'] | undefined,
  version: number,
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): Map<string, readonly ChangeMark[]> {
  const marks = new Map(earlier)
  if (before === null) return marks
  for (const difference of fieldDifferences(before, after)) {
    const column = String(difference.path[0])
    const field = fieldWords(difference.path)
    const others = (marks.get(column) ?? []).filter((mark) => mark.field !== field)
    marks.set(column, [...others, { field, version, before: difference.before }])
  }
  return marks
}
