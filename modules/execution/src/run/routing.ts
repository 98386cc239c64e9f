import type { Decimal, Id } from '@throughline/kernel'
import { compare, sum } from '@throughline/kernel'
import type { RoutingOperation, RunState } from '@throughline/model'

type LotId = Id<'Lot'>
type RunId = Id<'OperationRun'>

/** A serial or lot that an order makes. */
export interface Piece {
  readonly id: LotId
  readonly code: string
  /** Its place among those of the order. */
  readonly ordinal: number
  /** What is left of it: 1 for a serial, 0 when it is scrapped. */
  readonly quantity: Decimal
  readonly state: 'in-work' | 'done' | 'scrapped'
}

/** What the way through the routing knows of a run. */
export interface RoutedRun {
  readonly id: RunId
  readonly sequence: number
  readonly attempt: number
  readonly state: RunState
  readonly subjects: readonly LotId[]
}

/** A run that does not exist yet. */
export interface PlannedRun {
  readonly operation: RoutingOperation
  readonly attempt: number
  readonly state: 'waiting' | 'ready'
  readonly pieces: readonly Piece[]
  readonly quantity: Decimal
}

export const isOpen = (state: RunState): boolean => state !== 'completed' && state !== 'skipped'
export const isBegun = (state: RunState): boolean => state === 'running' || state === 'paused' || state === 'completed'
const notBegun = (state: RunState): boolean => state === 'waiting' || state === 'ready'

export const quantityOf = (pieces: readonly Piece[]): Decimal => sum(pieces.map(({ quantity }) => quantity))

/** One run for each operation and each group of pieces that are worked on together; the first ones are ready. */
export function planRuns(operations: readonly RoutingOperation[], pieces: readonly Piece[]): PlannedRun[] {
  return operations.flatMap((operation, index) =>
    groupsOf(pieces, operation.batchSize).map((group) => ({
      operation,
      attempt: 1,
      state: index === 0 ? ('ready' as const) : ('waiting' as const),
      pieces: group,
      quantity: quantityOf(group),
    })),
  )
}

/** How many runs `planRuns` would make, without making them. */
export const countRuns = (operations: readonly RoutingOperation[], pieces: number): number =>
  operations.reduce((count, { batchSize }) => count + Math.ceil(pieces / batchSize), 0)

function groupsOf(pieces: readonly Piece[], size: number): Piece[][] {
  const sorted = [...pieces].sort((a, b) => a.ordinal - b.ordinal)
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, index) =>
    sorted.slice(index * size, (index + 1) * size),
  )
}

/** What a run still waits for: open runs of an operation before it that hold one of these pieces. */
export function runsBefore<Run extends RoutedRun>(
  runs: readonly Run[],
  run: Pick<RoutedRun, 'id' | 'sequence'>,
  subjects: readonly LotId[],
): Run[] {
  const wanted = new Set(subjects)
  return runs.filter(
    (each) =>
      each.id !== run.id &&
      isOpen(each.state) &&
      each.sequence < run.sequence &&
      each.subjects.some((subject) => wanted.has(subject)),
  )
}

/** Waiting runs all of whose pieces have come. */
export function readyNow<Run extends RoutedRun>(runs: readonly Run[]): Run[] {
  const earliest = new Map<LotId, number>()
  for (const { state, sequence, subjects } of runs) {
    if (!isOpen(state)) continue
    for (const subject of subjects) earliest.set(subject, Math.min(earliest.get(subject) ?? sequence, sequence))
  }
  return runs.filter(
    ({ state, sequence, subjects }) =>
      state === 'waiting' && subjects.length > 0 && subjects.every((each) => earliest.get(each) === sequence),
  )
}

/** Pieces of a run that are in no open run: their way is at its end. */
export function arrived(runs: readonly RoutedRun[], subjects: readonly LotId[]): LotId[] {
  const onTheWay = new Set(runs.filter(({ state }) => isOpen(state)).flatMap((run) => run.subjects))
  return subjects.filter((each) => !onTheWay.has(each))
}

/**
 * The operations that pieces do again: from where rework begins up to the one that sent them back.
 *
 * @param runs of all pieces that were in the run that sent them back
 */
export function reworkRuns(
  operations: readonly RoutingOperation[],
  runs: readonly RoutedRun[],
  sentBack: { readonly sequence: number; readonly reworkTo: number; readonly pieces: readonly Piece[] },
): PlannedRun[] {
  const again = operations.filter(({ sequence }) => sequence >= sentBack.reworkTo && sequence <= sentBack.sequence)
  return again.flatMap((operation, index) => {
    const done = runs.filter((run) => run.sequence === operation.sequence)
    const attemptOf = (piece: Piece): number => {
      const own = done.filter(({ subjects }) => subjects.includes(piece.id))
      // A part that was split off has been where its lot was.
      return 1 + Math.max(0, ...(own.length > 0 ? own : done).map(({ attempt }) => attempt))
    }
    return [...Map.groupBy(sentBack.pieces, attemptOf)].flatMap(([attempt, pieces]) =>
      groupsOf(pieces, operation.batchSize).map((group) => ({
        operation,
        attempt,
        state: index === 0 ? ('ready' as const) : ('waiting' as const),
        pieces: group,
        quantity: quantityOf(group),
      })),
    )
  })
}

/** Runs that were not begun, as they are once these pieces are what they are now; those that changed, and nothing else. */
export function refit<Run extends RoutedRun & { readonly quantity: Decimal }>(
  runs: readonly Run[],
  pieces: readonly Piece[],
): (Run & { readonly isEmpty: boolean })[] {
  const living = new Map(pieces.filter(({ state }) => state !== 'scrapped').map((piece) => [piece.id, piece]))
  return runs.flatMap((run) => {
    if (!notBegun(run.state)) return []
    const kept = run.subjects.flatMap((id) => living.get(id) ?? [])
    const quantity = quantityOf(kept)
    if (kept.length === run.subjects.length && compare(quantity, run.quantity) === 0) return []
    return [{ ...run, subjects: kept.map(({ id }) => id), quantity, isEmpty: kept.length === 0 }]
  })
}
