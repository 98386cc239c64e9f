import type { SeenLeaf } from './leaves.ts'
import type { Json, JsonObject } from './strict-json.ts'
import { isObject } from './strict-json.ts'

/** The table whose rows bind readings to the ledger. */
const table = 'traceability.reading_seal'

/** What was sealed of the readings of one tag while an operation lasted. */
export interface SealedWindow {
  id: string
  /** Operation and tag: the versions of one window have the same. */
  window: string
  version: number
  cause: string
  name: string
  tag: string
  unit: string
  dataType: string
  from: number
  to: number
  samples: number
  firstAt: number | null
  lastAt: number | null
  sha256: string
  marksSha256: string
  corrections: { at: number; status: number; value: Json }[]
  least: number | null
  most: number | null
  mean: number | null
  coverage: number | null
  sealedAt: number
}

/** Gathers, out of the leaves of a bundle, what was sealed of readings. */
export class SealedReadings {
  readonly windows = new Map<string, SealedWindow>()

  take({ leaf, fits }: SeenLeaf): void {
    if (!fits || leaf?.type !== 'change') return
    for (const { table: of, after } of leaf.rows) {
      if (of !== table || after === null) continue
      const window = windowOf(after)
      this.windows.set(window.id, window)
    }
  }
}

function windowOf(row: JsonObject): SealedWindow {
  const text = (name: string): string => String(row[name] ?? '')
  const corrections = row['corrections']
  return {
    id: text('id'),
    window: `${text('run_id')} ${text('tag_id')}`,
    version: Number(row['version']),
    cause: text('cause'),
    name: text('name'),
    tag: text('tag'),
    unit: text('unit'),
    dataType: text('data_type'),
    from: Number(row['from_at']),
    to: Number(row['to_at']),
    samples: Number(row['samples']),
    firstAt: numberOf(row['first_at']),
    lastAt: numberOf(row['last_at']),
    sha256: text('sha256'),
    marksSha256: text('marks_sha256'),
    corrections: Array.isArray(corrections)
      ? corrections.filter(isObject).map((each) => ({
          at: Number(each['at']),
          status: Number(each['status']),
          value: each['value'] ?? null,
        }))
      : [],
    least: numberOf(row['least']),
    most: numberOf(row['most']),
    mean: numberOf(row['mean']),
    coverage: numberOf(row['coverage']),
    sealedAt: Number(row['sealed_at']),
  }
}

/** A number that a double cannot hold exactly stands as text. */
const numberOf = (value: Json | undefined): number | null =>
  value === null || value === undefined ? null : Number(value)
