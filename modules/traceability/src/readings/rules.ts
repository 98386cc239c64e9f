import { createHash } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import type { AsBuilt, DataType, JsonValue, StoredSample, Window } from '@throughline/model'
import { statusCode } from '@throughline/model'

/** What a person said that a reading should have been; the reading itself stays as it was heard. */
export interface Correction {
  readonly at: Instant
  readonly value: JsonValue
  readonly status: number
}

/** The raw readings of one tag in a window, as a stranger gets them. */
export interface RawReadings {
  /** One each, oldest first, the one that held at the start included: JSON in its one canonical form (RFC 8785). */
  readonly lines: readonly string[]
  readonly readings: readonly Raw[]
  readonly corrections: readonly Correction[]
}

interface Raw {
  readonly at: Instant
  readonly value: JsonValue
  readonly status: number
}

/** By whom the historian says that a value did not fit its tag: not a person's correction. */
const historian = 'historian'

/** What the source had said, whatever was made of it since. */
export function rawOf(samples: readonly StoredSample[]): RawReadings {
  const raw = samples.map(({ at, serverAt, value, status, original }) => {
    const said = original ?? { value, status }
    return { at, serverAt, status: said.status, value: said.value }
  })
  return {
    // The members stand in their order already, and ECMAScript's own numbers are those of RFC 8785.
    lines: raw.map((each) => JSON.stringify(each)),
    readings: raw,
    corrections: samples.flatMap(({ at, value, status, original }) =>
      original === null || original.by === historian ? [] : [{ at, value, status }],
    ),
  }
}

const markBytes = 4

/** SHA-256 over the lines, each with its line end: what `sha256sum` says of them; and four bytes of the hash of each. */
export function sealOf(lines: readonly string[]): { sha256: string; marks: Buffer; marksSha256: string } {
  const all = createHash('sha256')
  const marks = Buffer.alloc(lines.length * markBytes)
  for (const [index, line] of lines.entries()) {
    all.update(line).update('\n')
    createHash('sha256')
      .update(line)
      .digest()
      .copy(marks, index * markBytes, 0, markBytes)
  }
  return { sha256: all.digest('hex'), marks, marksSha256: createHash('sha256').update(marks).digest('hex') }
}

/** How many of the sealed readings are not among these ones, or not in their order. */
export function missingMarks(sealed: Buffer, now: Buffer): number {
  const places = new Map<number, number>()
  for (let at = 0; at < now.length; at += markBytes) places.set(now.readUInt32BE(at), at)
  let missing = 0
  let last = -1
  for (let at = 0; at < sealed.length; at += markBytes) {
    const place = places.get(sealed.readUInt32BE(at))
    if (place !== undefined && place > last) last = place
    else missing += 1
  }
  return missing
}

type Figures = Pick<AsBuilt['runs'][number]['parameters'][number], 'min' | 'max' | 'mean'> & { coverage: number }

/** A value is not believed to hold for longer than this without another. */
const holdsUs = 7 * 86_400e6

/**
 * Least, most, time-weighted mean and the share of the window with usable readings: a reading holds until the next one, a bad
 * one ends it. What was corrected counts as corrected.
 */
export function figuresOf(
  { readings, corrections }: Omit<RawReadings, 'lines'>,
  type: DataType,
  { from, to }: Window,
): Figures {
  const corrected = new Map(corrections.map((each) => [each.at, each]))
  const numbers: number[] = []
  let usableUs = 0
  let numberUs = 0
  let integral = 0
  for (const [index, reading] of readings.entries()) {
    const { value, status } = corrected.get(reading.at) ?? reading
    const begins = Math.max(reading.at, from)
    const lasts = Math.min(readings[index + 1]?.at ?? to, reading.at + holdsUs, to) - begins
    if (!isUsable(value, status, type) || (lasts <= 0 && reading.at < from)) continue
    const number = type === 'string' ? null : Number(value)
    usableUs += Math.max(0, lasts)
    if (number === null) continue
    numbers.push(number)
    numberUs += Math.max(0, lasts)
    integral += (number * Math.max(0, lasts)) / 1e6
  }
  const extreme = (of: (a: number, b: number) => number): number | null =>
    numbers.length === 0 ? null : numbers.reduce(of)
  return {
    min: extreme((a, b) => Math.min(a, b)),
    max: extreme((a, b) => Math.max(a, b)),
    mean: numberUs === 0 ? null : integral / (numberUs / 1e6),
    coverage: usableUs / (to - from),
  }
}

function isUsable(value: JsonValue, status: number, type: DataType): boolean {
  if (value === null || status >= statusCode.bad) return false
  if (type === 'int64') return typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value))
  return typeof value === (type === 'double' ? 'number' : type)
}
