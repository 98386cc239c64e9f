import { Sheet } from '@throughline/platform'
import { kpis } from '../kpi/catalogue.ts'
import type { ReportContents } from './contents.ts'
import { durationText, figureText, shownKpis } from './contents.ts'

/** The report for people: an archivable, tagged PDF (PDF/A-3b) that needs nothing else. */
export async function pdfOf(contents: ReportContents): Promise<Buffer> {
  const { node, window, total, made, by, timeText } = contents
  const title = `Shift report: ${node}`
  const sheet = new Sheet({ title, subject: title, author: by, producer: 'Throughline', at: made })
  sheet.heading(1, title)
  sheet.field('Time', `${timeText(window.from)} to ${timeText(window.to)}`)
  sheet.field('Made', `${timeText(made)}, for ${by}`)
  const { coverage, elements, running } = total
  sheet.field(
    'Known',
    coverage === null ? 'no planned busy time' : `${(coverage * 100).toFixed(1)} % of the planned time`,
  )
  if (running) sheet.field('State', 'The shift goes on: these numbers still change')
  sheet.field('Unexplained', durationText(elements.unexplainedUs))
  writeKpis(sheet, contents)
  writeLosses(sheet, contents)
  writeStops(sheet, contents)
  return await sheet.finish(`${title} · ${timeText(window.from)}`)
}

function writeKpis(sheet: Sheet, { rows, total }: ReportContents): void {
  sheet.heading(2, 'Machines')
  const number = { share: 0.135 }
  sheet.table(
    [
      { title: 'Machine', share: 0.19 },
      ...['OEE', 'Availability', 'Effectiveness', 'Quality', 'Good', 'Scrap'].map((name) => ({
        ...number,
        title: name,
      })),
    ],
    [...rows, { ...total, label: 'All' }].map((row) => [
      row.label,
      ...shownKpis.map((id) => figureText(row, id, '%')),
      String(row.elements.gq),
      String(row.elements.sq),
    ]),
  )
  sheet.heading(2, 'All figures')
  for (const { definition } of kpis) {
    const note = total.kpis.find((kpi) => kpi.id === definition.id)?.note
    const figure = figureText(total, definition.id, definition.unit)
    sheet.field(definition.name, `${figure}   ${definition.formula}${note == null ? '' : ` · ${note}`}`)
  }
}

function writeLosses(sheet: Sheet, { steps, stopReasons, scrapReasons, total }: ReportContents): void {
  sheet.heading(2, 'Where the planned time went')
  const columns = [
    { title: 'Loss', share: 0.5 },
    { title: 'Time', share: 0.25 },
    { title: 'Share', share: 0.25 },
  ]
  const part = (us: number): string =>
    total.elements.pbtUs === 0 ? '–' : `${((us / total.elements.pbtUs) * 100).toFixed(1)} %`
  sheet.table(columns, [
    ['Planned busy time', durationText(total.elements.pbtUs), part(total.elements.pbtUs)],
    ...steps.map(({ label, us }) => [`− ${label}`, durationText(us), part(us)]),
    ['Ideal time of good parts', durationText(total.elements.idealGoodUs), part(total.elements.idealGoodUs)],
  ])
  sheet.heading(2, 'Reasons of stops')
  if (stopReasons.length === 0) sheet.paragraph('No stop took planned time.')
  else {
    const reasons = stopReasons.map(({ label, us, count }) => [label, durationText(us), String(count)])
    sheet.table([...columns.slice(0, 2), { title: 'Number', share: 0.25 }], reasons)
  }
  sheet.heading(2, 'Scrap')
  if (scrapReasons.length === 0) sheet.paragraph('No scrap.')
  else {
    const reasons = scrapReasons.map(({ label, us, quantity }) => [label, durationText(us), String(quantity)])
    sheet.table([...columns.slice(0, 2), { title: 'Parts', share: 0.25 }], reasons)
  }
}

function writeStops(sheet: Sheet, { stops, made, timeText }: ReportContents): void {
  sheet.heading(2, 'Stops')
  if (stops.length === 0) sheet.paragraph('There was no stop, but for minor ones.')
  else {
    sheet.table(
      [
        { title: 'Machine', share: 0.14 },
        { title: 'From', share: 0.26 },
        { title: 'For', share: 0.14 },
        { title: 'State', share: 0.12 },
        { title: 'Reason and remarks', share: 0.34 },
      ],
      stops.map(({ machine, from, to, state, reason, comments }) => [
        machine,
        timeText(from),
        `${durationText((to ?? made) - from)}${to === null ? ' (goes on)' : ''}`,
        state,
        [reason ?? 'unexplained', ...comments].join('; '),
      ]),
    )
  }
}
