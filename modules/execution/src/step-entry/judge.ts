import type { Instant } from '@throughline/kernel'
import { DomainError, toIso } from '@throughline/kernel'
import type { InstructionStep, StepEntry, StepType, StepValue } from '@throughline/model'

/** What comes of an answer: whether it lies within the limits, as they stood, and both in words. */
export interface Judged {
  readonly within: boolean | null
  readonly limits: StepEntry['limits']
  /** `34 mbar, limit 20 mbar`. */
  readonly words: string
}

/** How far the clock of a device may be ahead. */
export const clockToleranceUs = 120_000_000

type Step = Pick<InstructionStep, 'key' | 'title' | 'ask'>
type Asked<Type extends StepType['type']> = Extract<StepType, { type: Type }>
type Answered<Type extends StepValue['type']> = Extract<StepValue, { type: Type }>

/** A step as people call it. */
export const stepName = ({ key, title }: Pick<Step, 'key' | 'title'>): string => title['en'] ?? key

/**
 * @param tagUnit unit of the tag that the step reads
 * @throws DomainError `invalid` when an answer does not answer what the step asks for
 */
export function judge(step: Step, value: StepValue, now: Instant, tagUnit = '1'): Judged {
  const { ask } = step
  if (ask.type !== value.type) {
    throw wrong(step, 'step-type', `it asks for ${ask.type}, and this is ${value.type}: read the step again`)
  }
  switch (value.type) {
    case 'check':
      return { within: value.done, limits: null, words: value.done ? 'done' : 'not done' }
    case 'number':
      return judgeNumber(step, ask as Asked<'number'>, value.value)
    case 'tag':
      return judgeTag(ask as Asked<'tag'>, value, tagUnit)
    case 'text':
      return judgeText(step, ask as Asked<'text'>, value)
    case 'choice':
      return judgeChoice(step, ask as Asked<'choice'>, value)
    case 'table':
      return judgeTable(step, ask as Asked<'table'>, value)
    case 'timer':
      return judgeTimer(step, ask as Asked<'timer'>, value, now)
    case 'scan':
      return { within: null, limits: null, words: value.code }
    case 'read':
    case 'photo':
    case 'signature':
      return { within: null, limits: null, words: value.type }
  }
}

/**
 * What becomes of an answer outside its limits: taken with a reason, with a deviation as well, or not taken.
 * @throws DomainError `conflict` when it is not taken, `invalid` when it takes a reason
 */
export function assertAnswered(
  step: Step & Pick<InstructionStep, 'onBreach'>,
  { within, words }: Judged,
  reason: string,
): void {
  if (within !== false) return
  if (step.onBreach === 'refuse') {
    throw new DomainError(
      'conflict',
      'execution.step-refused',
      `${stepName(step)}: ${words}. This is not taken: put it right and do the step again, or ask your supervisor`,
      { step: step.key },
    )
  }
  if (reason.trim().length >= 3) return
  const message = `${stepName(step)}: ${words}. Say why in at least 3 characters`
  throw new DomainError('invalid', 'execution.step-reason-missing', message, {
    step: step.key,
    fields: [{ path: 'reason', message }],
  })
}

/** @throws DomainError `invalid` for a time in the future beyond the tolerance, or before the operation began */
export function assertTime(step: Step, at: Instant, now: Instant, startedAt: Instant | null): void {
  if (at > now + clockToleranceUs) {
    throw wrong(step, 'time-future', `${toIso(at)} lies in the future: set the clock of the device`)
  }
  if (startedAt !== null && at < startedAt) {
    throw wrong(step, 'time-before', `${toIso(at)} is before the operation began at ${toIso(startedAt)}`)
  }
}

function judgeNumber(step: Step, { low, high, unit, decimals }: Asked<'number'>, value: number): Judged {
  if (Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) > 1e-6 * Math.max(1, Math.abs(value))) {
    throw wrong(step, 'step-decimals', `${value} has more than ${decimals} decimals: write it as it is read`)
  }
  return judgeLimits(value, low, high, unit)
}

function judgeTag({ low, high }: Asked<'tag'>, { value }: Answered<'tag'>, unit: string): Judged {
  if (typeof value === 'number') return judgeLimits(value, low, high, unit)
  const isLimited = low !== null || high !== null
  return { within: isLimited ? false : null, limits: null, words: `${value}${isLimited ? ' is no number' : ''}` }
}

