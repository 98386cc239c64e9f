import type { Instant } from '@throughline/kernel'
import type { MeasuredCharacteristic, MeasuredCurve } from '@throughline/model'
import type { JsonNode } from './json.ts'
import type { DecimalMark } from './scalar.ts'
import { numberIn } from './scalar.ts'

/** Which column or path of a record holds what of a measured characteristic. */
export type DocumentFields = Readonly<Partial<Record<DocumentField, string>>>
export type DocumentField = (typeof documentFields)[number]

/** The names by which a connection's options say it. */
export const documentFields = [
  ...(['serial', 'part', 'characteristic', 'type', 'nominal', 'lower', 'upper', 'unit', 'value', 'status'] as const),
  ...(['gauge', 'order', 'operation', 'run'] as const),
] as const

/** One record as a measured characteristic; undefined when it names none. */
export function characteristicOf(
  fields: DocumentFields,
  get: (field: string) => JsonNode | undefined,
  at: Instant | null,
  decimal: DecimalMark = '.',
): MeasuredCharacteristic | undefined {
  const raw = (field: DocumentField): JsonNode | undefined => {
    const name = fields[field]
    return name === undefined ? undefined : get(name)
  }
  const text = (field: DocumentField): string | null => textOf(raw(field))
  const number = (field: DocumentField): number | null => numberOf(raw(field), decimal)
  const characteristic = text('characteristic')
  if (characteristic === null) return undefined
  const statusText = text('status')
  return {
    ...{ serial: text('serial'), part: text('part'), characteristic, type: text('type') },
    ...{ nominal: number('nominal'), lowerLimit: number('lower'), upperLimit: number('upper'), unit: text('unit') },
    ...{ value: number('value'), status: statusOf(statusText), statusText, gauge: text('gauge'), measuredAt: at },
    ...{ order: text('order'), operation: text('operation'), run: text('run') },
  }
}

/** What a source says of a result in its own word, as one of ours. A word that is not known is `other`, never a pass. */
export function statusOf(text: string | null): MeasuredCharacteristic['status'] {
  if (text === null) return 'unknown'
  const word = text.toUpperCase().replaceAll(/[\s._-]/g, '')
  if (['PASS', 'PASSED', 'OK', 'IO', 'GOOD', 'TRUE', '1'].includes(word)) return 'pass'
  if (['FAIL', 'FAILED', 'NOK', 'NOTOK', 'NIO', 'NG', 'BAD', 'FALSE', '0'].includes(word)) return 'fail'
  return 'other'
}

/**
 * An array of points as columns: objects by their keys, arrays by place, numbers alone as one column. Undefined when it is
 * no array; what is no number is a hole in its column.
 */
export function curveOf(
  name: string,
  serial: string | null,
  measuredAt: Instant | null,
  points: JsonNode | undefined,
): MeasuredCurve | undefined {
  if (!Array.isArray(points)) return undefined
  const columns = new Map<string, (number | null)[]>()
  points.forEach((point: JsonNode, row) => {
    for (const [key, value] of entriesOf(point)) {
      const column = columns.get(key) ?? []
      while (column.length < row) column.push(null)
      column.push(numberOf(value))
      columns.set(key, column)
    }
  })
  for (const column of columns.values()) while (column.length < points.length) column.push(null)
  const named = Array.from(columns, ([key, values]) => ({ name: key.slice(0, 500), unit: null, values }))
  return { serial, name, measuredAt, columns: named.filter((column) => column.name !== '') }
}

function entriesOf(point: JsonNode): [string, JsonNode][] {
  if (Array.isArray(point)) return point.map((value, index) => [String(index), value])
  if (typeof point === 'object' && point !== null) return Object.entries(point)
  return [['value', point]]
}

function textOf(raw: JsonNode | undefined): string | null {
  if (raw === undefined || raw === null || typeof raw === 'object') return null
  const text = String(raw).trim().slice(0, 500)
  return text === '' ? null : text
}

function numberOf(raw: JsonNode | undefined, decimal: DecimalMark = '.'): number | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null
  if (typeof raw === 'bigint') return Number(raw)
  return typeof raw === 'string' ? (numberIn(raw, decimal) ?? null) : null
}
