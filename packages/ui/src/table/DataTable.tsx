import type { ReactElement, ReactNode } from 'react'
import './table.css'

/** One column: its head, how a row fills it, and whether it is numbers (right) or words. */
export interface DataColumn<Row> {
  readonly key: string
  readonly head: ReactNode
  readonly cell: (row: Row) => ReactNode
  readonly align?: 'right'
  /** No wider than its content. */
  readonly tight?: boolean
}

interface DataTableProps<Row> {
  /** What the table holds, for those who hear it. */
  readonly caption: string
  readonly columns: readonly DataColumn<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly empty?: ReactNode
}

/** A plain table of rows; scrolls sideways by itself rather than the page. On a phone each row is a card with the heads beside its values. */
export function DataTable<Row>({ caption, columns, rows, rowKey, empty }: DataTableProps<Row>): ReactElement {
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable-region-focusable
    <section className="tl-table-scroll" aria-label={caption} tabIndex={0}>
      <table className="tl-table tl-table-rows">
        <caption className="tl-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={column.align} data-tight={column.tight}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-align={column.align}
                  data-tight={column.tight}
                  data-head={typeof column.head === 'string' ? column.head : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? empty : null}
    </section>
  )
}
