import type { Instant } from '@throughline/kernel'
import type { MeasuredCharacteristic, ParsedDocument } from '@throughline/model'
import { Code, UcumUnit } from '@throughline/model'
import type { Measured } from './record.ts'
import type { NamedWork } from './work.ts'

/** A document that a gauge or measuring machine left, with what was read out of it. */
export interface MeasuredDocument {
  readonly hash: string
  readonly name: string
  readonly receivedAt: Instant
  readonly parsed: ParsedDocument
}

/** One inspection for each piece of a document; results that name no piece go under the name of the document. */
export function inspectionsOf({ hash, name, receivedAt, parsed }: MeasuredDocument): Measured[] {
  const pieces = Map.groupBy(parsed.results, ({ serial }) => serial ?? name)
  return [...pieces].map(([piece, results]) => ({
    kind: 'in-process',
    piece,
    orderId: null,
    work: workOf(results),
    gauge: gaugeOf(results),
    at: lastOf(results) ?? receivedAt,
    document: hash,
    results: results.map((each) => ({
      characteristic: each.characteristic,
      name: each.type ?? '',
      unit: UcumUnit.safeParse(each.unit).data ?? null,
      nominal: each.nominal,
      low: each.lowerLimit,
      high: each.upperLimit,
      measured: each.value,
      status: each.status === 'other' ? 'unknown' : each.status,
    })),
  }))
}

/** The gauge that all results name, if it is the same one and a code. */
function gaugeOf(results: readonly MeasuredCharacteristic[]): string | null {
  const [first] = results
  if (first?.gauge == null || results.some(({ gauge }) => gauge !== first.gauge)) return null
  return Code.safeParse(first.gauge).data ?? null
}

/** What all results name that name any; what they contradict each other about is not named. */
function workOf(results: readonly MeasuredCharacteristic[]): NamedWork {
  const one = (field: keyof NamedWork): string | null => {
    const named = new Set(results.flatMap((each) => each[field] ?? []))
    const [first] = named
    return named.size === 1 ? (first ?? null) : null
  }
  return { run: one('run'), order: one('order'), operation: one('operation') }
}

const lastOf = (results: readonly MeasuredCharacteristic[]): Instant | null =>
  results.reduce<Instant | null>(
    (last, { measuredAt }) => (measuredAt !== null && (last === null || measuredAt > last) ? measuredAt : last),
    null,
  )
