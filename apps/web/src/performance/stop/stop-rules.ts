import type { Instant } from '@throughline/kernel'
import type { Reason, Stop } from '@throughline/model'

/** Open stops first, oldest of them on top; then the others, newest first. */
export function openFirst(stops: readonly Stop[]): Stop[] {
  return stops.toSorted((a, b) => {
    if ((a.to === null) !== (b.to === null)) return a.to === null ? -1 : 1
    return a.to === null ? a.from - b.from : b.from - a.from
  })
}

/** Runs of two and more stops of one machine that follow each other without a gap: what may be taken together as one. */
export function mergeableRuns(stops: readonly Stop[]): Stop[][] {
  const byMachine = new Map<string, Stop[]>()
  for (const stop of stops) {
    const list = byMachine.get(stop.nodeId) ?? []
    list.push(stop)
    byMachine.set(stop.nodeId, list)
  }
  const runs: Stop[][] = []
  for (const list of byMachine.values()) {
    let run: Stop[] = []
    for (const stop of list.toSorted((a, b) => a.from - b.from)) {
      if (run.length > 0 && run.at(-1)?.to !== stop.from) {
        if (run.length > 1) runs.push(run)
        run = []
      }
      run.push(stop)
    }
    if (run.length > 1) runs.push(run)
  }
  return runs.toSorted((a, b) => (b[0]?.from ?? 0) - (a[0]?.from ?? 0))
}

/** An instant at which a stop can be split: inside it, with a second at least on either side; undefined = too short. */
export function splitRange(
  stop: Pick<Stop, 'from' | 'to'>,
  now: Instant,
): { first: Instant; last: Instant } | undefined {
  const end = stop.to ?? now
  const first = (stop.from + 1_000_000) as Instant
  const last = (end - 1_000_000) as Instant
  return first < last ? { first, last } : undefined
}

/** A reason with how deep it stands in its tree; a group can not be given itself. */
export interface PlacedReason {
  readonly reason: Reason
  readonly depth: number
  readonly isGroup: boolean
}

/** The tree from the top down, groups before what is in them, those that are offered, by code. */
export function placedReasons(reasons: readonly Reason[]): PlacedReason[] {
  return treeOf(
    reasons.filter(({ retired }) => !retired),
    ({ code }) => code,
  )
}

/** The trees of all areas, by the path of their area, retired reasons too. */
export function allReasons(reasons: readonly Reason[], pathOf: (reason: Reason) => string): PlacedReason[] {
  return treeOf(reasons, (reason) => `${pathOf(reason)} ${reason.code}`)
}

function treeOf(offered: readonly Reason[], keyOf: (reason: Reason) => string): PlacedReason[] {
  const known = new Set<string>(offered.map(({ id }) => id))
  const childrenOf = new Map<string | null, Reason[]>()
  for (const reason of offered) {
    const parent = reason.parentId !== null && known.has(reason.parentId) ? reason.parentId : null
    const list = childrenOf.get(parent) ?? []
    list.push(reason)
    childrenOf.set(parent, list)
  }
  function below(parent: string | null, depth: number): PlacedReason[] {
    const children = (childrenOf.get(parent) ?? []).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    return children.flatMap((reason) => [
      { reason, depth, isGroup: isGroup(reason, childrenOf) },
      ...below(reason.id, depth + 1),
    ])
  }
  return below(null, 0)
}

/** A stop reason without a category only groups others; a scrap reason groups others when it has some below it. */
function isGroup(reason: Reason, childrenOf: ReadonlyMap<string | null, readonly Reason[]>): boolean {
  return reason.kind === 'stop' ? reason.category === null : childrenOf.has(reason.id)
}

/** Reasons that can be given: those suggested first, in their order, then the rest of the tree. */
export function offeredReasons(
  reasons: readonly Reason[],
  suggested: readonly string[],
): { likely: Reason[]; others: Reason[] } {
  const givable = placedReasons(reasons).flatMap(({ reason, isGroup: group }) => (group ? [] : [reason]))
  const likely = suggested.flatMap((id) => givable.filter((reason) => reason.id === id))
  return { likely, others: givable.filter((reason) => !suggested.includes(reason.id)) }
}
