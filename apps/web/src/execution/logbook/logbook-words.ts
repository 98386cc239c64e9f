import { parseDecimal } from '@throughline/kernel'
import type { CleaningStatus, LogbookEntry, LogbookField, LogbookKind } from '@throughline/model'
import { unitLabel } from '@throughline/ui'
import { textIn } from '../version/version-words.ts'

export const bookKindWords: Readonly<Record<LogbookKind, string>> = {
  equipment: 'Equipment',
  cleaning: 'Cleaning',
  area: 'Area',
  shift: 'Shift log',
}

export const cleaningWords: Readonly<Record<CleaningStatus['status'], string>> = {
  clean: 'Clean',
  'in-use': 'In use',
  dirty: 'Dirty',
  unknown: 'Not known',
}

/** A label with its unit: `Temperature, °C`. */
export function fieldLabel({ label, unit }: Pick<LogbookField, 'label' | 'unit'>): string {
  const words = unit === null ? '' : unitLabel(unit)
  return words === '' ? textIn(label) : `${textIn(label)}, ${words}`
}

/** What stands in a field, as people read it. */
export function valueText(value: LogbookEntry['values'][string] | undefined): string {
  if (value === null || value === undefined || value === '') return '—'
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

type Values = LogbookEntry['values']

/** What stands in an entry, to be typed on. */
export const typedValues = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'boolean' ? (value ? 'yes' : '') : String(value ?? ''),
    ]),
  )

/** The values as they are sent; `problem` = the first field that cannot be taken. */
export function valuesOf(
  fields: readonly LogbookField[],
  typed: Readonly<Record<string, string>>,
): { readonly values: Values; readonly problem: string | undefined } {
  let problem: string | undefined
  const values = Object.fromEntries(
    fields.map((field): [string, Values[string]] => {
      const text = (typed[field.key] ?? '').trim()
      if (field.type === 'check') return [field.key, text === 'yes']
      if (text === '') {
        if (field.required) problem ??= `${textIn(field.label)}: fill it in.`
        return [field.key, null]
      }
      if (field.type !== 'number') return [field.key, text]
      const number = Number(text.replace('−', '-').replace(',', '.'))
      if (parseDecimal(text.replace('−', '-').replace(',', '.')) === undefined) {
        problem ??= `${textIn(field.label)}: "${text}" is no number.`
      }
      return [field.key, number]
    }),
  )
  return { values, problem }
}

/** Whether the status holds now: a clean hold that is over means cleaning again, a dirty hold that is over is late. */
export function holdText(
  { status, cleanUntil, cleanBy }: Pick<CleaningStatus, 'status' | 'cleanUntil' | 'cleanBy'>,
  now: number,
): string | undefined {
  if (status === 'clean' && cleanUntil !== null && cleanUntil <= now) return 'clean hold is over: clean it again'
  if (status === 'dirty' && cleanBy !== null && cleanBy <= now) return 'cleaning is late'
  return undefined
}
