import { DomainError, toIso } from '@throughline/kernel'
import type { ContextInterval } from '@throughline/model'

type Bounds = Pick<ContextInterval, 'from' | 'to'>

/** @throws DomainError `invalid` unless the interval lasts */
export function assertBounds({ from, to }: Bounds): void {
  if (to === null || from < to) return
  throw new DomainError(
    'invalid',
    'historian.context-bounds-invalid',
    `A context interval must end after it begins: ${toIso(from)} to ${toIso(to)}`,
    { from, to },
  )
}

/**
 * What is open must have begun before the next begins, or it would end before its beginning.
 * @throws DomainError `conflict`
 */
export function assertFollows(open: Pick<ContextInterval, 'id' | 'kind' | 'label' | 'from'>, from: number): void {
  if (open.from < from) return
  throw new DomainError(
    'conflict',
    'historian.context-out-of-order',
    `${open.kind} ${open.label} began at ${toIso(open.from)} and is still open: begin later, or correct that interval`,
    { intervalId: open.id },
  )
}

/**
 * Only what holds now is corrected: correcting an older version would make two of one.
 * @throws DomainError `conflict`
 */
export function assertCurrent(interval: { readonly id: string; readonly isCurrent: boolean }): void {
  if (interval.isCurrent) return
  throw new DomainError(
    'conflict',
    'historian.context-superseded',
    `Context interval ${interval.id} was corrected before: correct the interval that replaced it`,
    { intervalId: interval.id },
  )
}

/**
 * One node has one open interval of a kind.
 * @throws DomainError `conflict`
 */
export function assertNoneOpen(open: Pick<ContextInterval, 'id' | 'kind' | 'label'> | undefined): void {
  if (open === undefined) return
  throw new DomainError(
    'conflict',
    'historian.context-open-already',
    `${open.kind} ${open.label} is open on this node: give the corrected interval an end, or end that one first`,
    { intervalId: open.id },
  )
}
