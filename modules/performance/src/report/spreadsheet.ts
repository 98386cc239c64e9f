import { toIso } from '@throughline/kernel'
import { stringify } from 'csv-stringify/sync'
import writeXlsxFile from 'write-excel-file/node'
import { kpis } from '../kpi/catalogue.ts'
import type { ReportContents } from './contents.ts'

type Value = string | number | null

/** Sheets of plain numbers, for who goes on working with them: ratios 0 to 1, times in seconds, instants in ISO 8601. */
function tablesOf(contents: ReportContents): { readonly name: string; readonly rows: readonly (readonly Value[])[] }[] {
  const { rows, total, stops, stopReasons, scrapReasons, steps } = contents
  const all = [...rows, { ...total, label: 'All' }]
  const figures = all.flatMap((row) =>
    row.kpis.map(({ id, value, low, high, note }): Value[] => {
      const definition = kpis.find((kpi) => kpi.definition.id === id)?.definition
      return [row.label, definition?.name ?? id, value, definition?.unit ?? null, low, high, note, row.coverage]
    }),
  )
  return [
    { name: 'KPIs', rows: [['Machine', 'KPI', 'Value', 'Unit', 'Low', 'High', 'Note', 'Coverage'], ...figures] },
    {
      name: 'Quantities',
      rows: [
        ['Machine', 'Produced', 'Good', 'Scrap', 'Rework', 'Unexplained s'],
        ...all.map(({ label, elements: { pq, gq, sq, rq, unexplainedUs } }): Value[] => [
          ...[label, pq, gq, sq, rq, unexplainedUs / 1e6],
        ]),
      ],
    },
    {
      name: 'Losses',
      rows: [['Loss', 'Seconds', 'Share'], ...steps.map(({ label, us, share }): Value[] => [label, us / 1e6, share])],
    },
    {
      name: 'Stop reasons',
      rows: [
        ['Reason', 'Seconds', 'Number'],
        ...stopReasons.map(({ label, us, count }): Value[] => [label, us / 1e6, count]),
      ],
    },
    {
      name: 'Scrap reasons',
      rows: [
        ['Reason', 'Parts', 'Ideal seconds'],
        ...scrapReasons.map(({ label, us, quantity }): Value[] => [label, quantity, us / 1e6]),
      ],
    },
    {
      name: 'Stops',
      rows: [
        ['Machine', 'From', 'To', 'Seconds', 'State', 'Reason', 'Remarks'],
        ...stops.map(({ machine, from, to, state, reason, comments }): Value[] => [
          ...[machine, toIso(from), to === null ? null : toIso(to), to === null ? null : (to - from) / 1e6],
          ...[state, reason ?? 'unexplained', comments.join('; ')],
        ]),
      ],
    },
  ]
}

export async function xlsxOf(contents: ReportContents): Promise<Buffer> {
  const sheets = tablesOf(contents).map(({ name, rows }) => ({
    sheet: name,
    data: rows.map((row, index) =>
      row.map((value) => {
        if (value === null || value === '') return null
        if (typeof value === 'number') return { value, type: Number }
        // As text whatever it begins with: a remark must not become a formula.
        return { value, type: String, ...(index === 0 ? { fontWeight: 'bold' as const } : {}) }
      }),
    ),
    stickyRowsCount: 1,
    columns: (rows[0] ?? []).map(() => ({ width: 22 })),
  }))
  return await writeXlsxFile(sheets).toBuffer()
}

/** The same in one file: the tables one below the other, each line begins with the name of its table. */
export function csvOf(contents: ReportContents): Buffer {
  const lines = tablesOf(contents).flatMap(({ name, rows }) => rows.map((row) => [name, ...row]))
  // A remark that begins like a formula stays a text where the file is opened.
  return Buffer.from(stringify(lines, { bom: true, escape_formulas: true, record_delimiter: 'windows' }))
}
