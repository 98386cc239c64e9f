import type { Instant } from '@throughline/kernel'
import type { Client, MeasuredCharacteristic } from '@throughline/model'
import { Code, listInspections, recordInspection, UcumUnit } from '@throughline/model'
import type { z } from 'zod'
import type { DataSet } from './data-set.ts'
import { codeOf, materialOf } from './parts.ts'

type Recorded = z.input<typeof recordInspection.input>
type InspectionOfFile = DataSet['inspections'][number]

/** Records what was measured, each piece of each file once; answers how many inspections there are now. */
export async function recordInspections(client: Client, { inspections }: DataSet, now: () => Instant): Promise<number> {
  const wanted = inspections.flatMap((file) => inspectionsOf(file, now()))
  // More than the newest are not looked through: the server knows a piece of a document again by itself.
  const known = new Set((await client(listInspections, { limit: 5000 })).inspections.map(keyOf))
  for (const inspection of wanted) {
    if (!known.has(keyOf(inspection))) await client(recordInspection, inspection)
  }
  return wanted.length
}

const keyOf = ({ document, piece }: { document?: string | null | undefined; piece: string }): string =>
  `${document} ${piece}`

/** One inspection for each piece of a file; a file that does not say when it was made counts from when it is taken over. */
export function inspectionsOf(
  { file, kind, part, at, pieces }: Pick<InspectionOfFile, 'kind' | 'part' | 'at' | 'pieces' | 'file'>,
  now: Instant,
): Recorded[] {
  return [...pieces].map(([serial, results]) => ({
    ...{ kind, at: at ?? now, document: file.sha256, gauge: gaugeOf(results) },
    // Whose result it is the file does not say: it stays with the file.
    piece: serial === null ? file.name : codeOf(materialOf(part), serial),
    results: results.map((each) => ({
      ...{ characteristic: each.characteristic.slice(0, 120), name: each.type ?? '', unit: unitOf(each.unit) },
      ...{ nominal: each.nominal, low: each.lowerLimit, high: each.upperLimit, measured: each.value },
      status: each.status === 'other' ? 'unknown' : each.status,
    })),
  }))
}

/** The one gauge that all results name. */
function gaugeOf(results: readonly MeasuredCharacteristic[]): string | null {
  const [gauge = null, another] = new Set(results.map((each) => each.gauge))
  return another === undefined ? (Code.safeParse(gauge).data ?? null) : null
}

/** Names of units as the measuring programs write them. */
const ucum: Readonly<Record<string, string>> = { degree: 'deg', inch: '[in_i]' }
const unitOf = (unit: string | null): string | null => UcumUnit.safeParse(ucum[unit ?? ''] ?? unit).data ?? null
