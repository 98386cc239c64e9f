import type { Decimal } from '@throughline/kernel'
import { add, compare, parseDecimal, subtract, zero } from '@throughline/kernel'
import type { Weighing } from '@throughline/model'
import { amountText } from '../../execution/form/amount.ts'

/** What is typed of a weighing, or read off the scale. */
export const figureNames = ['target', 'below', 'above', 'tare', 'gross'] as const
export type FigureName = (typeof figureNames)[number]
export type Figures = Readonly<Record<FigureName, string>>

export const noFigures: Figures = { target: '', below: '', above: '', tare: '', gross: '' }

/** The same as numbers, with the net: what may be sent. */
export type Weighed = Readonly<Record<FigureName | 'net', Decimal>>

export const figureWords: Readonly<Record<FigureName, string>> = {
  target: 'Target',
  below: 'Allowed below',
  above: 'Allowed above',
  tare: 'Tare',
  gross: 'Gross',
}

const asks: Readonly<Record<FigureName, string>> = {
  target: 'Give how much is wanted.',
  below: 'Give how much less than the target it may be; 0 = nothing.',
  above: 'Give how much more than the target it may be; 0 = nothing.',
  tare: 'Give the tare, the empty vessel; 0 = there is none.',
  gross: 'Give the gross, the full vessel as the scale shows it.',
}

/** What the figures come to: something is missing, the net is refused, or it is as it should be. */
export type Verdict =
  | { readonly is: 'lacking'; readonly at: FigureName; readonly words: string }
  | { readonly is: 'outside'; readonly words: string }
  | { readonly is: 'within'; readonly words: string; readonly weighed: Weighed }

/** Judges what is typed as the plant will: the net is exactly gross less tare. */
export function verdictOf(figures: Figures, unit: string): Verdict {
  const read: Partial<Record<FigureName, Decimal>> = {}
  for (const name of figureNames) {
    const typed = figures[name].trim().replace(',', '.')
    if (typed === '') return { is: 'lacking', at: name, words: asks[name] }
    const value = parseDecimal(typed)
    if (value === undefined) {
      return { is: 'lacking', at: name, words: `${figureWords[name]}: give a number, such as 12.5.` }
    }
    const isTooLow = compare(value, zero) < 0 || ((name === 'target' || name === 'gross') && value === zero)
    if (isTooLow) {
      const least = name === 'target' || name === 'gross' ? 'must be above 0' : 'cannot be below 0'
      return { is: 'lacking', at: name, words: `${figureWords[name]} ${least}.` }
    }
    read[name] = value
  }
  const { target = zero, below = zero, above = zero, tare = zero, gross = zero } = read
  const net = subtract(gross, tare)
  if (compare(net, zero) <= 0) {
    return { is: 'lacking', at: 'gross', words: 'The gross is not above the tare: nothing lies in the vessel.' }
  }
  const [least, most] = [subtract(target, below), add(target, above)]
  const allowed = `${least} to ${amountText(most, unit)}`
  const netText = `${amountText(net, unit)} net`
  if (compare(net, least) < 0) {
    return {
      is: 'outside',
      words: `${netText}: ${amountText(subtract(least, net), unit)} too little. ${allowed} is allowed.`,
    }
  }
  if (compare(net, most) > 0) {
    return {
      is: 'outside',
      words: `${netText}: ${amountText(subtract(net, most), unit)} too much. ${allowed} is allowed.`,
    }
  }
  return {
    is: 'within',
    words: `${netText} lies within ${allowed}.`,
    weighed: { target, below, above, tare, gross, net },
  }
}

/** `2.5 kg, −0.01 to +0.02 kg`. */
export const toleranceText = ({ target, below, above, unit }: Pick<Weighing, 'target' | 'below' | 'above' | 'unit'>) =>
  `${amountText(target, unit)}, −${below} to +${amountText(above, unit)}`

export const sourceWords: Readonly<Record<Weighing['source'], string>> = {
  scale: 'read from the scale',
  typed: 'typed',
}

const keptUs = 86_400_000_000

/** Weighings that nobody has confirmed: those of the last day, and older ones that nobody waits for any more. */
export function waitingOf(weighings: readonly Weighing[], now: number) {
  const waiting = weighings.filter(({ confirmedBy }) => confirmedBy === null)
  const isFresh = ({ weighedAt }: Weighing): boolean => weighedAt > now - keptUs
  return { fresh: waiting.filter(isFresh), stale: waiting.filter((each) => !isFresh(each)) }
}

/** What stands in a field after a key of the pad: a number of at most nine places behind the point. */
export function afterKey(typed: string, key: string): string {
  if (key === 'C') return ''
  if (key === 'DEL') return typed.slice(0, -1)
  if (key === '.') return typed.includes('.') ? typed : `${typed === '' ? '0' : typed}.`
  if (!/^\d$/.test(key) || typed.length >= 15) return typed
  return `${typed}${key}`.replace(/^0+(?=\d)/, '')
}

/** A reading of a scale's signal as exact text; undefined = it is no amount. */
export function readingText(value: number): string | undefined {
  return Number.isFinite(value) && Math.abs(value) < 1e15 ? parseDecimal(value.toFixed(9)) : undefined
}
