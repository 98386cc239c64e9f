import type { Tag } from '@throughline/model'
import type { LineState } from '@throughline/ui'
import { excursionOf, qualityStateOf } from '@throughline/ui'
import type { Reading } from '../../live/live-store.ts'
import type { Unit } from './plant-tree.ts'

/** What is to be said of one tag now, best first. `outside` = a trusted value outside its normal band. */
export type TagCondition = 'normal' | 'unfed' | 'missing' | 'uncertain' | 'stale' | 'outside' | 'bad'

export function tagCondition(tag: Tag, reading: Reading | undefined, line: LineState): TagCondition {
  const quality = qualityStateOf(reading, line)
  if (quality === 'missing') return tag.source === null ? 'unfed' : 'missing'
  if (quality === 'bad' || quality === 'stale') return quality
  const value = numberOf(reading?.value)
  if (value !== undefined && excursionOf(value, tag) !== 'none') return 'outside'
  return quality === 'uncertain' ? 'uncertain' : 'normal'
}

export function numberOf(value: Reading['value'] | undefined): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : undefined
}

/** How many tags of a unit are in each condition, and which tags are outside their normal band. */
export interface UnitCondition {
  readonly counts: Readonly<Record<TagCondition, number>>
  readonly outside: readonly Tag[]
  /** Higher is worse; 0 = all normal. */
  readonly rank: number
}

const ranks: Readonly<Record<TagCondition, number>> = {
  normal: 0,
  unfed: 0,
  missing: 1,
  uncertain: 2,
  stale: 3,
  outside: 4,
  bad: 5,
}

export function unitCondition(
  unit: Unit,
  readingOf: (tagId: string) => Reading | undefined,
  line: LineState,
): UnitCondition {
  const counts: Record<TagCondition, number> = {
    normal: 0,
    unfed: 0,
    missing: 0,
    uncertain: 0,
    stale: 0,
    outside: 0,
    bad: 0,
  }
  const outside: Tag[] = []
  let rank = 0
  for (const tag of unit.tags) {
    const condition = tagCondition(tag, readingOf(tag.id), line)
    counts[condition] += 1
    rank = Math.max(rank, ranks[condition])
    if (condition === 'outside') outside.push(tag)
  }
  return { counts, outside, rank }
}

/** Worst first: by worst condition, then by how many tags have it, then by path, so that equals keep their place. */
export function worstFirst<Entry extends { readonly unit: Unit; readonly condition: UnitCondition }>(
  entries: readonly Entry[],
): Entry[] {
  const weight = ({ condition: { counts, rank } }: Entry): number =>
    rank === 0 ? 0 : rank * 100_000 + counts.bad + counts.outside + counts.stale + counts.uncertain + counts.missing
  return entries.toSorted((a, b) => weight(b) - weight(a) || (a.unit.node.path < b.unit.node.path ? -1 : 1))
}

/** The tags that a tile shows: what is outside its band, then the state, then what has a band, then what has a range, then the rest. */
export function keyTags(unit: Unit, outside: readonly Tag[], most: number): Tag[] {
  const interest = (tag: Tag): number => {
    if (outside.includes(tag)) return 0
    if (tag.dataType === 'string' && /state/i.test(tag.name)) return 1
    if (tag.normalLow !== null || tag.normalHigh !== null) return 2
    if (tag.dataType === 'string') return 3
    return tag.rangeLow === null ? 5 : 4
  }
  return unit.tags.toSorted((a, b) => interest(a) - interest(b)).slice(0, most)
}
