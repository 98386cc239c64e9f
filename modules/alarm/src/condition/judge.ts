import type { Instant } from '@throughline/kernel'
import type { AlarmCondition, Quality, SampleValue } from '@throughline/model'
import { storableText } from '../storable-text.ts'
import type { ConditionMemory } from './memory.ts'

/** One reading of a tag that a condition listens to. */
export interface Reading {
  readonly tagId: string
  readonly at: Instant
  readonly value: SampleValue | null
  readonly quality: Quality
}

/** What a reading says of the process; `detail` = the value that makes the alarm, beside its limit. */
export type Verdict = { readonly is: 'abnormal'; readonly detail: string } | { readonly is: 'normal' | 'unknown' }

const normal: Verdict = { is: 'normal' }
const unknown: Verdict = { is: 'unknown' }

/** Shows a number with the decimals and the unit of its tag. */
export type Show = (value: number) => string

type Of<Kind extends AlarmCondition['kind']> = Extract<AlarmCondition, { kind: Kind }>

/**
 * What a reading of a condition's own tag, or of its reference, says; keeps in `memory` what the next one needs.
 * A bad reading says nothing. An uncertain one may raise an alarm and never proves that the process is normal.
 */
export function judge(
  condition: Exclude<AlarmCondition, { kind: 'external' | 'event' }>,
  memory: ConditionMemory,
  reading: Reading,
  show: Show,
): Verdict {
  const verdict = judged(condition, memory, reading, show)
  return verdict.is === 'normal' && reading.quality !== 'good' ? unknown : verdict
}

function judged(
  condition: Exclude<AlarmCondition, { kind: 'external' | 'event' }>,
  memory: ConditionMemory,
  reading: Reading,
  show: Show,
): Verdict {
  switch (condition.kind) {
    case 'limit':
      return judgeLimit(condition, memory, reading, show)
    case 'deviation':
      return judgeDeviation(condition, memory, reading, show)
    case 'rate':
      return judgeRate(condition, memory, reading, show)
    case 'stuck':
      return judgeStuck(condition, memory, reading, show)
    case 'stale':
      return judgeStale(memory, reading)
    case 'state':
      return judgeState(condition, reading)
  }
}

/** Beyond its limit an alarm occurs; it returns once the value is back by the deadband. */
function judgeLimit(
  { side, limit, deadband }: Of<'limit'>,
  memory: ConditionMemory,
  reading: Reading,
  show: Show,
): Verdict {
  const value = numberOf(reading)
  if (value === null) return unknown
  const sign = side === 'high' || side === 'high-high' ? 1 : -1
  if (!isBeyond(sign * value, sign * limit, deadband, memory.standing)) return normal
  return { is: 'abnormal', detail: `${show(value)}, limit ${show(limit)}` }
}

function judgeDeviation(condition: Of<'deviation'>, memory: ConditionMemory, reading: Reading, show: Show): Verdict {
  const { from, limit, deadband } = condition
  const isReference = 'tagId' in from && reading.tagId === from.tagId
  memory[isReference ? 'reference' : 'value'] = numberOf(reading)
  const reference = 'tagId' in from ? memory.reference : from.value
  const { value } = memory
  if (value === null || reference === null) return unknown
  if (!isBeyond(Math.abs(value - reference), limit, deadband, memory.standing)) return normal
  return {
    is: 'abnormal',
    detail: `${show(value)}, ${show(Math.abs(value - reference))} from ${show(reference)}, limit ${show(limit)}`,
  }
}

/** How finely the readings of a rate's time are kept. */
const rateSteps = 200

function judgeRate(condition: Of<'rate'>, memory: ConditionMemory, reading: Reading, show: Show): Verdict {
  const { side, limit, overSeconds, deadband } = condition
  const value = numberOf(reading)
  if (value === null) {
    memory.recent = []
    return unknown
  }
  const overUs = overSeconds * 1e6
  const { recent } = memory
  const [last, before] = [recent.at(-1), recent.at(-2)]
  if (last !== undefined && before !== undefined && last[0] - before[0] < overUs / rateSteps) recent.pop()
  recent.push([reading.at, value])
  while ((recent[1]?.[0] ?? Number.POSITIVE_INFINITY) <= reading.at - overUs) recent.shift()
  const first = recent[0]
  // Over a shorter time than asked for, noise alone would look like a fast change.
  if (first === undefined || first[0] > reading.at - overUs) return unknown
  const rate = ((value - first[1]) / (reading.at - first[0])) * 1e6
  const measured = side === 'either' ? Math.abs(rate) : side === 'rising' ? rate : -rate
  if (!isBeyond(measured, limit, deadband, memory.standing)) return normal
  return { is: 'abnormal', detail: `${show(value)}, changes by ${show(rate)} a second, limit ${show(limit)}` }
}

function judgeStuck(
  { forSeconds, within }: Of<'stuck'>,
  memory: ConditionMemory,
  reading: Reading,
  show: Show,
): Verdict {
  const value = textOrNumberOf(reading)
  if (value === null) return unknown
  const { still } = memory
  const hasMoved =
    still === null ||
    (typeof value === 'number' && typeof still.value === 'number'
      ? Math.abs(value - still.value) > within
      : value !== still.value)
  if (hasMoved) {
    memory.still = { since: reading.at, value }
    return normal
  }
  const forS = (reading.at - still.since) / 1e6
  if (forS < forSeconds) return normal
  return {
    is: 'abnormal',
    detail: `unchanged at ${typeof value === 'number' ? show(value) : value} for ${Math.round(forS)} s`,
  }
}

/** Any good reading ends it; that none comes, the time tells: see `Evaluation`. */
function judgeStale(memory: ConditionMemory, reading: Reading): Verdict {
  if (reading.quality !== 'good') return unknown
  memory.lastGood = reading.at
  return normal
}

function judgeState({ values }: Of<'state'>, reading: Reading): Verdict {
  if (reading.quality === 'bad' || reading.value === null) return unknown
  const value = String(reading.value)
  return values.includes(value) ? { is: 'abnormal', detail: storableText(value) } : normal
}

/** While an alarm stands, the deadband holds it; before, the limit alone counts. */
const isBeyond = (value: number, limit: number, deadband: number, standing: boolean): boolean =>
  value > (standing ? limit - deadband : limit)

function numberOf({ quality, value }: Reading): number | null {
  if (quality === 'bad') return null
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function textOrNumberOf(reading: Reading): number | string | null {
  const { quality, value } = reading
  if (quality === 'bad' || value === null) return null
  return typeof value === 'boolean' || typeof value === 'string' ? storableText(String(value)) : numberOf(reading)
}
