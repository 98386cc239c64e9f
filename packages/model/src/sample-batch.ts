import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import type { Sample, SampleValue } from './sample.ts'

/** How a value is held in the `bits` column of a batch. */
export const valueKind = { none: 0, double: 1, int64: 2, boolean: 3, string: 4 } as const

/** Names the sender and its place in the sender's sequence, so that a batch heard twice is stored once. */
const BatchHeader = z.object({
  agent: z.string().min(1).max(120),
  /** Counts up by one with every batch of this agent, without gaps, from 1. */
  sequence: z.int().positive(),
  count: z.int().nonnegative().max(1_000_000),
  /** The tags of this batch; samples point here by position. */
  tags: z.array(z.string().min(1).max(500)),
  /** The text values of this batch; samples of kind `string` point here by position. */
  texts: z.array(z.string()),
})

/**
 * Samples in columns, as they travel from an edge agent to the historian: no object per sample, no copy on the way.
 * Row `i` is tag `tags[tagIndex[i]]` at `at[i]`; `doubles` and `int64s` are two views of one column of 8 bytes a row.
 */
export interface SampleBatch {
  readonly agent: string
  readonly sequence: number
  readonly count: number
  readonly tags: readonly string[]
  readonly texts: readonly string[]
  /** Source instants, UTC microseconds. */
  readonly at: Float64Array
  readonly serverAt: Float64Array
  /** The value of kind `double`, `boolean` (0 or 1), or `string` (position in `texts`). */
  readonly doubles: Float64Array
  /** The value of kind `int64`: the same bytes as `doubles`. */
  readonly int64s: BigInt64Array
  readonly tagIndex: Uint32Array
  /** OPC UA status codes. */
  readonly status: Uint32Array
  /** One of `valueKind`. */
  readonly kind: Uint8Array
}

const magic = 0x31424c54 // "TLB1", little-endian
const bytesPerRow = 8 + 8 + 8 + 4 + 4 + 1

/** Lays samples out in columns and encodes them as one self-contained message (little-endian, 33 bytes a sample plus names). */
export function encodeSampleBatch(agent: string, sequence: number, samples: readonly Sample[]): Uint8Array {
  const tagIds = new Map<string, number>()
  const textIds = new Map<string, number>()
  for (const sample of samples) {
    idIn(tagIds, sample.tag)
    if (typeof sample.value === 'string') idIn(textIds, sample.value)
  }
  const count = samples.length
  const header = { agent, sequence, count, tags: [...tagIds.keys()], texts: [...textIds.keys()] }
  const headerBytes = new TextEncoder().encode(JSON.stringify(header))
  const start = columnsStart(headerBytes.length)
  const bytes = new Uint8Array(start + count * bytesPerRow)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic, true)
  view.setUint32(4, headerBytes.length, true)
  bytes.set(headerBytes, 8)
  const columns = columnsOf(bytes.buffer, start, count)
  samples.forEach((sample, row) => {
    columns.at[row] = sample.at
    columns.serverAt[row] = sample.serverAt
    columns.tagIndex[row] = idIn(tagIds, sample.tag)
    columns.status[row] = sample.status
    putValue(columns, row, sample.value, textIds)
  })
  return bytes
}

/**
 * Opens a message of `encodeSampleBatch`, checking all of it; the columns are views of the message's own bytes where
 * alignment allows.
 * @throws DomainError `invalid` (`model.sample-batch-malformed`) naming what is wrong
 */
