/** Several texts in one cell: with semicolons between; in double quotes, as JSON has them, where that would not be told apart. */
export const listCell = (values: readonly string[]): string => values.map(partOf).join('; ')

const partOf = (value: string): string =>
  value === '' || value !== value.trim() || /[;"]/.test(value) ? JSON.stringify(value) : value

/** The texts of such a cell; undefined where its quotes do not fit. An empty cell holds none. */
export function listOfCell(cell: string): string[] | undefined {
  if (cell.trim() === '') return []
  const part = /\s*(?:("(?:[^"\\]|\\.)*")|([^";]*?))\s*(;|$)/y
  const values: string[] = []
  for (;;) {
    const found = part.exec(cell)
    if (found === null) return undefined
    const value = found[1] === undefined ? (found[2] ?? '') : unquoted(found[1])
    if (value === undefined || (found[1] === undefined && value === '')) return undefined
    values.push(value)
    if (found[3] === '') return values
  }
}

function unquoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
