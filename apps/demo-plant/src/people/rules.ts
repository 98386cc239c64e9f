import type { DomainError } from '@throughline/kernel'
import { Gate } from '@throughline/model'
import type { Deed } from './deed.ts'

/** What people make of an answer of the product. */
export type Outcome =
  /** As it was to be. */
  | 'done'
  /** The machine stands: they come again later. */
  | 'later'
  /** The order is held by a deviation: quality looks at it first. */
  | 'held'
  /** The server does not answer: the same request again, soon. */
  | 'again'
  /** It should have been otherwise: this work is left as it is. */
  | 'unexpected'

const done = new Set([
  ...['execution.order-code-taken', 'execution.order-state', 'execution.run-state', 'execution.step-recorded'],
  ...['execution.entry-verified', 'material.lot-code-taken', 'execution.gate-open'],
])

/**
 * @param error undefined = it was done
 * @param isFirst nothing was done since this program began: it may have been done before, and its answer be forgotten
 */
export function outcomeOf(deed: Pick<Deed, 'refused'>, error: DomainError | undefined, isFirst: boolean): Outcome {
  if (error === undefined) return deed.refused === undefined ? 'done' : 'unexpected'
  if (error.kind === 'unavailable' || error.kind === 'too-many') return 'again'
  // Each deed has a key of its own, kept with what was done: it was done before a crash, as another version was seen then.
  if (error.code === 'platform.idempotency-key-reused') return 'done'
  const closed = closedGatesOf(error)
  if (deed.refused !== undefined && isAsExpected(deed.refused, error, closed)) return 'done'
  if (error.code === 'execution.order-held' || error.code === 'execution.order-not-closable') return 'held'
  if (closed.length > 0) {
    if (closed.every(({ kind }) => kind === 'equipment-state')) return 'later'
    if (closed.every(({ kind }) => kind === 'order-held' || kind === 'equipment-state')) return 'held'
  }
  return isFirst && done.has(error.code) ? 'done' : 'unexpected'
}

function isAsExpected(
  { code, gate, subject }: NonNullable<Deed['refused']>,
  error: DomainError,
  closed: readonly Gate[],
): boolean {
  return (
    error.code === code &&
    closed.length === 1 &&
    closed[0]?.kind === gate &&
    closed[0].subject?.toLowerCase() === subject.toLowerCase()
  )
}

function closedGatesOf(error: DomainError): Gate[] {
  const gates = Gate.array().safeParse(error.details['gates'])
  return gates.success ? gates.data.filter(({ open }) => !open) : []
}
