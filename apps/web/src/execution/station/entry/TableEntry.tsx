import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useRef, useState } from 'react'
import { useSignal } from '../station-context.ts'
import { limitText, text, typedNumber, within } from '../step-limits.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

const mostDecimals = 6

type Column = AskOf<'table'>['columns'][number]

/** Rows of values, each cell with its limits at the head of its column. */
export function TableEntry({ ask, ...props }: AnswerProps & { readonly ask: AskOf<'table'> }): ReactElement {
  const [cells, setCells] = useState<Readonly<Record<string, string>>>({})
  const rows = Array.from({ length: ask.rows }, (_, row) => row)
  const at = (row: number, { key }: Column): string => `${row} ${key}`

  const places = rows.flatMap((row) => ask.columns.map((column) => ({ key: at(row, column), column })))
  const [chosen, setChosen] = useState(0)
  const table = useRef<HTMLTableElement>(null)
  useSignal('key', (key) => {
    const place = places[chosen]
    if (place === undefined) return
    setCells((before) => ({ ...before, [place.key]: typedNumber(before[place.key] ?? '', key, mostDecimals) }))
  })
  useSignal('code', (code) => {
    const place = places[chosen]
    if (place !== undefined && !isNumeric(place.column)) setCells((before) => ({ ...before, [place.key]: code }))
  })
  useSignal('next', () => table.current?.querySelectorAll('input')[(chosen + 1) % places.length]?.focus())

  function value() {
    for (const row of rows) {
      for (const column of ask.columns) {
        const typed = (cells[at(row, column)] ?? '').trim()
        const name = `Row ${row + 1}, ${text(column.label)}`
        if (typed === '') return `${name} is empty: fill it.`
        if (isNumeric(column) && numberOf(typed) === undefined) return `${name}: give a number.`
      }
    }
    return {
      type: 'table' as const,
      rows: rows.map((row) =>
        Object.fromEntries(
          ask.columns.map((column) => {
            const typed = (cells[at(row, column)] ?? '').trim()
            return [column.key, isNumeric(column) ? (numberOf(typed) ?? null) : typed]
          }),
        ),
      ),
    }
  }

  return (
    <AnswerForm {...props} takesCode verb="Record" value={value}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard */}
      <section className="work-table" aria-label={text(props.cell.step.title)} tabIndex={0}>
        <table ref={table}>
          <thead>
            <tr>
              <th scope="col">Row</th>
              {ask.columns.map((column) => (
                <th key={column.key} scope="col">
                  {text(column.label)}
                  {column.unit === null ? '' : `, ${unitLabel(column.unit)}`}
                  <span className="machine-sub">{limitText(column, null) ?? ''}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row}>
                <th scope="row">{row + 1}</th>
                {ask.columns.map((column) => {
                  const typed = cells[at(row, column)] ?? ''
                  const number = isNumeric(column) ? numberOf(typed) : undefined
                  return (
                    <td key={column.key}>
                      <input
                        className="station-input"
                        inputMode={isNumeric(column) ? 'decimal' : 'text'}
                        aria-label={`Row ${row + 1}, ${text(column.label)}`}
                        data-chosen={places[chosen]?.key === at(row, column)}
                        onFocus={() => setChosen(places.findIndex(({ key }) => key === at(row, column)))}
                        aria-invalid={number !== undefined && within(number, column) === false}
                        value={typed}
                        onChange={({ currentTarget: { value: next } }) =>
                          setCells({ ...cells, [at(row, column)]: next })
                        }
                      />
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </AnswerForm>
  )
}

/** As the plant judges it: with a unit or a limit it is a number. */
const isNumeric = ({ unit, low, high }: Column): boolean => unit !== null || low !== null || high !== null

function numberOf(typed: string): number | undefined {
  const number = Number(typed.replace(',', '.'))
  return typed.trim() === '' || !Number.isFinite(number) ? undefined : number
}
