/** What happened to one field of a row, or to one member of a structure in it. */
export interface FieldDifference {
  /** From the column inwards: `['tags', 2, 'unit']`. */
  readonly path: readonly (string | number)[]
  readonly kind: 'added' | 'changed' | 'removed'
  /** Absent where nothing was there. */
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * What differs between two images of a row, in the order of its columns; structures are compared member by member, so that
 * one changed unit is one difference. A row that came or went gives each of its fields once.
 */
export function fieldDifferences(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>> | null,
): FieldDifference[] {
  return membersDiffering([], before ?? {}, after ?? {}, before !== null && after !== null)
}

function membersDiffering(
  path: readonly (string | number)[],
  before: object,
  after: object,
  isDeep: boolean,
): FieldDifference[] {
  const [old, young] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  const isList = Array.isArray(before) || Array.isArray(after)
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((key): FieldDifference[] => {
    const here = [...path, isList ? Number(key) : key]
    if (!old.has(key)) return [{ path: here, kind: 'added', after: young.get(key) }]
    if (!young.has(key)) return [{ path: here, kind: 'removed', before: old.get(key) }]
    return valuesDiffering(here, old.get(key), young.get(key), isDeep)
  })
}

function valuesDiffering(
  path: readonly (string | number)[],
  before: unknown,
  after: unknown,
  isDeep: boolean,
): FieldDifference[] {
  const areStructures = isStructure(before) && isStructure(after) && Array.isArray(before) === Array.isArray(after)
  if (isDeep && areStructures) return membersDiffering(path, before, after, true)
  return Object.is(before, after) ? [] : [{ path, kind: 'changed', before, after }]
}

const isStructure = (value: unknown): value is object => typeof value === 'object' && value !== null
