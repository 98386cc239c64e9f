import type { AsBuilt, ProgramCheck, StepEntry } from '@throughline/model'
import { unitLabel } from '@throughline/ui'
import { amountText } from '../../execution/form/amount.ts'

export type RunMade = AsBuilt['runs'][number]
export type LotUsed = AsBuilt['genealogy']['lots'][number]

const thinSpace = '\u202f'

/** A number as it was captured, with its unit. */
export function withUnit(value: number, unit: string | null | undefined): string {
  const label = unit === null || unit === undefined ? '' : unitLabel(unit)
  const number = String(value).replace('-', '−')
  return label === '' ? number : `${number}${thinSpace}${label}`
}

/** What was entered, in words, with the unit that its step asks for. */
export function entryText({ value, limits }: Pick<StepEntry, 'value' | 'limits'>): string {
  switch (value.type) {
    case 'read':
      return 'read'
    case 'check':
      return value.done ? 'done' : 'not done'
    case 'number':
      return withUnit(value.value, limits?.unit)
    case 'text':
      return value.text
    case 'choice':
      return value.value
    case 'photo':
      return `photo ${shortHash(value.blob)}`
    case 'scan':
      if (value.quantity === null) return value.code
      return `${value.code}, ${limits === null ? value.quantity : amountText(value.quantity, limits.unit)}`
    case 'table':
      return value.rows
        .map((row) =>
          Object.entries(row)
            .map(([key, cell]) => `${key} ${cell ?? '—'}`)
            .join(', '),
        )
        .join('; ')
    case 'timer':
      return `${Math.round((value.endedAt - value.startedAt) / 1_000_000)}${thinSpace}s`
    case 'tag':
      return value.value === null ? 'no usable reading' : String(value.value)
    case 'signature':
      return 'signed'
  }
}

/** What an entry, a parameter or a characteristic must lie within: `20 to 30 mbar`, `at most 20 mbar`; none = `—`. */
export function limitsText(low: number | null, high: number | null, unit: string | null | undefined): string {
  if (low !== null && high !== null) return `${String(low).replace('-', '−')} to ${withUnit(high, unit)}`
  if (low !== null) return `at least ${withUnit(low, unit)}`
  return high === null ? '—' : `at most ${withUnit(high, unit)}`
}

/** Whether something lay within its limits; null = it has none, or nobody knows. */
export const withinText = (within: boolean | null): string => (within === null ? '—' : within ? 'within' : 'OUTSIDE')

/** What the machine told that it had loaded, held against what was released. */
export function loadedText({ loaded, verdict }: Pick<NonNullable<RunMade['program']>, 'loaded' | 'verdict'>): string {
  if (loaded === null) return 'what was loaded is not known'
  const judged =
    verdict === null
      ? ''
      : { same: ', the released one', 'same-name': ', its text was not told', other: ', NOT the released one' }[verdict]
  return `${loaded.name} was loaded${judged}`
}

const checkWords: Readonly<Record<ProgramCheck['verdict'], string>> = {
  same: 'the released one, to the byte',
  'same-name': 'the released one by its name, its text was not told',
  other: 'NOT the released one',
  unknown: 'which program was loaded is not known',
}

/** What the gate found when work began or went on: `Gate at the start: the released one, to the byte`. */
export function checkText({
  occasion,
  loaded,
  verdict,
}: Pick<ProgramCheck, 'occasion' | 'loaded' | 'verdict'>): string {
  const when = occasion === 'start' ? 'Gate at the start' : 'Gate when it went on'
  return `${when}: ${verdict === 'other' && loaded !== null ? `${loaded.name}, ` : ''}${checkWords[verdict]}`
}

const sealCauses: Readonly<Record<RunMade['parameters'][number]['seals'][number]['cause'], string>> = {
  completed: 'at completion',
  asked: 'when a proof was asked for',
  late: 'after late readings',
  corrected: 'after a correction',
}

/** `seal 2, after late readings: 361 readings, 0a1b2c3d4e5f…`. */
export const sealText = ({
  version,
  cause,
  samples,
  sha256,
}: Pick<RunMade['parameters'][number]['seals'][number], 'version' | 'cause' | 'samples' | 'sha256'>): string =>
  `seal ${version}, ${sealCauses[cause]}: ${samples} readings, ${shortHash(sha256)}…`

/** How a gauge, tool or scale stood when it was used. */
export function calibrationText({
  asset,
  calibration,
  inCalibration,
  doubtedBy,
}: RunMade['toolsUsed'][number]): string {
  const doubt = doubtedBy === null ? '' : '; later found OUT OF TOLERANCE'
  if (asset === null) return `not registered${doubt}`
  if (inCalibration === null)
    return `${asset.needsCalibration ? 'calibration not known' : 'needs no calibration'}${doubt}`
  const certificate = calibration === null ? '' : `, certificate ${calibration.certificate}`
  return `${inCalibration ? 'in calibration' : 'NOT in calibration'}${certificate}${doubt}`
}

/** Enough of a hash to tell one file from another; the whole of it is at hand beside it. */
export const shortHash = (hash: string): string => hash.slice(0, 12)

/** `20 Trim`, and which doing of it where there were several. */
export const runName = ({ sequence, name, attempt }: Pick<RunMade, 'sequence' | 'name' | 'attempt'>): string =>
  `${sequence} ${name}${attempt === 1 ? '' : `, doing number ${attempt}`}`

/** The parts that were made here and went in, nearest first; the piece itself is not one of them. */
export const madeParts = ({ genealogy }: Pick<AsBuilt, 'genealogy'>): readonly LotUsed[] =>
  genealogy.lots.filter(({ depth, isRaw }) => depth > 0 && !isRaw).toSorted((a, b) => a.depth - b.depth)

export const boughtLots = ({ genealogy }: Pick<AsBuilt, 'genealogy'>): readonly LotUsed[] =>
  genealogy.lots.filter(({ isRaw }) => isRaw).toSorted((a, b) => a.depth - b.depth)
