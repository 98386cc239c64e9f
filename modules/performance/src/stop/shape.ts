import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import { longestOf, mergedReason } from './rules.ts'
import type { StoredStop } from './stored-stop.ts'

type Who = Pick<UnitOfWork, 'actor' | 'at'>

/** The stop with what a person changed in it. */
export const changed = (stop: StoredStop, change: Partial<StoredStop>, { actor, at }: Who): StoredStop => ({
  ...stop,
  ...change,
  version: stop.version + 1,
  changedBy: actor.name,
  changedAt: at,
})

/** Two stops in the place of one, with the reason of the one: whoever splits then says what is different. */
export function halvesOf(stop: StoredStop, at: Instant, who: Who): readonly [StoredStop, StoredStop] {
  const first = { ...born(stop, [stop.id], who), to: at }
  const second = { ...born({ ...stop, from: at }, [stop.id], who), cutFrom: true }
  return [first, second]
}

/** One stop in the place of neighbours, given in order of time. */
export function wholeOf(stops: readonly [StoredStop, ...StoredStop[]], who: Who): StoredStop {
  const [first] = stops
  const last = stops.at(-1) ?? first
  const longest = longestOf(stops, who.at)
  const ids = stops.map((stop) => stop.id)
  return {
    ...born({ ...longest, from: first.from, to: last.to }, ids, who),
    ...mergedReason(stops, who.at),
    machineCode: stops.find((stop) => stop.machineCode !== null)?.machineCode ?? null,
    order: first.order,
    product: first.product,
    cutFrom: first.cutFrom,
    joined: true,
  }
}

function born(stop: StoredStop, cameFrom: readonly Id<'Stop'>[], { actor, at }: Who): StoredStop {
  return {
    ...stop,
    id: newId<'Stop'>(stop.from),
    version: 1,
    changedBy: actor.name,
    changedAt: at,
    cameFrom,
    replacedAt: null,
  }
}
