import type { Decimal, Id, Instant } from '@throughline/kernel'
import { compare, parseDecimal, parseInstant, zero } from '@throughline/kernel'
import { Code } from '@throughline/model'
import { readCsvText, unguardedCell } from '@throughline/platform'

/** A line that cannot be taken: what is wrong, and what to do. */
export interface BadLine {
  readonly line: number
  /** Null = the line as a whole. */
  readonly column: string | null
  readonly problem: string
}

export interface OrderLine {
  readonly line: number
  /** Null = the next number of the plant. */
  readonly code: string | null
  readonly product: string
  readonly quantity: Decimal
  readonly siteId: Id<'EquipmentNode'>
  readonly priority: number
  readonly dueAt: Instant | null
  readonly reference: string
}

const columns = ['code', 'product', 'quantity', 'site', 'priority', 'due', 'reference'] as const
type Column = (typeof columns)[number]
const needed: readonly Column[] = ['product', 'quantity', 'site']

/**
 * Reads orders from CSV with a header line; columns in any order, those that may be empty may be missing.
 *
 * @param siteOf the site of a path, whatever its case
 */
export function readOrderLines(
  csv: string,
  siteOf: (path: string) => Id<'EquipmentNode'> | undefined,
): { readonly lines: readonly OrderLine[]; readonly bad: readonly BadLine[] } {
  const { records, problem } = readCsvText(csv)
  const [header, ...rest] = records
  const bad: BadLine[] = problem === null ? [] : [{ line: problem.line, column: null, problem: problem.text }]
  if (header === undefined) {
    if (bad.length === 0)
      bad.push({ line: 1, column: null, problem: `the file is empty: begin with ${columns.join(',')}` })
    return { lines: [], bad }
  }
  const heads = header.cells.map((cell) => cell.trim().toLowerCase())
  const inHeader = headerProblems(heads).map((each) => ({ line: header.line, ...each }))
  if (inHeader.length > 0) return { lines: [], bad: [...bad, ...inHeader] }
  const seen = new Map<string, number>()
  const lines = rest.flatMap(({ line, cells }): OrderLine[] => {
    const problems: BadLine[] = []
    const refuse = (column: Column | null, text: string): void => {
      problems.push({ line, column, problem: text })
    }
    if (cells.length !== heads.length) {
      refuse(null, `the line has ${cells.length} cells, the header ${heads.length}: check its commas and quotes`)
      bad.push(...problems)
      return []
    }
    const cell = (column: Column): string => unguardedCell((cells[heads.indexOf(column)] ?? '').trim())
    const code = cell('code')
    if (code !== '') {
      if (!Code.safeParse(code).success) refuse('code', `"${code}" is no code: letters, digits and . _ / + -`)
      const twin = seen.get(code.toLowerCase())
      if (twin !== undefined) refuse('code', `${code} stands in line ${twin} already: remove one`)
      seen.set(code.toLowerCase(), twin ?? line)
    }
    const product = cell('product')
    if (!Code.safeParse(product).success) refuse('product', `"${product}" is no material code`)
    const quantity = parseDecimal(cell('quantity'))
    if (quantity === undefined || compare(quantity, zero) <= 0) {
      refuse('quantity', `"${cell('quantity')}" is no amount above 0: write it like 12.5`)
    }
    const siteId = siteOf(cell('site'))
    if (siteId === undefined) refuse('site', `there is no site ${cell('site') || '(empty)'}: give its path`)
    const priority = cell('priority') === '' ? 5 : Number(cell('priority'))
    if (!Number.isInteger(priority) || priority < 1 || priority > 9) {
      refuse('priority', `"${cell('priority')}" is no priority: 1 (most urgent) to 9`)
    }
    const dueAt = dueOf(cell('due'))
    if (dueAt === undefined) refuse('due', `"${cell('due')}" is no time: write it like 2026-12-01T14:00:00+01:00`)
    const reference = cell('reference')
    if (reference.length > 200) refuse('reference', 'it is longer than 200 characters: shorten it')
    bad.push(...problems)
    if (problems.length > 0 || quantity === undefined || siteId === undefined || dueAt === undefined) return []
    return [{ line, code: code === '' ? null : code, product, quantity, siteId, priority, dueAt, reference }]
  })
  return { lines, bad }
}

/** A time without its offset would be another hour at another site: it is not taken. */
function dueOf(text: string): Instant | null | undefined {
  if (text === '') return null
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text) ? parseInstant(text) : undefined
}

function headerProblems(heads: readonly string[]): { column: string; problem: string }[] {
  return [
    ...needed
      .filter((column) => !heads.includes(column))
      .map((column) => ({ column, problem: 'this column is missing: add it' })),
    ...heads
      .filter((head) => !columns.some((column) => column === head))
      .map((head) => ({
        column: head,
        problem: `this is no column (${columns.join(', ')}): correct it, or remove it`,
      })),
    ...heads
      .filter((head, index) => heads.indexOf(head) !== index)
      .map((head) => ({ column: head, problem: 'this column stands twice: remove one' })),
  ]
}
