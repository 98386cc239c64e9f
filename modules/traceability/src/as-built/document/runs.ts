import type { Instant } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import type { Sheet } from '@throughline/platform'
import {
  calibrationWords,
  limitWords,
  numberWords,
  programWords,
  rangeWords,
  remarkWords,
  sealWords,
  signatureWords,
  unknown,
  valueWords,
} from './words.ts'

type Run = AsBuilt['runs'][number]
type TimeText = (at: Instant) => string

/** Every doing of every operation, oldest first. */
export function writeRuns(sheet: Sheet, { runs, lot, weighings }: AsBuilt, timeText: TimeText): void {
  sheet.heading(2, 'How it was made')
  if (runs.length === 0) sheet.paragraph('No operation on it is known.')
  for (const run of runs) {
    sheet.heading(3, `${run.sequence} ${run.name}${run.attempt > 1 ? `, attempt ${run.attempt}` : ''}: ${run.state}`)
    if (run.lotCode !== lot.code) sheet.field('Done on', `${run.lotCode}, which it was a part of then`)
    sheet.field('Where', run.startedAt === null ? 'not begun' : (run.place ?? unknown))
    if (run.startedAt !== null) {
      sheet.field('When', spanWords(run.startedAt, run.completedAt, timeText))
      sheet.field('Together', `${run.pieces} ${run.pieces === 1 ? 'piece' : 'pieces'}: ${amounts(run)}`)
    }
    if (run.specialProcess) sheet.field('Special process', 'yes')
    writeProgram(sheet, run, timeText)
    writePeople(sheet, run, timeText)
    writeTools(sheet, run, timeText)
    writeMaterials(sheet, run, weighings, timeText)
    writeSteps(sheet, run, timeText)
    writeParameters(sheet, run, timeText)
    for (const { kind, message, reason, by, at, signatures } of run.overrides) {
      sheet.field('Answered for', `${kind.replaceAll('-', ' ')}: ${message}. ${by}, ${timeText(at)}: ${reason}`)
      for (const signature of signatures) sheet.field('', signatureWords(signature))
    }
  }
}

function writeProgram(sheet: Sheet, { program }: Run, timeText: TimeText): void {
  if (program === null) return
  const { released, loaded, verdict, checks } = program
  sheet.field('Program', released === null ? 'none is released' : `${released.name}, SHA-256 ${released.sha256}`)
  const hash = loaded?.sha256 == null ? '' : `, SHA-256 ${loaded.sha256}`
  const told = loaded === null ? unknown : `${loaded.name}${hash}, since ${timeText(loaded.at)}`
  sheet.field('Loaded', verdict === null ? told : `${told}: ${programWords[verdict]}`)
  for (const check of checks) {
    const when = `${check.occasion === 'start' ? 'At the start' : 'When it went on'}, ${timeText(check.at)}`
    const what = check.loaded === null ? '' : `${check.loaded.name}, `
    sheet.field('Gate', `${when}: ${what}${programWords[check.verdict]}`)
  }
}

function writeMaterials(
  sheet: Sheet,
  { id, materials }: Run,
  weighings: AsBuilt['weighings'],
  timeText: TimeText,
): void {
  for (const { code, material, quantity, unit, at } of materials) {
    const amount = quantity === null ? 'shared' : `${quantity}${unit === '1' ? '' : ` ${unit}`}`
    sheet.field('Went in', `${code}, ${material}, ${amount}, ${timeText(at)}`)
  }
  for (const each of weighings.filter(({ runId }) => runId === id)) {
    const { lotCode, dispensedCode, scale, unit, gross, tare, net, target, below, above } = each
    const limits = `target ${target} −${below} +${above} ${unit}, ${each.within ? 'within' : 'OUTSIDE'}`
    sheet.field(
      'Weighed',
      `${dispensedCode} of ${lotCode}: gross ${gross}, tare ${tare}, net ${net} ${unit}; ${limits}`,
    )
    const second = each.confirmedBy === null ? 'nobody confirmed it' : `confirmed by ${each.confirmedBy}`
    sheet.field(
      '',
      `${scale}, ${calibrationWords(each.tool, timeText)}; by ${each.weighedBy}, ${timeText(each.weighedAt)}; ${second}`,
    )
  }
}

