import type { AsBuilt } from '@throughline/model'
import type { Facts } from './facts.ts'

type NamedFile = AsBuilt['files'][number]
type Told = Pick<AsBuilt, 'runs' | 'inspections' | 'weighings'>

/** Every file that the record names by the hash of its content, each once. */
export function filesOf(facts: Pick<Facts, 'runs' | 'lots'>, { runs, inspections, weighings }: Told): NamedFile[] {
  const tools = [
    ...runs.flatMap(({ toolsUsed }) => toolsUsed),
    ...inspections.flatMap(({ tool }) => tool ?? []),
    ...weighings.map(({ tool }) => tool),
  ]
  const files: NamedFile[] = [
    ...facts.runs.flatMap(photosOf),
    ...inspections.flatMap(({ id, kind, document }) =>
      fileOf('original', document, `Original of the ${kind.replaceAll('-', ' ')} inspection`, 'quality.inspection', id),
    ),
    ...facts.runs.flatMap(programsOf),
    ...facts.lots.flatMap(({ id, code, certificate }) =>
      certificate === null
        ? []
        : fileOf(
            'certificate',
            certificate.document,
            `Certificate ${certificate.number} of ${code}`,
            'material.lot',
            id,
          ),
    ),
    ...tools.flatMap(({ code, calibration }) =>
      calibration === null
        ? []
        : fileOf(
            'calibration',
            calibration.document,
            `Calibration certificate ${calibration.certificate} of ${code}`,
            'equipment.calibration',
            calibration.id,
          ),
    ),
  ]
  return [...new Map(files.toReversed().map((file) => [file.sha256, file])).values()].toReversed()
}

/** Hashes of the pictures that were taken as answers to steps, the replaced ones too. */
export const photoHashes = ({ runs }: Pick<Facts, 'runs'>): string[] =>
  runs.flatMap(({ entries }) => entries.flatMap(({ value }) => (value.type === 'photo' ? [value.blob] : [])))

function photosOf({ run, instruction, entries }: Facts['runs'][number]): NamedFile[] {
  return entries.flatMap(({ id, step, value }) => {
    if (value.type !== 'photo') return []
    const title = instruction?.steps.find(({ key }) => key === step)?.title['en'] ?? step
    return fileOf('photo', value.blob, `Photo of "${title}", ${run.sequence} ${run.name}`, 'execution.step_entry', id)
  })
}

/** What was released, and what was loaded instead of it. */
function programsOf({ run, operation, definition, programChecks }: Facts['runs'][number]): NamedFile[] {
  const at = `${run.sequence} ${run.name}`
  const released = operation?.program ?? null
  return [
    ...(released === null || definition === undefined
      ? []
      : fileOf(
          'program',
          released.sha256,
          `Program ${released.name} of ${at}`,
          'execution.work_definition',
          definition.id,
        )),
    ...programChecks.flatMap(({ verdict, loaded }) =>
      verdict === 'other' && loaded !== null
        ? fileOf('program', loaded.sha256, `Program ${loaded.name}, loaded at ${at}`, 'execution.run', run.id)
        : [],
    ),
  ]
}

const fileOf = (kind: NamedFile['kind'], sha256: string | null, of: string, table: string, id: string): NamedFile[] =>
  sha256 === null ? [] : [{ sha256, kind, of, record: { kind: table, id } }]