export function decodeSampleBatch(message: Uint8Array): SampleBatch {
  // Typed arrays need 8-byte alignment, which a slice of a socket buffer seldom has. `slice` of a Node Buffer copies nothing.
  const bytes = message.byteOffset % 8 === 0 ? message : new Uint8Array(message)
  if (bytes.length < 8) throw malformed(`it has only ${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== magic) throw malformed('it does not start with TLB1')
  const headerLength = view.getUint32(4, true)
  if (8 + headerLength > bytes.length) throw malformed('its header is cut off')
  const header = parseHeader(bytes.subarray(8, 8 + headerLength))
  const start = columnsStart(headerLength)
  const expected = start + header.count * bytesPerRow
  if (bytes.length !== expected)
    throw malformed(`it has ${bytes.length} bytes, ${header.count} samples need ${expected}`)
  const columns = columnsOf(bytes.buffer, bytes.byteOffset + start, header.count)
  for (let row = 0; row < header.count; row++) {
    if ((columns.tagIndex[row] ?? 0) >= header.tags.length) throw malformed(`sample ${row} names no tag`)
    const kind = columns.kind[row] ?? 0
    if (kind > valueKind.string) throw malformed(`sample ${row} has value kind ${kind}`)
    if (kind === valueKind.string && !((columns.doubles[row] ?? 0) in header.texts)) {
      throw malformed(`sample ${row} names no text`)
    }
  }
  return { ...header, ...columns }
}

/** The value of one row, null for none. */
export function valueAt(batch: SampleBatch, row: number): SampleValue | null {
  switch (batch.kind[row]) {
    case valueKind.double:
      return batch.doubles[row] ?? null
    case valueKind.int64:
      return batch.int64s[row] ?? null
    case valueKind.boolean:
      return batch.doubles[row] === 1
    case valueKind.string:
      return batch.texts[batch.doubles[row] ?? -1] ?? null
    default:
      return null
  }
}

/** One row as an object: for tests and slow paths. */
export function sampleAt(batch: SampleBatch, row: number): Sample {
  return {
    tag: batch.tags[batch.tagIndex[row] ?? -1] ?? '',
    at: (batch.at[row] ?? 0) as Instant,
    serverAt: (batch.serverAt[row] ?? 0) as Instant,
    value: valueAt(batch, row),
    status: batch.status[row] ?? 0,
  }
}

type Columns = Pick<SampleBatch, 'at' | 'serverAt' | 'doubles' | 'int64s' | 'tagIndex' | 'status' | 'kind'>

const columnsStart = (headerLength: number): number => Math.ceil((8 + headerLength) / 8) * 8

function columnsOf(buffer: ArrayBufferLike, start: number, count: number): Columns {
  const wide = 8 * count
  return {
    at: new Float64Array(buffer, start, count),
    serverAt: new Float64Array(buffer, start + wide, count),
    doubles: new Float64Array(buffer, start + 2 * wide, count),
    int64s: new BigInt64Array(buffer, start + 2 * wide, count),
    tagIndex: new Uint32Array(buffer, start + 3 * wide, count),
    status: new Uint32Array(buffer, start + 3 * wide + 4 * count, count),
    kind: new Uint8Array(buffer, start + 4 * wide, count),
  }
}

function putValue(columns: Columns, row: number, value: SampleValue | null, texts: Map<string, number>): void {
  switch (typeof value) {
    case 'number':
      columns.kind[row] = valueKind.double
      columns.doubles[row] = value
      return
    case 'bigint':
      columns.kind[row] = valueKind.int64
      columns.int64s[row] = value
      return
    case 'boolean':
      columns.kind[row] = valueKind.boolean
      columns.doubles[row] = value ? 1 : 0
      return
    case 'string':
      columns.kind[row] = valueKind.string
      columns.doubles[row] = idIn(texts, value)
      return
    default:
      columns.kind[row] = valueKind.none
  }
}

function idIn(ids: Map<string, number>, name: string): number {
  const known = ids.get(name)
  if (known !== undefined) return known
  ids.set(name, ids.size)
  return ids.size - 1
}

function parseHeader(bytes: Uint8Array): z.infer<typeof BatchHeader> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw malformed('its header is not JSON', error)
  }
  const parsed = BatchHeader.safeParse(json)
  if (!parsed.success) throw malformed(z.prettifyError(parsed.error))
  return parsed.data
}

const malformed = (what: string, cause?: unknown): DomainError =>
  new DomainError('invalid', 'model.sample-batch-malformed', `The sample batch cannot be read: ${what}`, {}, cause)
