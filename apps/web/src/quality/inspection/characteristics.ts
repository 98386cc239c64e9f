import type {
  CharacteristicResult,
  Inspection,
  InstructionStep,
  RoutingOperation,
  recordInspection,
  WorkInstruction,
} from '@throughline/model'
import type { z } from 'zod'
import { textIn } from '../../execution/version/version-words.ts'

/** One characteristic as it is typed. What the plan gave has its name and limits fixed. */
export interface CharacteristicRow {
  readonly id: number
  readonly planned: boolean
  readonly characteristic: string
  readonly name: string
  readonly unit: string
  readonly nominal: string
  readonly low: string
  readonly high: string
  readonly measured: string
  /** What a person judges where nothing is measured, or nothing limits it. */
  readonly judged: '' | 'pass' | 'fail'
}
export type RowField = Exclude<keyof CharacteristicRow, 'id' | 'planned' | 'judged'>
export type PlannedCharacteristic = Pick<
  CharacteristicResult,
  'characteristic' | 'name' | 'unit' | 'nominal' | 'low' | 'high'
>
export type TypedResult = z.input<typeof recordInspection.input>['results'][number]

/**
 * What an operation is to be inspected for: its parameters that no signal tells, and the numbers that its instruction asks
 * for.
 */
export function plannedOf(
  operation: Pick<RoutingOperation, 'parameters'> | undefined,
  instruction: Pick<WorkInstruction, 'steps'> | undefined,
): PlannedCharacteristic[] {
  const parameters = (operation?.parameters ?? [])
    .filter(({ tag }) => tag === null)
    .map(({ name, unit, target, low, high }) => ({ characteristic: name, name: '', unit, nominal: target, low, high }))
  const named = new Set(parameters.map(({ characteristic }) => characteristic.toLowerCase()))
  const steps = (instruction?.steps ?? [])
    .filter(({ key }) => !named.has(key.toLowerCase()))
    .flatMap((step) => numberOf(step))
  return [...parameters, ...steps]
}

function numberOf({ key, title, ask }: InstructionStep): PlannedCharacteristic[] {
  if (ask.type !== 'number') return []
  const { unit, low, high } = ask
  return [{ characteristic: key, name: textIn(title), unit, nominal: null, low, high }]
}

/** What an earlier inspection looked at, each once. */
export const lookedAt = ({ results }: Pick<Inspection, 'results'>): PlannedCharacteristic[] => [
  ...new Map(results.map((result) => [result.characteristic, result])).values(),
]

const textOf = (value: number | null): string => (value === null ? '' : String(value))

/** Rows to fill in, numbered on from the last one. */
export const rowsOf = (planned: readonly PlannedCharacteristic[], first: number): CharacteristicRow[] =>
  planned.map(({ characteristic, name, unit, nominal, low, high }, index) => ({
    ...{ id: first + index, planned: true, characteristic, name, unit: unit ?? '' },
    ...{ nominal: textOf(nominal), low: textOf(low), high: textOf(high), measured: '', judged: '' as const },
  }))

export const emptyRow = (id: number): CharacteristicRow => ({
  ...{ id, planned: false, characteristic: '', name: '', unit: '', nominal: '', low: '', high: '' },
  ...{ measured: '', judged: '' as const },
})

/** A typed number; null = nothing is typed, undefined = it is no number. */
export function typedValue(typed: string): number | null | undefined {
  const text = typed.trim().replace(',', '.').replace('−', '-')
  if (text === '') return null
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined
}

/** Whether what is typed lies within its limits, both included; null = nothing is measured, or nothing limits it. */
export function withinRow({ low, high, measured }: Pick<CharacteristicRow, 'low' | 'high' | 'measured'>) {
  const [least, most, value] = [typedValue(low), typedValue(high), typedValue(measured)]
  if (value === null || value === undefined) return null
  if ((least ?? null) === null && (most ?? null) === null) return null
  return (least == null || value >= least) && (most == null || value <= most)
}

/** What may be recorded, or what has to be put right first. */
export function readRows(
  rows: readonly CharacteristicRow[],
): { readonly results: readonly TypedResult[] } | { readonly problem: string } {
  if (rows.length === 0) return { problem: 'Add at least one characteristic.' }
  const results: TypedResult[] = []
  for (const [index, row] of rows.entries()) {
    const called = row.characteristic.trim() === '' ? `Line ${index + 1}` : row.characteristic.trim()
    if (row.characteristic.trim() === '')
      return { problem: `${called}: give the characteristic, as the drawing calls it.` }
    const numbers = {
      ...{ nominal: typedValue(row.nominal), low: typedValue(row.low) },
      ...{ high: typedValue(row.high), measured: typedValue(row.measured) },
    }
    const wrong = Object.entries(numbers).find(([, value]) => value === undefined)
    if (wrong !== undefined)
      return { problem: `${called}: ${fieldWords[wrong[0]] ?? wrong[0]} is no number, such as 12.5.` }
    const { nominal = null, low = null, high = null, measured = null } = numbers
    if (low !== null && high !== null && low > high)
      return { problem: `${called}: the low limit lies above the high one.` }
    const unit = row.unit.trim() === '' ? null : row.unit.trim()
    const within = withinRow(row)
    const status = within === null ? (row.judged === '' ? 'unknown' : row.judged) : within ? 'pass' : 'fail'
    results.push({
      ...{ characteristic: row.characteristic.trim(), name: row.name.trim(), unit, nominal, low, high, measured },
      status,
    })
  }
  if (results.every(({ measured, status }) => measured === null && status === 'unknown')) {
    return { problem: 'Nothing is measured or judged yet.' }
  }
  return { results }
}

const fieldWords: Readonly<Record<string, string>> = {
  nominal: 'the nominal value',
  low: 'the low limit',
  high: 'the high limit',
  measured: 'what was measured',
}

export const kindWords: Readonly<Record<Inspection['kind'], string>> = {
  incoming: 'Incoming',
  'in-process': 'In process',
  'first-article': 'First article',
  final: 'Final',
}

/** `Passed`, `FAILED`, `Not judged: something of it is not known`. */
export const passedWords = (passed: Inspection['passed']): string =>
  passed === null ? 'Not judged' : passed ? 'Passed' : 'FAILED'

/** Of an inspection that failed: what did. */
export const failedOf = ({ results }: Pick<Inspection, 'results'>): readonly CharacteristicResult[] =>
  results.filter(({ within, status }) => within === false || status === 'fail')
