import type { AsBuilt, ConformityCertificate, Inspection } from '@throughline/model'
import { runName, utcText } from '../as-built/rules.ts'

type Run = AsBuilt['runs'][number]

/** What is open on a piece, so that nobody may state that it is as ordered; in words, each with what to do. */
export function openPoints(made: AsBuilt): string[] {
  const { lot, order, runs, inspections, deviations, holds } = made
  const decided = deviations.filter(({ closed }) => closed !== null && closed.disposition !== null)
  const isDecided = decided.length > 0
  return [
    ...(lot.status === 'available' || lot.status === 'shipped'
      ? []
      : [`${lot.code} is ${lot.status === 'quarantine' ? 'in quarantine' : lot.status}`]),
    ...(order === null ? [`By which order ${lot.code} was made is not known`] : []),
    ...holds.flatMap(({ ended, reason }) => (ended === null ? [`${order?.code ?? lot.code} is held: ${reason}`] : [])),
    ...(runs.length === 0 ? [`${lot.code}: no operation is recorded`] : []),
    ...runs.flatMap((run) => openInRun(run, isDecided)),
    ...failedLast(inspections)
      .filter(({ passed }) => passed === null || !isDecided)
      .map(({ kind, at, passed }) => {
        const judged = passed === null ? 'was not judged' : 'failed, and no deviation was decided'
        return `${lot.code}: its ${kind} inspection of ${utcText(at)} ${judged}`
      }),
    ...deviations.flatMap(({ code, state, title }) =>
      state === 'open' ? [`Deviation ${code} is open: ${title}`] : [],
    ),
    ...decided.flatMap(({ code, closed }) =>
      closed?.disposition === 'scrap' || closed?.disposition === 'return-to-supplier'
        ? [`By deviation ${code}, ${lot.code} is to be ${closed.disposition === 'scrap' ? 'scrapped' : 'returned'}`]
        : [],
    ),
    ...made.unknown.filter(
      (sentence) => sentence.includes('not what was sealed') || sentence.startsWith('No certificate of'),
    ),
  ]
}

function openInRun(run: Run, isDecided: boolean): string[] {
  const name = runName(run)
  if (run.state === 'skipped') return []
  if (run.state !== 'completed') return [`${name} is not done: it is ${run.state}`]
  return [
    ...run.steps
      .filter(({ entries, optional, conditional }) => entries.length === 0 && !optional && !conditional)
      .map(({ title }) => `${name}: nothing was entered for "${title}"`),
    ...run.steps
      .filter(
        ({ secondPerson, entries }) =>
          secondPerson && entries.some((each) => each.replacedAt === null && each.verified === null),
      )
      .map(({ title }) => `${name}: no second person has confirmed "${title}"`),
    ...(isDecided
      ? []
      : [
          ...run.parameters.flatMap(({ name: what, within, critical }) =>
            critical && within === false
              ? [`${name}: ${what} was outside its limits, and no deviation was decided`]
              : [],
          ),
          ...run.toolsUsed.flatMap(({ code, inCalibration, doubtedBy }) =>
            inCalibration === false || doubtedBy !== null
              ? [`${name}: what ${code} measured is in doubt, and no deviation was decided`]
              : [],
          ),
          ...(isOtherProgram(run)
            ? [`${name}: another program than the released one was loaded, and no deviation was decided`]
            : []),
        ]),
  ]
}

/** By the readings of the machine, or by what the gate found when work began or went on. */
const isOtherProgram = ({ program }: Run): boolean =>
  program?.verdict === 'other' || program?.checks.some(({ verdict }) => verdict === 'other') === true

/** Of each kind of inspection the last one, where it did not pass: a piece that was mended was measured again. */
function failedLast(inspections: readonly Pick<Inspection, 'kind' | 'at' | 'passed'>[]) {
  const last = new Map<string, Pick<Inspection, 'kind' | 'at' | 'passed'>>()
  for (const each of inspections.toSorted((a, b) => a.at - b.at)) last.set(each.kind, each)
  return [...last.values()].filter(({ passed }) => passed !== true)
}

/** Departures that were decided on, each once, with the pieces that it concerns. */
export function concessionsOf(pieces: readonly AsBuilt[]): ConformityCertificate['concessions'] {
  const found = new Map<string, ConformityCertificate['concessions'][number]>()
  for (const { lot, deviations } of pieces) {
    for (const { code, title, closed } of deviations) {
      if (closed === null || closed.disposition === null || closed.disposition === 'no-product-affected') continue
      const { disposition, conclusion } = closed
      const known = found.get(code) ?? { code, title, disposition, conclusion, pieces: [] }
      found.set(code, { ...known, pieces: [...known.pieces, lot.code] })
    }
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** What is stated by the signature. */
export function statementOf({ drawing, concessions }: Pick<ConformityCertificate, 'drawing' | 'concessions'>): string {
  const by =
    drawing === null
      ? 'the versions named here'
      : `drawing ${drawing.number} revision ${drawing.revision} and the versions named here`
  const except =
    concessions.length === 0 ? '' : ', except for the departures listed here, which were decided on as stated'
  return `We state that the pieces listed here were made, inspected and recorded by ${by}, and that they meet what was ordered${except}. Records of how each of them was made are kept.`
}
