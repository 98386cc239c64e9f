import type { Instant } from '@throughline/kernel'
import type { AsBuilt, Signature, StepEntry, StepValue } from '@throughline/model'
import { isEnteredLate } from '@throughline/model'

/** What a document is proven against. */
export interface Proof {
  readonly ledger: string
  /** Verifier keys from key 1. */
  readonly keys: readonly string[]
  /** The newest signed tree; null = none yet. */
  readonly checkpoint: { readonly size: number; readonly at: Instant; readonly note: string } | null
}

type Run = AsBuilt['runs'][number]
type Step = Run['steps'][number]
type TimeText = (at: Instant) => string

/** Stands for what nobody knows. */
export const unknown = 'not known'

/** What was entered, as people read it. */
export function valueWords(value: StepValue, ask: Step['ask'], timeText: TimeText): string {
  switch (value.type) {
    case 'read':
      return 'read'
    case 'check':
      return value.done ? 'done' : 'not done'
    case 'number': {
      const unit = ask?.type === 'number' ? unitWords(ask.unit) : ''
      return `${value.value}${unit}${value.gauge === null ? '' : `, with ${value.gauge}`}`
    }
    case 'text':
      return value.text
    case 'choice':
      return value.value
    case 'photo':
      return `picture, SHA-256 ${value.blob}`
    case 'scan':
      return value.quantity === null ? value.code : `${value.code}, ${value.quantity}`
    case 'table':
      return value.rows
        .map((row) =>
          Object.entries(row)
            .map(([key, cell]) => `${key} ${cell ?? '–'}`)
            .join(', '),
        )
        .join('; ')
    case 'timer':
      return `${(value.endedAt - value.startedAt) / 1e6} s, from ${timeText(value.startedAt)}`
    case 'tag':
      return value.value === null ? unknown : String(value.value)
    case 'signature':
      return 'signed'
  }
}

/** How an entry stands to what was allowed: `9 to 11 mm, within`. */
export function limitWords({ limits, within }: Pick<StepEntry, 'limits' | 'within'>): string {
  const judged = within === null ? '' : within ? 'within' : 'OUTSIDE'
  if (limits === null) return judged
  return [rangeWords(limits), judged].filter((part) => part !== '').join(', ')
}

export function rangeWords({
  low,
  high,
  unit,
}: {
  readonly low: number | null
  readonly high: number | null
  readonly unit: string
}): string {
  const of = unitWords(unit)
  if (low === null && high === null) return ''
  if (low === null) return `at most ${high}${of}`
  return high === null ? `at least ${low}${of}` : `${low} to ${high}${of}`
}

/** UCUM calls a plain number 1. */
const unitWords = (unit: string): string => (unit === '1' || unit === '' ? '' : ` ${unit}`)

export function numberWords(value: number | null): string {
  return value === null ? unknown : String(Number(value.toPrecision(6)))
}

/** What is to be said of an entry beside its value. */
export function remarkWords(entry: Step['entries'][number], timeText: TimeText): string {
  return [
    ...(isEnteredLate(entry) ? [`entered late, ${timeText(entry.recordedAt)}`] : []),
    ...(entry.replacedAt === null ? [] : [`replaced ${timeText(entry.replacedAt)}`]),
    ...(entry.reason === '' ? [] : [entry.reason]),
    ...(entry.verified === null ? [] : [`confirmed by ${entry.verified.by.name}, ${timeText(entry.verified.at)}`]),
    ...(entry.offline === null
      ? []
      : [`made without a connection on ${entry.offline.device}, number ${entry.offline.sequence}`]),
  ].join('; ')
}

const states: Readonly<Record<Signature['state'], string>> = { valid: 'valid', void: 'VOID', broken: 'BROKEN' }

/** `Ada: verified, 2026-11-22 08:12:00 UTC+01:00, as it should be (name and password; valid)`. */
export function signatureWords({
  printedName,
  meaning,
  localTime,
  reason,
  components,
  state,
  stateReason,
}: Signature): string {
  const when = localTime.replace('T', ' ').replace(/(Z|[+-]\d\d:\d\d)$/, ' UTC$1')
  const why = stateReason === null ? '' : `: ${stateReason}`
  return `${printedName}: ${meaning}, ${when}, ${reason} (${components}; ${states[state]}${why})`
}

export const sealWords = {
  completed: 'at its completion',
  asked: 'when a proof was asked for',
  late: 'after readings came late',
  corrected: 'after a reading was corrected',
} as const

export const programWords = {
  same: 'the released one, to the byte',
  'same-name': 'the released one by its name; its text was not told',
  other: 'NOT the released one',
  unknown: 'which program was loaded is not known',
} as const

/** The newest signed tree, by which a sheet of paper is tied to the ledger. */
export function checkpointWords({ checkpoint }: Proof, timeText: TimeText): string {
  if (checkpoint === null) return 'none is signed yet: this document alone proves nothing'
  return `${checkpoint.size} leaves, ${timeText(checkpoint.at)}, root ${checkpoint.note.split('\n')[2] ?? ''}`
}

/** A tool with its calibration when it was used. */
export function calibrationWords(
  { asset, calibration, inCalibration, doubtedBy }: Run['toolsUsed'][number],
  timeText: TimeText,
): string {
  if (asset === null) return 'not registered'
  if (calibration === null) return asset.needsCalibration ? `its calibration is ${unknown}` : 'needs no calibration'
  const { certificate, at, dueAt } = calibration
  const due = dueAt === null ? '' : `, due ${timeText(dueAt)}`
  const judged = inCalibration === null ? '' : inCalibration ? '; in calibration' : '; NOT IN CALIBRATION'
  const doubt = doubtedBy === null ? '' : `; found out of tolerance ${timeText(doubtedBy.at)}`
  return `${certificate} of ${timeText(at)}, ${calibration.asLeft}${due}${judged}${doubt}`
}
