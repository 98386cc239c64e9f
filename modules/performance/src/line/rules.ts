import type { Id, Instant } from '@throughline/kernel'
import type { LineSetting } from '@throughline/model'
import type { MachineInterval } from '../state/interval.ts'
import { endOf, indexAt, joined } from '../state/interval.ts'

type NodeId = Id<'EquipmentNode'>

/** States of which a machine is its own cause. */
const own: ReadonlySet<string> = new Set(['down', 'changeover', 'planned-stop'])
/** States in which a machine could run, but nothing comes in or goes out. */
const waiting: ReadonlySet<string> = new Set(['idle', 'starved', 'blocked'])

interface Cause {
  readonly nodeId: NodeId
  /** When the neighbour came to a stand. */
  readonly since: Instant
}

/**
 * Tells waiting in a line by its first cause: a machine that waits since the one before it stands is starved, since the one
 * after it stands is blocked; with both, the one that stood first caused it. A buffer goes on working for its time after the
 * neighbour runs again. What people said stays.
 */
export function inLine(
  line: Pick<LineSetting, 'machines'>,
  nodeId: NodeId,
  statesOf: ReadonlyMap<NodeId, readonly MachineInterval[]>,
): MachineInterval[] {
  const { machines } = line
  const place = machines.findIndex((machine) => machine.nodeId === nodeId)
  const intervals = statesOf.get(nodeId) ?? []
  if (place === -1) return [...intervals]

  const causeOf = (from: number, step: 1 | -1, at: Instant): Cause | undefined => {
    const neighbour = machines[from + step]
    if (neighbour === undefined) return undefined
    const bufferUs = (machines[step === 1 ? from : from - 1]?.bufferSeconds ?? 0) * 1e6
    const stand = standOf(statesOf.get(neighbour.nodeId) ?? [], at, bufferUs)
    if (stand === undefined) return undefined
    if (stand.isOwn) return { nodeId: neighbour.nodeId, since: stand.since }
    const further = causeOf(from + step, step, stand.since)
    return further && { nodeId: further.nodeId, since: stand.since }
  }

  return joined(
    intervals.map((each) => {
      if (each.source !== 'rule' || !waiting.has(each.state)) return each
      const before = causeOf(place, -1, each.from)
      const after = causeOf(place, 1, each.from)
      const isBlocked = after !== undefined && (before === undefined || after.since < before.since)
      const cause = isBlocked ? after : before
      if (cause === undefined) return each
      return { ...each, state: isBlocked ? 'blocked' : 'starved', source: 'line', causedBy: cause.nodeId }
    }),
  )
}

/** The standstill that reaches the instant, or ended less than a buffer's time before it; undefined = there was none. */
function standOf(
  intervals: readonly MachineInterval[],
  at: Instant,
  bufferUs: number,
): { since: Instant; isOwn: boolean } | undefined {
  let index = indexAt(intervals, at)
  while (index >= 0 && !isStanding(intervals[index] as MachineInterval)) index--
  const last = intervals[index]
  if (last === undefined || endOf(last) + bufferUs <= at) return undefined
  let first = last
  let isOwn = own.has(last.state)
  for (let earlier = intervals[--index]; earlier !== undefined; earlier = intervals[--index]) {
    if (!isStanding(earlier) || earlier.to !== first.from) break
    first = earlier
    isOwn ||= own.has(earlier.state)
  }
  return { since: first.from, isOwn }
}

const isStanding = ({ state }: MachineInterval): boolean => own.has(state) || waiting.has(state)
