import type { Id, Instant } from '@throughline/kernel'
import { DomainError, toIso } from '@throughline/kernel'
import type { CountEntry } from '@throughline/model'
import type { Counts } from '../counter/rules.ts'

type Kind = CountEntry['kind']

/** @throws DomainError `invalid` when the parts are still to be made, or were made before anything is known of the machine */
export function assertMadeWhenKnown(machine: string, madeAt: Instant, first: Instant | null, now: Instant): void {
  if (madeAt > now) {
    throw wrong(
      'performance.count-in-future',
      'madeAt',
      `${toIso(madeAt)} is still to come: say when the parts were made`,
    )
  }
  if (first === null) {
    throw wrong(
      'performance.count-before-states',
      'madeAt',
      `Nothing is known yet of what ${machine} did: record its state first`,
    )
  }
  if (madeAt < first) {
    throw wrong(
      'performance.count-before-states',
      'madeAt',
      `${machine} is known from ${toIso(first)} on: at ${toIso(madeAt)} it cannot have made parts`,
    )
  }
}

/** @throws DomainError `invalid` when scrap has no reason, or parts that were only produced have one */
export function assertReasonFits(kind: Kind, reasonId: Id<'Reason'> | null): void {
  if (kind === 'scrap' && reasonId === null) {
    throw wrong('performance.scrap-unexplained', 'reasonId', 'Scrap needs a reason: choose why the parts are scrap')
  }
  if (kind === 'produced' && reasonId !== null) {
    throw wrong('performance.count-reason-unfit', 'reasonId', 'Parts that were produced need no reason: leave it out')
  }
}

/**
 * The order of the parts: what the machine was busy with, if that is known; else what the person says.
 * @throws DomainError `invalid` when the person names another order
 */
export function orderOf(
  machine: string,
  madeAt: Instant,
  run: { readonly order: string | null } | undefined,
  said: string | null,
): string | null {
  const known = run?.order ?? null
  if (said === null || known === null || said === known) return known ?? said
  throw wrong(
    'performance.count-order-unfit',
    'order',
    `At ${toIso(madeAt)} ${machine} was busy with ${known}, not with ${said}: say when parts of ${said} were made`,
  )
}

/** What of a run can still turn out as scrap or rework. */
interface Remaining {
  readonly produced: number
  /** Of them, not yet scrap or rework. */
  readonly good: number
}

/** From the counters of a run and what people entered for it; undefined where nobody counts what is produced. */
export function remainingOf(steps: readonly Counts[], entries: readonly CountEntry[]): Remaining | undefined {
  const counted = steps.filter((step) => step.total !== null || step.good !== null)
  const sumOf = (...kinds: Kind[]): number =>
    sum(entries.filter((entry) => kinds.includes(entry.kind)).map((entry) => entry.quantity))
  if (counted.length === 0 && !entries.some((entry) => entry.kind === 'produced')) return undefined
  const added = sumOf('produced')
  return {
    produced: sum(counted.map((step) => step.total ?? step.good ?? 0)) + added,
    good: sum(counted.map((step) => step.good ?? step.total ?? 0)) + added - sumOf('scrap', 'rework'),
  }
}

/** @throws DomainError `invalid` (`performance.count-beyond-produced`) naming both numbers */
export function assertProduced(machine: string, kind: Kind, quantity: number, left: Remaining | undefined): void {
  if (kind === 'produced' || left === undefined || quantity <= left.good) return
  const of = left.good === left.produced ? '' : `, of which ${left.good} are still good`
  throw new DomainError(
    'invalid',
    'performance.count-beyond-produced',
    `${quantity} ${kind} is more than ${machine} made in this run: it produced ${left.produced}${of}`,
    { quantity, ...left, fields: [{ path: 'quantity', message: `at most ${left.good}` }] },
  )
}

/**
 * What is produced cannot fall below what was found to be scrap or rework of it.
 * @throws DomainError `invalid` (`performance.count-below-scrap`) naming both numbers
 */
export function assertCovers(machine: string, kind: Kind, left: Remaining | undefined, turned: number): void {
  if (kind !== 'produced' || turned === 0 || (left !== undefined && left.good >= 0)) return
  throw new DomainError(
    'invalid',
    'performance.count-below-scrap',
    `${turned} scrap and rework of this run of ${machine} would be more than the ${left?.produced ?? 0} produced: correct those first`,
    {
      turned,
      produced: left?.produced ?? 0,
      fields: [{ path: 'quantity', message: 'is below what is scrap and rework' }],
    },
  )
}

/** @throws DomainError `conflict` (`performance.count-replaced`) naming who replaced it and when */
export function assertCounts(entry: Pick<CountEntry, 'id' | 'replacedAt'>, by: string | null): void {
  if (entry.replacedAt === null) return
  throw new DomainError(
    'conflict',
    'performance.count-replaced',
    `This count was already corrected or taken back by ${by ?? 'somebody'} at ${toIso(entry.replacedAt)}: look at the list again`,
    { entryId: entry.id, replacedAt: entry.replacedAt, replacedBy: by },
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

const wrong = (code: string, path: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ path, message }] })
