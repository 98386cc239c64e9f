import type { Instant } from '@throughline/kernel'
import { DomainError, parseInstant } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { TraceTag } from './machine.ts'
import { tagOf } from './machine.ts'

/** One value of one item of the machine, as its trace has it. */
export interface Observation {
  readonly at: Instant
  readonly tag: TraceTag
  /** Null = the machine says that it has none. */
  readonly value: SampleValue | null
}

/** What the trace of one operation on one piece says. */
export interface Trace {
  /** Each item once an instant, in the order of the file. */
  readonly observations: readonly Observation[]
  /** When the program was first active, and when it was last completed. */
  readonly from: Instant
  readonly to: Instant
  /** Highest number of a block that was worked on; null = none is told. */
  readonly lastBlock: number | null
  /** Lines that were broken in two, as the numbers of their second halves. */
  readonly rejoined: readonly number[]
  /** Second values of an item at one instant: the first counts, as in the historian. */
  readonly doubled: number
}

/**
 * Reads lines of `time|item|value` (the text protocol of MTConnect adapters). A value that stands in a line of its own,
 * below one that ends without, belongs to that one.
 * @throws DomainError `invalid` naming file and line
 */
export function readTrace(text: string, file: string): Trace {
  const { lines, rejoined } = joined(text, file)
  const observations: Observation[] = []
  const seen = new Set<string>()
  for (const { number, parts } of lines) {
    const observation = observationIn(parts, file, number)
    const key = `${observation.at} ${observation.tag.name}`
    if (!seen.has(key)) observations.push(observation)
    seen.add(key)
  }
  const [from, to] = boundsOf(observations, file)
  const blocks = observations.flatMap(({ tag, value }) => (tag.name === 'Block_Number' ? Number(value ?? 0) : []))
  const lastBlock = blocks.length === 0 ? null : blocks.reduce((a, b) => Math.max(a, b))
  return { observations, from, to, lastBlock, rejoined, doubled: lines.length - observations.length }
}

interface Line {
  readonly number: number
  readonly parts: readonly [time: string, item: string, value: string]
}

function joined(text: string, file: string): { lines: Line[]; rejoined: number[] } {
  const lines: Line[] = []
  const rejoined: number[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const number = index + 1
    if (line.trim() === '') continue
    const [time = '', item, ...rest] = line.split('|')
    if (item !== undefined) {
      lines.push({ number, parts: [time, item, rest.join('|')] })
      continue
    }
    const open = lines.at(-1)
    if (open === undefined || open.parts[2] !== '') throw unreadable(file, number, line, 'it is no time|item|value')
    lines[lines.length - 1] = { ...open, parts: [open.parts[0], open.parts[1], time] }
    rejoined.push(number)
  }
  return { lines, rejoined }
}

function observationIn([time, item, text]: Line['parts'], file: string, number: number): Observation {
  const line = `${time}|${item}|${text}`
  const at = instantIn(time)
  if (at === undefined) throw unreadable(file, number, line, `"${time}" is no time in UTC`)
  const tag = tagOf(item)
  if (tag === undefined) throw unreadable(file, number, line, `"${item}" is no item that this import knows`)
  if (text === '') throw unreadable(file, number, line, 'its value is missing')
  if (text === 'UNAVAILABLE') return { at, tag, value: null }
  const value = parsedAs(text, tag)
  if (value === undefined) throw unreadable(file, number, line, `"${text}" is no ${tag.dataType}`)
  return { at, tag, value }
}

/** With all six digits of a second that an instant has. */
function instantIn(text: string): Instant | undefined {
  const [, seconds = '', fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text) ?? []
  const whole = parseInstant(`${seconds}Z`)
  return whole && ((whole + Number(fraction.slice(0, 6).padEnd(6, '0'))) as Instant)
}

function parsedAs(text: string, { dataType }: TraceTag): SampleValue | undefined {
  if (dataType === 'string') return text
  if (dataType === 'int64') return /^-?\d{1,18}$/.test(text) ? BigInt(text) : undefined
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined
}

/** A trace begins with what was set up before, and that may be days: the work is what the program was active for. */
function boundsOf(observations: readonly Observation[], file: string): [Instant, Instant] {
  const statuses = observations.filter(({ tag }) => tag.name === 'Program_Status')
  const from = statuses.find(({ value }) => value === 'ACTIVE')?.at
  const to = statuses.findLast(({ value }) => value === 'PROGRAM_COMPLETED')?.at
  if (from !== undefined && to !== undefined && from < to) return [from, to]
  const what = from === undefined ? 'the program is never ACTIVE' : 'after that no PROGRAM_COMPLETED follows'
  throw new DomainError(
    'invalid',
    'import.trace-unfinished',
    `${file}: ${what}, so nobody knows when the operation was done. Fetch the whole file again, or leave out every trace of this piece`,
    { file },
  )
}

const unreadable = (file: string, line: number, text: string, why: string): DomainError =>
  new DomainError(
    'invalid',
    'import.trace-unreadable',
    `${file}, line ${line}: ${why} (${text.slice(0, 80)}). Fetch the file again, or leave out every trace of this piece`,
    { file, line },
  )
