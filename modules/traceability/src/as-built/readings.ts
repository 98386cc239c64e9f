import type { TagDirectory } from '@throughline/equipment'
import type { Id, Instant } from '@throughline/kernel'
import type { AsBuilt, RoutingOperation, Window } from '@throughline/model'
import { getAggregate, getTrend } from '@throughline/model'
import type { Actor, Platform } from '@throughline/platform'
import { environmentOf } from '../readings/read.ts'
import type { ReadingSeal } from '../readings/store.ts'
import type { RunFacts } from './facts.ts'

type Parameter = AsBuilt['runs'][number]['parameters'][number]
type Specification = RoutingOperation['parameters'][number]

const gapsAtMost = 100

/** The time in which a run was in hand, up to now; null = it was not begun, or lasted no time. */
export function windowOf({ run }: Pick<RunFacts, 'run'>, at: Instant): Window | null {
  const { startedAt: from, completedAt } = run
  const to = completedAt ?? at
  return from === null || to <= from ? null : { from, to }
}

/** What the parameters of an operation were while it lasted, as far as the equipment told it. */
export async function parametersOf(
  platform: Platform,
  directory: TagDirectory,
  reader: Actor,
  facts: RunFacts,
  at: Instant,
  seals: readonly ReadingSeal[],
): Promise<Parameter[]> {
  const { nodeId } = facts.run
  const window = windowOf(facts, at)
  const tags = directory.list().filter((tag) => tag.nodeId === nodeId)
  const found: Omit<Parameter, 'seals'>[] = []
  for (const said of facts.operation?.parameters ?? []) {
    const wanted = said.tag?.toLowerCase()
    const tag = wanted === undefined ? undefined : tags.find(({ name }) => name.toLowerCase() === wanted)
    const about = { ...said, about: 'parameter' } as const
    found.push(await parameterOf(platform, reader, about, tag?.id ?? null, window))
  }
  const free = { low: null, target: null, high: null, critical: false, about: 'environment' } as const
  for (const { tag, name, unit } of environmentOf(directory, nodeId)) {
    found.push(await parameterOf(platform, reader, { ...free, name, unit, tag: tag.path }, tag.id, window))
  }
  const own = seals.filter(({ runId }) => runId === facts.run.id)
  return found.map((each) => ({ ...each, seals: own.filter(({ tagId }) => tagId === each.tagId).map(shownSeal) }))
}

function shownSeal(seal: ReadingSeal): Parameter['seals'][number] {
  const { id, version, cause, sealedAt, samples, firstAt, lastAt, sha256, min, max, mean, coverage } = seal
  return { id, version, cause, sealedAt, samples, firstAt, lastAt, sha256, min, max, mean, coverage }
}

async function parameterOf(
  platform: Platform,
  reader: Actor,
  { name, about, tag, unit, low, target, high, critical }: Specification & Pick<Parameter, 'about'>,
  tagId: Id<'Tag'> | null,
  window: Window | null,
): Promise<Omit<Parameter, 'seals'>> {
  const said = { name, about, tag, unit, low, target, high, critical, tagId, window }
  if (tagId === null || window === null) {
    return { ...said, min: null, max: null, mean: null, samples: 0, gaps: [], coverage: null, within: null }
  }
  const total = await platform.run(getAggregate, reader, { tagId, window })
  const [trend] = await platform.run(getTrend, reader, { tagIds: [tagId], window, points: 1000 })
  // What held when it began was read before: no sample of the window says so.
  const start = { from: window.from, to: (window.from + 1) as Instant }
  const [held] = await platform.run(getTrend, reader, { tagIds: [tagId], window: start, points: 10 })
  const least = extreme([total.min, ...(held?.min ?? [])], Math.min)
  const most = extreme([total.max, ...(held?.max ?? [])], Math.max)
  return {
    ...{ ...said, min: least, max: most, mean: total.timeWeightedAverage, samples: total.count },
    gaps: (trend?.gaps ?? []).slice(0, gapsAtMost),
    coverage: total.coverage,
    within: isWithin({ low, high }, least, most),
  }
}

function extreme(values: readonly (number | null)[], of: (...each: number[]) => number): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : of(...known)
}

/** Null = there are no limits, or nothing was read. */
export function isWithin(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  least: number | null,
  most: number | null,
): boolean | null {
  if ((low === null && high === null) || least === null || most === null) return null
  return (low === null || least >= low) && (high === null || most <= high)
}
