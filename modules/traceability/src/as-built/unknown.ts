import type { AsBuilt } from '@throughline/model'
import type { Facts } from './facts.ts'
import { runName, utcText } from './rules.ts'

type Told = Omit<AsBuilt, 'unknown'>
type Run = AsBuilt['runs'][number]

/** What is not known of a piece, or not done yet, in words: nobody has to find it out by what is not there. */
export function unknownOf(
  told: Told,
  facts: Pick<Facts, 'unrecorded' | 'movementsInAll' | 'readingFindings'>,
): string[] {
  const { lot, order, product, genealogy, movements, deviations, inspections } = told
  const raw = genealogy.lots.filter(({ isRaw }) => isRaw)
  return [
    ...(product.name === null ? [`The definition of ${product.code} that ${lot.code} was made by is not known`] : []),
    ...(order === null && genealogy.edges.length > 0 ? [`By which order ${lot.code} was made is not known`] : []),
    ...(genealogy.truncated
      ? [`${lot.code} is made of more lots than one record holds: the farther ones are not in it`]
      : []),
    ...(genealogy.hidden > 0
      ? [`${genealogy.hidden} of the lots that it is made of lie at places that you may not see: they are not told`]
      : []),
    ...raw.flatMap(({ code, supplier, certificate, certificateNeeded }) => [
      ...(supplier === null ? [`Who supplied ${code} is not known`] : []),
      ...(certificateNeeded && certificate === null
        ? [`No certificate of ${code} is known, and its material needs one`]
        : []),
    ]),
    ...told.runs.flatMap(unknownOfRun),
    ...told.weighings.flatMap(({ dispensedCode, tool }) => unknownOfTool(tool, `the weighing of ${dispensedCode}`)),
    ...facts.readingFindings,
    ...inspections.flatMap(({ at, passed, tool }) => [
      ...(passed === null ? [`The inspection of ${utcText(at)} was not judged`] : []),
      ...(tool === null ? [] : unknownOfTool(tool, `the inspection of ${utcText(at)}`)),
    ]),
    ...deviations.flatMap(({ code, state }) => (state === 'open' ? [`Deviation ${code} is open`] : [])),
    ...(facts.movementsInAll > movements.length
      ? [`${lot.code} moved ${facts.movementsInAll} times: the first ${movements.length} are told`]
      : []),
    ...facts.unrecorded.map(({ kind, id }) => `The ledger knows no ${kind} ${id}, which stands in this record`),
  ]
}

function unknownOfRun(run: Run): string[] {
  const name = runName(run)
  const isOver = run.state === 'completed'
  return [
    ...(isOver || run.state === 'skipped' ? [] : [`${name} is not done: it is ${run.state}`]),
    ...run.steps
      .filter(({ entries, optional, conditional }) => isOver && entries.length === 0 && !optional && !conditional)
      .map(({ title }) => `${name}: nothing was entered for "${title}"`),
    ...run.steps
      .filter(({ secondPerson, entries }) => secondPerson && entries.some(isUnconfirmed))
      .map(({ title }) => `${name}: no second person has confirmed "${title}"`),
    ...run.parameters.flatMap((parameter) => unknownOfParameter(parameter, name)),
    ...run.parameters
      .filter(({ tagId, window, seals }) => isOver && tagId !== null && window !== null && seals.length === 0)
      .map((each) => `${name}: the readings of ${each.name} are not sealed yet`),
    ...run.toolsUsed.flatMap((tool) => unknownOfTool(tool, name)),
    ...unknownOfProgram(run, name),
    ...run.people.flatMap((person) =>
      person.skills
        .filter(({ held }) => !held)
        .map(({ skill }) => `${name}: that ${person.name} was qualified for ${skill} is not known`),
    ),
  ]
}

function unknownOfProgram({ program, startedAt, place }: Run, name: string): string[] {
  if (program === null || program.released === null || startedAt === null) return []
  const { released, loaded, verdict, checks } = program
  if (loaded === null && checks.every((check) => check.loaded === null)) {
    return [`${name}: which program ${place ?? 'its equipment'} had loaded is not known`]
  }
  const others = [
    ...(verdict === 'other' ? [loaded] : []),
    ...checks.flatMap((each) => (each.verdict === 'other' ? [each.loaded] : [])),
  ]
  return [...new Set(others.flatMap((other) => other?.name ?? []))].map((other) =>
    other === released.name
      ? `${name}: under the name ${other} another text was loaded than the one that was released`
      : `${name}: the program ${other} was loaded, which is not the ${released.name} that was released`,
  )
}

const isUnconfirmed = ({ replacedAt, verified }: Run['steps'][number]['entries'][number]): boolean =>
  replacedAt === null && verified === null

function unknownOfParameter(parameter: Run['parameters'][number], run: string): string[] {
  const { name, tag, tagId, window, coverage } = parameter
  if (window !== null && tag !== null && tagId === null) return [`${run}: its equipment has no tag ${tag} for ${name}`]
  if (window === null || coverage === null) return []
  const lasted = (window.to - window.from) / 1e6
  const missing = lasted * (1 - coverage)
  if (coverage === 0) return [`${run}: no usable reading of ${name} is there`]
  return missing < 1
    ? []
    : [`${run}: of ${name} nothing usable was read for ${Math.round(missing)} s of ${Math.round(lasted)} s`]
}

function unknownOfTool(
  { code, asset, calibration, inCalibration, doubtedBy }: Run['toolsUsed'][number],
  where: string,
): string[] {
  if (asset === null) return [`${where}: ${code} is not registered as a tool or gauge`]
  return [
    ...(asset.needsCalibration && calibration === null
      ? [`${where}: no calibration of ${code} before its use is known`]
      : []),
    ...(inCalibration === false ? [`${where}: ${code} was not in calibration`] : []),
    ...(doubtedBy === null
      ? []
      : [`${where}: ${code} was found out of tolerance on ${utcText(doubtedBy.at)}, after its use`]),
  ]
}
