import type { Instant } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import { isEnteredLate } from '@throughline/model'
import type { Sheet } from '@throughline/platform'
import { calibrationWords, numberWords, rangeWords, signatureWords, unknown } from './words.ts'

type TimeText = (at: Instant) => string

/** What was measured, what departed from what was approved, what held it, and where it was. */
export function writeFindings(sheet: Sheet, asBuilt: AsBuilt, timeText: TimeText): void {
  writeInspections(sheet, asBuilt, timeText)
  writeDeviations(sheet, asBuilt, timeText)
  sheet.heading(2, 'Holds of its order')
  if (asBuilt.holds.length === 0) sheet.paragraph('None.')
  for (const { cause, subject, reason, by, at, ended } of asBuilt.holds) {
    const end = ended === null ? 'not ended' : `ended by ${ended.by}, ${timeText(ended.at)}: ${ended.reason}`
    sheet.field(`${cause}${subject === null ? '' : ` ${subject}`}`, `${by}, ${timeText(at)}: ${reason}; ${end}`)
  }
  writeMovements(sheet, asBuilt, timeText)
}

function writeInspections(sheet: Sheet, { inspections }: AsBuilt, timeText: TimeText): void {
  sheet.heading(2, 'What was measured')
  if (inspections.length === 0) sheet.paragraph('No inspection of it is known.')
  for (const inspection of inspections) {
    const { kind, at, recordedBy, passed, gauge, tool, document, results } = inspection
    const judged = passed === null ? 'not judged' : passed ? 'passed' : 'FAILED'
    sheet.heading(3, `${kind}, ${timeText(at)}: ${judged}`)
    const late = isEnteredLate(inspection) ? `, late entry of ${timeText(inspection.recordedAt)}` : ''
    sheet.field('Recorded by', `${recordedBy}${late}`)
    sheet.field('With', gauge === null || tool === null ? unknown : `${gauge}; ${calibrationWords(tool, timeText)}`)
    if (document !== null) sheet.field('Original', `SHA-256 ${document}`)
    sheet.table(
      [
        { title: 'Characteristic', share: 0.3 },
        { title: 'Limits', share: 0.26 },
        { title: 'Nominal', share: 0.14 },
        { title: 'Measured', share: 0.14 },
        { title: 'Judged', share: 0.16 },
      ],
      results.map(({ characteristic, name, nominal, low, high, unit, measured, status, within }) => [
        [characteristic, name].filter((part) => part !== '').join(' '),
        rangeWords({ low, high, unit: unit ?? '' }),
        nominal === null ? '' : numberWords(nominal),
        measured === null ? 'judged, not measured' : numberWords(measured),
        within === null ? status : within ? 'within' : 'OUTSIDE',
      ]),
    )
  }
}

function writeDeviations(sheet: Sheet, { deviations }: AsBuilt, timeText: TimeText): void {
  sheet.heading(2, 'Deviations')
  if (deviations.length === 0) sheet.paragraph('None is known.')
  for (const {
    code,
    title,
    description,
    severity,
    state,
    at,
    openedBy,
    about,
    notes,
    closed,
    signatures,
  } of deviations) {
    sheet.heading(3, `${code} ${title}: ${state}`)
    sheet.field('What', [about, description].filter((part) => part !== '').join(': '))
    sheet.field('When', `${timeText(at)}, ${severity}, opened by ${openedBy}`)
    for (const note of notes) sheet.field('Note', `${note.by}, ${timeText(note.at)}: ${note.text}`)
    if (closed !== null) {
      const said = closed.disposition === null ? 'taken back' : closed.disposition.replaceAll('-', ' ')
      sheet.field('Decided', `${said}, ${closed.by}, ${timeText(closed.at)}: ${closed.conclusion}`)
    }
    for (const signature of signatures) sheet.field('Signed', signatureWords(signature))
  }
}

function writeMovements(sheet: Sheet, { movements, lot }: AsBuilt, timeText: TimeText): void {
  sheet.heading(2, 'Movements')
  sheet.table(
    [
      { title: 'When', share: 0.24 },
      { title: 'What', share: 0.12 },
      { title: 'Of it', share: 0.1 },
      { title: 'Where', share: 0.24 },
      { title: 'Who', share: 0.1 },
      { title: 'Why', share: 0.2 },
    ],
    movements.map(({ at, kind, from, to, place, recordedBy, reason }) => {
      const own = [...to, ...from].find(({ lotId }) => lotId === lot.id)
      return [timeText(at), kind, own?.quantity ?? '', place ?? unknown, recordedBy, reason]
    }),
  )
}