function spanWords(from: Instant, to: Instant | null, timeText: TimeText): string {
  if (to === null) return `${timeText(from)}, not ended`
  return to === from ? timeText(from) : `${timeText(from)} to ${timeText(to)}`
}

const amounts = ({ good, scrap, rework }: Run): string => `${good} good, ${scrap} scrap, ${rework} to be done again`

function writePeople(sheet: Sheet, { people }: Run, timeText: TimeText): void {
  for (const { name, did, from, to, skills, qualifications } of people) {
    const held = skills.map(({ skill, held: isHeld }) => {
      const evidence = qualifications.filter((each) => each.skill === skill).map((each) => each.evidence)
      return isHeld ? `${skill} (${evidence.join(', ')})` : `${skill} ${unknown}`
    })
    const qualified = held.length === 0 ? '' : `; qualified for ${held.join(', ')}`
    sheet.field(
      did === 'performed' ? 'Done by' : 'Confirmed by',
      `${name}, ${spanWords(from, to, timeText)}${qualified}`,
    )
  }
}

function writeTools(sheet: Sheet, { toolsUsed }: Run, timeText: TimeText): void {
  for (const tool of toolsUsed) {
    const what = tool.asset === null ? '' : `, ${tool.asset.kind} ${tool.asset.type}`
    sheet.field('With', `${tool.code}${what}; ${calibrationWords(tool, timeText)}`)
  }
}

function writeSteps(sheet: Sheet, { steps }: Run, timeText: TimeText): void {
  if (steps.length === 0) return
  sheet.table(
    [
      { title: 'Step', share: 0.2 },
      { title: 'Entered', share: 0.2 },
      { title: 'Limits', share: 0.14 },
      { title: 'Who, when', share: 0.22 },
      { title: 'Remarks', share: 0.24 },
    ],
    steps.flatMap(({ title, ask, entries, conditional }) =>
      entries.length === 0
        ? [[title, conditional ? 'nothing, asked on a condition' : 'nothing', '', '', '']]
        : entries.map((entry) => [
            ...[title, valueWords(entry.value, ask, timeText), limitWords(entry)],
            ...[`${entry.by.name}, ${timeText(entry.at)}`, remarkWords(entry, timeText)],
          ]),
    ),
  )
  for (const { title, entries } of steps) {
    for (const signature of entries.flatMap(({ signatures }) => signatures)) {
      sheet.field(title, signatureWords(signature))
    }
  }
}

const nameWords = (name: string, about: Run['parameters'][number]['about'], isCritical: boolean): string =>
  about === 'environment' ? `${name} (environment)` : isCritical ? `${name} (critical)` : name

function writeParameters(sheet: Sheet, { parameters }: Run, timeText: TimeText): void {
  if (parameters.length === 0) return
  sheet.table(
    [
      { title: 'Parameter', share: 0.2 },
      { title: 'Limits', share: 0.22 },
      { title: 'Least', share: 0.1 },
      { title: 'Mean', share: 0.1 },
      { title: 'Most', share: 0.1 },
      { title: 'Readings', share: 0.16 },
      { title: 'Judged', share: 0.12 },
    ],
    parameters.map(({ name, about, critical, tagId, min, mean, max, samples, coverage, within, ...limits }) => [
      ...[nameWords(name, about, critical), rangeWords(limits)],
      ...(tagId === null ? ['', '', ''] : [min, mean, max].map(numberWords)),
      tagId === null
        ? 'none: it is entered'
        : `${samples}, ${coverage === null ? unknown : `${(coverage * 100).toFixed(1)} % known`}`,
      within === null ? unknown : within ? 'within' : 'OUTSIDE',
    ]),
  )
  for (const { name, gaps } of parameters) {
    if (gaps.length === 0) continue
    const spans = gaps.map(({ from, to }) => `${timeText(from)} to ${timeText(to)}`)
    sheet.field('Gaps', `${name}: nothing usable was read ${spans.join('; ')}`)
  }
  for (const { name, seals } of parameters) {
    for (const { version, cause, samples, sha256, sealedAt } of seals) {
      const what = `${name}, seal ${version}, ${sealWords[cause]}, ${timeText(sealedAt)}`
      sheet.field('Readings sealed', `${what}: ${samples} readings, SHA-256 ${sha256}`)
    }
  }
}