function judgeLimits(value: number, low: number | null, high: number | null, unit: string): Judged {
  const text = (each: number): string => (unit === '1' ? String(each) : `${each} ${unit}`)
  if (low === null && high === null) return { within: null, limits: null, words: text(value) }
  const limits = { low, high, unit }
  const within = isWithin(value, low, high)
  return { within, limits, words: within ? text(value) : `${text(value)}, ${limitWords(low, high, text)}` }
}

/** Limits belong to what is allowed. */
const isWithin = (value: number, low: number | null, high: number | null): boolean =>
  (low === null || value >= low) && (high === null || value <= high)

const limitWords = (low: number | null, high: number | null, text: (each: number) => string): string =>
  low !== null && high !== null
    ? `limits ${text(low)} to ${text(high)}`
    : low !== null
      ? `at least ${text(low)}`
      : `at most ${text(high ?? 0)}`

function judgeText(step: Step, { maxLength }: Asked<'text'>, { text }: Answered<'text'>): Judged {
  if (text.trim() === '') throw wrong(step, 'step-empty', 'write something')
  if (text.length > maxLength) {
    throw wrong(step, 'step-too-long', `${text.length} characters are more than ${maxLength}: say it shorter`)
  }
  return { within: null, limits: null, words: text }
}

function judgeChoice(step: Step, { options }: Asked<'choice'>, { value }: Answered<'choice'>): Judged {
  const option = options.find((each) => each.value === value)
  if (option === undefined) {
    throw wrong(step, 'step-option', `${value} is not among ${options.map((each) => each.value).join(', ')}`)
  }
  const label = option.label['en'] ?? value
  return { within: option.accepted, limits: null, words: option.accepted ? label : `${label}, which is not accepted` }
}

function judgeTable(step: Step, { columns, rows: wanted }: Asked<'table'>, { rows }: Answered<'table'>): Judged {
  if (rows.length !== wanted) {
    throw wrong(step, 'step-rows', `${rows.length} rows are not the ${wanted} that it asks for`)
  }
  const keys = columns.map(({ key }) => key)
  const outside: string[] = []
  let isLimited = false
  rows.forEach((row, index) => {
    const strange = Object.keys(row).find((key) => !keys.includes(key))
    if (strange !== undefined) throw wrong(step, 'step-column', `row ${index + 1} has ${strange}, which is no column`)
    for (const { key, label, unit, low, high } of columns) {
      const cell = row[key]
      const at = `row ${index + 1}, ${label['en'] ?? key}`
      if (cell === null || cell === undefined || cell === '') throw wrong(step, 'step-cell', `${at} is empty: fill it`)
      if (unit === null && low === null && high === null) continue
      if (typeof cell !== 'number') throw wrong(step, 'step-cell', `${at}: ${cell} is no number`)
      isLimited ||= low !== null || high !== null
      const { within, words } = judgeLimits(cell, low, high, unit ?? '1')
      if (within === false) outside.push(`${at}: ${words}`)
    }
  })
  const named = outside.length <= 3 ? outside : [...outside.slice(0, 3), `and ${outside.length - 3} more`]
  return {
    within: isLimited ? outside.length === 0 : null,
    limits: null,
    words: outside.length === 0 ? `${wanted} rows` : named.join('; '),
  }
}

function judgeTimer(
  step: Step,
  { seconds, atMostSeconds }: Asked<'timer'>,
  { startedAt, endedAt }: Answered<'timer'>,
  now: Instant,
): Judged {
  if (endedAt > now + clockToleranceUs) throw wrong(step, 'time-future', `it ends ${toIso(endedAt)}, which is not yet`)
  const lasted = Math.floor((endedAt - startedAt) / 1_000_000)
  if (lasted < seconds) {
    throw new DomainError(
      'conflict',
      'execution.step-too-short',
      `${stepName(step)}: ${Math.max(0, lasted)} s are less than ${seconds} s: wait ${seconds - Math.max(0, lasted)} s more`,
      { step: step.key, seconds },
    )
  }
  const limits = { low: seconds, high: atMostSeconds, unit: 's' }
  const within = atMostSeconds === null || lasted <= atMostSeconds
  return { within, limits, words: within ? `${lasted} s` : `${lasted} s, at most ${atMostSeconds} s` }
}

function wrong(step: Step, code: string, message: string): DomainError {
  const words = `${stepName(step)}: ${message}`
  return new DomainError('invalid', `execution.${code}`, words, {
    step: step.key,
    fields: [{ path: 'value', message: words }],
  })
}
