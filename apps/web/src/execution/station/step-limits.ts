import type { InstructionStep, StepType, StepValue } from '@throughline/model'
import { formatNumber, unitLabel } from '@throughline/ui'
import { amountText } from '../form/amount.ts'

/** A text in the reader's language where there is one, else in English, else in any. */
export function textIn(texts: Readonly<Record<string, string>>, languages: readonly string[]): string {
  for (const language of languages) {
    const text = texts[language] ?? texts[language.split('-')[0] ?? '']
    if (text !== undefined) return text
  }
  return texts['en'] ?? Object.values(texts)[0] ?? ''
}

/** A text in the language of this browser. */
export const text = (texts: Readonly<Record<string, string>>): string => textIn(texts, navigator.languages)

/** Whether an answer lies within what its step allows, as the plant will judge it; null = nothing is limited. */
export function withinOf(ask: StepType, value: StepValue): boolean | null {
  if (ask.type === 'number' && value.type === 'number') return within(value.value, ask)
  if (ask.type === 'check' && value.type === 'check') return value.done
  if (ask.type === 'choice' && value.type === 'choice') {
    return ask.options.find((option) => option.value === value.value)?.accepted ?? null
  }
  if (ask.type === 'timer' && value.type === 'timer') {
    const lasted = Math.floor((value.endedAt - value.startedAt) / 1_000_000)
    return ask.atMostSeconds === null || lasted <= ask.atMostSeconds
  }
  if (ask.type === 'table' && value.type === 'table') {
    const judged = value.rows.flatMap((row) =>
      ask.columns.map((column) => {
        const cell = row[column.key]
        return typeof cell === 'number' ? within(cell, column) : null
      }),
    )
    if (judged.every((each) => each === null)) return null
    return !judged.includes(false)
  }
  return null
}

interface Limits {
  readonly low: number | null
  readonly high: number | null
}

/** Limits belong to what is allowed. */
export function within(value: number, { low, high }: Limits): boolean | null {
  if (low === null && high === null) return null
  return (low === null || value >= low) && (high === null || value <= high)
}

const thinSpace = '\u202f'

/** A number to its own last digit, with its unit. */
export function valueWithUnit(value: number, unit: string | null, decimals?: number): string {
  const shown = formatNumber(value, decimals ?? decimalsOf(value))
  const label = unit === null ? '' : unitLabel(unit)
  return label === '' ? shown : `${shown}${thinSpace}${label}`
}

const decimalsOf = (value: number): number => String(value).split('.')[1]?.length ?? 0

/** `12 to 20 mbar`, `at most 20 mbar`; undefined = there are none. */
export function limitText({ low, high }: Limits, unit: string | null): string | undefined {
  if (low === null && high === null) return undefined
  if (low === null) return `at most ${valueWithUnit(high ?? 0, unit)}`
  if (high === null) return `at least ${valueWithUnit(low, unit)}`
  return low === high
    ? `exactly ${valueWithUnit(low, unit)}`
    : `${valueWithUnit(low, null)} to ${valueWithUnit(high, unit)}`
}

/** What becomes of an answer outside its limits, before it is given. */
export const breachWords: Readonly<Record<InstructionStep['onBreach'], string>> = {
  reason: 'It is outside the limits. It is taken with a reason.',
  deviation: 'It is outside the limits. It is taken with a reason, and a deviation is opened.',
  refuse: 'It is outside the limits and is not taken. Put it right and enter it again, or call for help.',
}

/** An answer in words; `unit` = of the amounts of material that the step takes, where it is known. */
export function valueText({ ask }: Pick<InstructionStep, 'ask'>, value: StepValue, unit?: string): string {
  switch (value.type) {
    case 'read':
      return 'Read'
    case 'check':
      return value.done ? 'Done' : 'Not done'
    case 'number': {
      const shown = ask.type === 'number' ? valueWithUnit(value.value, ask.unit, ask.decimals) : String(value.value)
      return value.gauge === null ? shown : `${shown}, by ${value.gauge}`
    }
    case 'text':
      return value.text
    case 'choice': {
      const option = ask.type === 'choice' ? ask.options.find((each) => each.value === value.value) : undefined
      return option === undefined ? value.value : text(option.label)
    }
    case 'photo':
      return 'Photo taken'
    case 'scan': {
      if (ask.type !== 'scan' || ask.expects !== 'material' || value.quantity === null) return value.code
      return `${value.code}, ${unit === undefined ? value.quantity : amountText(value.quantity, unit)}`
    }
    case 'table':
      return `${value.rows.length} ${value.rows.length === 1 ? 'row' : 'rows'}`
    case 'timer':
      return clockText(Math.floor((value.endedAt - value.startedAt) / 1_000_000))
    case 'tag':
      return typeof value.value === 'number' ? valueWithUnit(value.value, null) : String(value.value ?? '—')
    case 'signature':
      return 'Signed'
  }
}

/** `1:05:09`, `4:07`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (part: number): string => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** What stands on the number pad after a key. */
export function typedNumber(typed: string, key: string, decimals: number): string {
  if (key === 'C') return ''
  if (key === 'DEL') return typed.slice(0, -1)
  if (key === '-') return typed.startsWith('-') ? typed.slice(1) : `-${typed}`
  if (key === '.') return decimals === 0 || typed.includes('.') ? typed : `${/\d$/.test(typed) ? typed : `${typed}0`}.`
  if (!/^\d$/.test(key) || typed.length >= 15) return typed
  const part = typed.split('.')[1]
  if (part !== undefined && part.length >= decimals) return typed
  return `${typed}${key}`.replace(/^(-?)0+(?=\d)/, '$1')
}
