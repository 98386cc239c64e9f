import type { Decimal, Id, Instant } from '@throughline/kernel'
import { add, compare, DomainError, subtract, toIso, zero } from '@throughline/kernel'
import type { OperationRun, RunState } from '@throughline/model'
import type { Piece } from './routing.ts'

type LotId = Id<'Lot'>
type Named = Pick<OperationRun, 'orderCode' | 'sequence' | 'name' | 'state'>

/** A run as people call it: `WO-20045, operation 20 (Cure)`. */
export const nameOf = ({ orderCode, sequence, name }: Pick<Named, 'orderCode' | 'sequence' | 'name'>): string =>
  `${orderCode}, operation ${sequence} (${name})`

/** @throws DomainError `conflict` unless the run is in one of these states */
export function assertRunState(run: Named, allowed: readonly RunState[], doing: string): void {
  if (allowed.includes(run.state)) return
  throw new DomainError(
    'conflict',
    'execution.run-state',
    `${nameOf(run)} is ${run.state}: it can be ${doing} only while it is ${allowed.join(' or ')}`,
    { state: run.state },
  )
}

/**
 * Only an operation that somebody has in hand takes entries.
 * @throws DomainError `conflict`
 */
export const assertRunOpen = (run: Named): void => assertRunState(run, ['running'], 'recorded on')

/**
 * When something happened: as told, or now.
 * @throws DomainError `invalid` for the future, `conflict` for what comes before something that is recorded already
 */
export function momentOf(told: Instant | null, now: Instant, run: Named & { readonly lastAt: Instant }): Instant {
  if (told === null) return now < run.lastAt ? run.lastAt : now
  if (told > now) {
    throw new DomainError(
      'invalid',
      'execution.time-future',
      `${toIso(told)} lies in the future: say when it happened`,
      { at: told },
    )
  }
  if (told < run.lastAt) {
    throw new DomainError(
      'conflict',
      'execution.time-before',
      `Of ${nameOf(run)} something is recorded for ${toIso(run.lastAt)} already: this happened before it`,
      { at: told },
    )
  }
  return told
}

/**
 * Which of its pieces a run begins with.
 * @throws DomainError `invalid` naming those that it does not hold
 */
export function chosenOf(run: Named & Pick<OperationRun, 'subjects'>, wanted: readonly LotId[]): LotId[] {
  if (wanted.length === 0) return [...run.subjects]
  const strange = wanted.filter((each) => !run.subjects.includes(each))
  if (strange.length > 0) {
    throw new DomainError(
      'invalid',
      'execution.subject-not-here',
      `${nameOf(run)} does not hold ${strange.length} of these pieces: read it again`,
      { subjects: strange },
    )
  }
  return run.subjects.filter((each) => wanted.includes(each))
}

/** What is reported of one piece, or of an amount of a lot. */
export interface Reported {
  readonly quantity: Decimal
  readonly lotId: LotId | null
}

/**
 * The piece that an entry is about: the one that it names, or the only one there is.
 *
 * @param there pieces of the run that were neither scrapped nor sent to rework
 * @throws DomainError `invalid` when it does not say which, or more than there is
 */
export function pieceFor(run: Named, there: readonly Piece[], { lotId, quantity }: Reported): Piece {
  const piece = lotId === null ? (there.length === 1 ? there[0] : undefined) : there.find(({ id }) => id === lotId)
  if (piece === undefined) {
    throw new DomainError(
      'invalid',
      'execution.report-piece-unknown',
      lotId === null
        ? `${nameOf(run)} holds ${there.length} pieces: say which one is meant`
        : `${nameOf(run)} does not hold this piece any more: it is scrapped, sent to rework or another operation's`,
      { lotId },
    )
  }
  if (compare(quantity, zero) <= 0 || compare(quantity, piece.quantity) > 0) {
    throw new DomainError(
      'invalid',
      'execution.report-quantity',
      `${quantity} of ${piece.code} cannot be reported: there are ${piece.quantity}`,
      { quantity, there: piece.quantity },
    )
  }
  return piece
}

/** How much more than the run holds was reported; 0 = it fits. */
export function excessOf(run: Pick<OperationRun, 'quantity' | 'good' | 'scrap' | 'rework'>, good: Decimal): Decimal {
  const told = [run.scrap, run.rework, good].reduce(add, run.good)
  const excess = subtract(told, run.quantity)
  return compare(excess, zero) > 0 ? excess : zero
}

/** What counts as good when a run is completed: everything that was not reported otherwise. */
export const goodOf = ({ quantity, scrap, rework }: Pick<OperationRun, 'quantity' | 'scrap' | 'rework'>): Decimal =>
  subtract(subtract(quantity, scrap), rework)

/** @throws DomainError `conflict` naming every step that must be done and is not */
export function assertNothingOutstanding(run: Named, steps: readonly string[]): void {
  if (steps.length === 0) return
  const named = steps.length <= 5 ? steps.join(', ') : `${steps.slice(0, 5).join(', ')} and ${steps.length - 5} more`
  throw new DomainError(
    'conflict',
    'execution.steps-outstanding',
    `${nameOf(run)} cannot be completed: still to be done: ${named}`,
    { steps },
  )
}

/** Somebody who leaves what nobody else is on pauses it instead. @throws DomainError `conflict` */
export function assertSomebodyStays(run: Named, isSomebodyThere: boolean): void {
  if (isSomebodyThere) return
  throw new DomainError(
    'conflict',
    'execution.run-left-alone',
    `Nobody else is on ${nameOf(run)}: pause it with the reason instead of leaving it`,
  )
}
