import type { Id, Instant } from '@throughline/kernel'
import type { MachineState } from '@throughline/model'
import { saysSomething } from '../reason/rules.ts'
import type { ReasonCode, StateChange } from './follow.ts'
import type { StoredStop } from './stored-stop.ts'

/** A stop as the states and the bounds that people gave it make it. */
export interface Piece {
  readonly from: Instant
  readonly to: Instant | null
  readonly state: MachineState
  readonly label: string
  readonly machineCode: string | null
  readonly causedBy: Id<'EquipmentNode'> | null
  readonly cutFrom: boolean
  readonly joined: boolean
}

type Interval = StateChange['intervals'][number]
type Shaped = Pick<StoredStop, 'from' | 'to' | 'cutFrom' | 'joined'>

const standing: ReadonlySet<MachineState> = new Set(['idle', 'starved', 'blocked', 'down', 'changeover'])

/** Whether a machine in this state should have run: a planned stop is no stop, and what nobody knows is none either. */
export const isStop = (state: MachineState): boolean => standing.has(state)

const endOf = (range: { readonly to: Instant | null }): number => range.to ?? Number.POSITIVE_INFINITY

/**
 * The stops that the states make, oldest first: one for each interval of standing; where people took neighbours together
 * or cut one, that holds as long as the machine still stood there.
 */
export function piecesOf(
  intervals: readonly Interval[],
  codes: readonly ReasonCode[],
  shaped: readonly Shaped[],
): Piece[] {
  const cuts = shaped.filter((stop) => stop.cutFrom).map((stop) => stop.from)
  return joinedBy(intervals, shaped).flatMap((group) => cutAt(group, cuts, codes))
}

/** Neighbouring intervals of standing that lie together in one joined stop; each of the others alone. */
function joinedBy(intervals: readonly Interval[], shaped: readonly Shaped[]): Interval[][] {
  const joins = shaped.filter((stop) => stop.joined)
  const groups: Interval[][] = []
  for (const interval of intervals) {
    if (!isStop(interval.state)) continue
    const group = groups.at(-1)
    const before = group?.at(-1)
    const isNeighbour = before?.to === interval.from
    const within = joins.some((join) => join.from < interval.from && endOf(join) > interval.from)
    if (group !== undefined && isNeighbour && within) group.push(interval)
    else groups.push([interval])
  }
  return groups
}

function cutAt(group: readonly Interval[], cuts: readonly Instant[], codes: readonly ReasonCode[]): Piece[] {
  const [first] = group
  const last = group.at(-1)
  if (first === undefined || last === undefined) return []
  const bounds = [...new Set(cuts)].filter((cut) => cut > first.from && cut < endOf(last)).sort((a, b) => a - b)
  return [first.from, ...bounds].map((from, index) => {
    const to = bounds[index] ?? last.to
    const parts = group.filter((each) => each.from < (to ?? Number.POSITIVE_INFINITY) && endOf(each) > from)
    const longest = longestOf(parts, from, to) ?? first
    return {
      from,
      to,
      state: longest.state,
      label: longest.label,
      machineCode: codeDuring(codes, from, to),
      causedBy: longest.causedBy ?? null,
      cutFrom: cuts.includes(from),
      joined: parts.length > 1,
    }
  })
}

function longestOf(parts: readonly Interval[], from: Instant, to: Instant | null): Interval | undefined {
  const lengthOf = (part: Interval): number =>
    Math.min(endOf(part), to ?? Number.POSITIVE_INFINITY) - Math.max(part.from, from)
  return parts.reduce<Interval | undefined>(
    (best, part) => (best === undefined || lengthOf(part) > lengthOf(best) ? part : best),
    undefined,
  )
}

/** The code that held when the stop began; where none did, the first that came while it lasted. Codes in order of time. */
export function codeDuring(codes: readonly ReasonCode[], from: Instant, to: Instant | null): string | null {
  const spoken = (code: string | null): code is string => code !== null && saysSomething(code)
  const after = firstAfter(codes, from)
  const holding = codes[after - 1]?.code ?? null
  if (spoken(holding)) return holding
  for (let index = after; index < codes.length; index++) {
    const { at, code } = codes[index] as ReasonCode
    if (at >= endOf({ to })) break
    if (spoken(code)) return code
  }
  return null
}

/** Where the first code after an instant stands: a month has as many codes as stops, so they are not walked through. */
function firstAfter(codes: readonly ReasonCode[], at: Instant): number {
  let [low, high] = [0, codes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((codes[middle] as ReasonCode).at <= at) low = middle + 1
    else high = middle
  }
  return low
}
