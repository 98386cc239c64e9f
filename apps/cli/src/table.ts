/** An answer as aligned columns for reading: a list as rows, a record as its fields; what has structure stays JSON. */
export function tableOf(answer: unknown): string {
  const rows = rowsOf(answer)
  if (rows === undefined) return JSON.stringify(answer, null, 2)
  if (rows.length === 0) return '(none)'
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = [columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))]
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

type Row = Record<string, unknown>

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function rowsOf(answer: unknown): Row[] | undefined {
  if (Array.isArray(answer)) return answer.every(isRow) ? answer : undefined
  if (!isRow(answer)) return undefined
  const fields = Object.entries(answer).map(([field, value]) => ({ field, value }))
  const [list, ...others] = fields.map(({ value }) => value).filter((value) => Array.isArray(value))
  if (others.length > 0) return undefined
  // A list and how many there are; more than that beside an empty list is the answer itself.
  const isRecord = list?.length === 0 && fields.length > 3
  return list === undefined || isRecord ? fields : rowsOf(list)
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '—'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
